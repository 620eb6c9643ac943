"""How many blocks a tree has and how deep it is, known for every block without walking twice."""

from collections.abc import Iterable

from alchemiser_core.symphony.ast import Block, Symphony, Use
from alchemiser_core.symphony.check import blocks_under
from alchemiser_core.symphony.parameters.listing import everything_in, references


class Sizes:
    """Blocks and depth of trees, counted from the leaves up.

    Shared parts count as often as they stand in the tree, so a small definition that doubles
    itself sixty times is seen to be too large before anything of that size is made.
    """

    def __init__(self, symphony: Symphony) -> None:
        self._known: dict[int, tuple[int, int]] = {}
        self._plain: set[int] = set()
        for block in reversed(tuple(everything_in(symphony))):
            self._learn(block)

    def is_plain(self, block: Block) -> bool:
        """Whether nothing in a block of the symphony has a name to be put in."""
        return id(block) in self._plain

    def of(self, block: Block) -> tuple[int, int]:
        """Number of blocks and depth of a block that has been noted."""
        return self._known[id(block)]

    def note(self, block: Block, children: Iterable[Block]) -> int:
        """Count a block whose children have been counted; the number of blocks in it."""
        size, depth = 1, 0
        for child in children:
            blocks, levels = self._known[id(child)]
            size += blocks
            depth = max(depth, levels)
        self._known[id(block)] = (size, depth + 1)
        return size

    def _learn(self, block: Block) -> None:
        children = blocks_under(block)
        named = isinstance(block, Use) or next(references(block), None) is not None
        if not named and all(id(child) in self._plain for child in children):
            self._plain.add(id(block))
            self.note(block, children)
