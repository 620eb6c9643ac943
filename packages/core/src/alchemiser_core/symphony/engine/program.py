"""A plain symphony compiled to a graph in which identical subtrees are one node.

Nodes refer to each other by index and children come before parents, so that evaluating the whole
tree for all dates is one pass up and one pass down, without recursion. Names of groups are not
part of a node: two groups of one name never share a result, two equal rules always do.
"""

from attrs import frozen

from alchemiser_core.domain.measure import Measure
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.symphony.ast import (
    Comparator,
    Select,
    Symphony,
)


@frozen
class Hold:
    """All of the weight to the symbol of a column."""

    column: int


@frozen
class Cash:
    """An empty branch."""


@frozen
class Split:
    """Fixed shares, normalised to sum 1; children whose share is 0 are not in it."""

    shares: tuple[float, ...]
    children: tuple[int, ...]


@frozen
class Branch:
    """One of two children, by a condition."""

    condition: int
    then: int
    otherwise: int


@frozen
class Candidates:
    """Blocks measured against each other: bare assets by price, all others by their own series."""

    measure: Measure
    nodes: tuple[int, ...]
    columns: tuple[int, ...]
    """Column of a bare asset; -1 for a block with a series of its own."""

    @property
    def assets(self) -> tuple[int, ...]:
        """Columns of the bare assets."""
        return tuple(column for column in self.columns if column >= 0)

    @property
    def blocks(self) -> tuple[int, ...]:
        """Nodes of the blocks with a series of their own."""
        pairs = zip(self.nodes, self.columns, strict=True)
        return tuple(node for node, column in pairs if column < 0)


@frozen
class Rank:
    """The `count` best of the candidates, equally weighted."""

    candidates: Candidates
    select: Select
    count: int

    @property
    def children(self) -> tuple[int, ...]:
        """Nodes of the candidates."""
        return self.candidates.nodes


@frozen
class InverseVolatility:
    """All candidates, weighted by 1/volatility."""

    candidates: Candidates

    @property
    def children(self) -> tuple[int, ...]:
        """Nodes of the candidates."""
        return self.candidates.nodes


Node = Hold | Cash | Split | Branch | Rank | InverseVolatility


@frozen
class Signal:
    """An indicator of one column."""

    measure: Measure
    column: int


@frozen
class Test:
    """A condition whose sides are signals or numbers."""

    comparator: Comparator
    left: Signal | float
    right: Signal | float


@frozen(eq=False)
class Program:
    """What the engine evaluates."""

    symphony: Symphony
    symbols: tuple[Symbol, ...]
    """Sorted; the columns."""
    nodes: tuple[Node, ...]
    """Children before parents."""
    tests: tuple[Test, ...]
    root: int
    node_of: dict[int, int]
    """Node of each block of the tree, by `id`."""
    test_of: dict[int, int]
    """Test of each `If` of the tree, by `id`."""
    measured: tuple[bool, ...]
    """Nodes whose return is needed because something above them is measured by its own series."""

    @property
    def traded(self) -> tuple[int, ...]:
        """Columns that may get weight."""
        return tuple(sorted({node.column for node in self.nodes if isinstance(node, Hold)}))


def children(node: Node) -> tuple[int, ...]:
    """Indices of the nodes below a node."""
    match node:
        case Hold() | Cash():
            return ()
        case Branch():
            return (node.then, node.otherwise)
        case _:
            return node.children
