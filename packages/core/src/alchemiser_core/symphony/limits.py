"""How large a symphony may be: bounds on text, depth, blocks and windows."""

from attrs import frozen


@frozen
class Limits:
    """Bounds that keep untrusted input from using up memory or time; all are inclusive."""

    text_bytes: int = 16 * 1024 * 1024
    """UTF-8 bytes of text."""
    depth: int = 2_000
    """Blocks inside blocks."""
    nodes: int = 500_000
    """Blocks of the tree, after expansion too."""
    window: int = 5_000
    """Largest window of an indicator, in sessions."""

    @property
    def brackets(self) -> int:
        """Brackets inside brackets that the readers follow: a block takes up to four in JSON."""
        return 4 * self.depth + 64


DEFAULT_LIMITS = Limits()
