"""A plain symphony compiled to a graph in which identical subtrees are one node.

Nodes refer to each other by index and children come before parents, so that evaluating the whole
tree for all dates is one pass up and one pass down, without recursion. Names of groups are not
part of a node: two groups of one name never share a result, two equal rules always do.
"""

from collections.abc import Callable
from typing import TypeVar, cast

from attrs import define, field, frozen

from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.indicators import bars_needed
from alchemiser_core.symphony.ast import (
    Asset,
    Block,
    Comparator,
    Condition,
    Constant,
    Filter,
    Group,
    If,
    Indicator,
    IndicatorKind,
    Measure,
    Select,
    Symphony,
    WeightEqual,
    WeightInverseVolatility,
    WeightSpecified,
    children_of,
    walk,
)

T = TypeVar("T")


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


def compile_symphony(symphony: Symphony) -> Program:
    """The graph of a plain symphony; a tree with parameters in it is a programming error."""
    compiler = _Compiler(_columns(symphony))
    root = compiler.compile(symphony)
    nodes = tuple(compiler.nodes)
    return Program(
        symphony=symphony,
        symbols=tuple(compiler.columns),
        nodes=nodes,
        tests=tuple(compiler.tests),
        root=root,
        node_of=compiler.node_of,
        test_of=compiler.test_of,
        measured=_measured(nodes),
    )


def warm_up(program: Program) -> int:
    """Bars, the decision's own included, that every rule of the program needs at most.

    A block measured by its own series needs its own warm-up before that series begins.
    """
    needs: list[int] = []
    tests = [_test_needs(test) for test in program.tests]
    for node in program.nodes:
        need = max((needs[child] for child in children(node)), default=1)
        if isinstance(node, Branch):
            need = max(need, tests[node.condition])
        elif isinstance(node, Rank | InverseVolatility):
            own = bars_needed(node.candidates.measure)
            pairs = zip(node.candidates.nodes, node.candidates.columns, strict=True)
            need = max(own if column >= 0 else needs[child] + own - 1 for child, column in pairs)
        needs.append(need)
    return needs[program.root]


def _test_needs(test: Test) -> int:
    sides = (test.left, test.right)
    return max((bars_needed(s.measure) for s in sides if isinstance(s, Signal)), default=1)


def _columns(symphony: Symphony) -> dict[Symbol, int]:
    found: set[Symbol] = set()
    for block in walk(symphony):
        if isinstance(block, Asset):
            found.add(cast(Symbol, block.symbol))
        elif isinstance(block, If):
            sides = (block.condition.left, block.condition.right)
            found.update(cast(Symbol, s.symbol) for s in sides if isinstance(s, Indicator))
    return {symbol: column for column, symbol in enumerate(sorted(found))}


def _measured(nodes: tuple[Node, ...]) -> tuple[bool, ...]:
    needed = [False] * len(nodes)
    for index in range(len(nodes) - 1, -1, -1):
        node = nodes[index]
        if needed[index]:
            for child in children(node):
                needed[child] = True
        if isinstance(node, Rank | InverseVolatility):
            for child, column in zip(node.children, node.candidates.columns, strict=True):
                needed[child] = needed[child] or column < 0
    return tuple(needed)


@define
class _Compiler:
    columns: dict[Symbol, int]
    nodes: list[Node] = field(factory=list)
    tests: list[Test] = field(factory=list)
    node_of: dict[int, int] = field(factory=dict)
    test_of: dict[int, int] = field(factory=dict)
    _index: dict[Node, int] = field(factory=dict)
    _test_index: dict[Test, int] = field(factory=dict)

    def compile(self, root: Block) -> int:
        """Compile everything below `root`, children first."""
        stack: list[tuple[Block, bool]] = [(root, False)]
        while stack:
            block, ready = stack.pop()
            if id(block) in self.node_of:
                continue
            if ready:
                self.node_of[id(block)] = self._node(block)
            else:
                stack.append((block, True))
                stack.extend((child, False) for child in reversed(children_of(block)))
        return self.node_of[id(root)]

    def _node(self, block: Block) -> int:
        match block:
            case Asset():
                return self._add(Hold(self.columns[cast(Symbol, block.symbol)]))
            case WeightEqual():
                return self._bundle(block.children)
            case Group():
                return self._bundle(block.children)
            case Symphony():
                return self._bundle(block.body)
            case WeightSpecified():
                return self._shares(block)
            case If():
                test = self._test(block.condition)
                self.test_of[id(block)] = test
                then, otherwise = self._bundle(block.then), self._bundle(block.otherwise)
                return self._add(Branch(test, then, otherwise))
            case Filter():
                candidates = self._candidates(block.measure, distinct_assets(block.children))
                return self._add(Rank(candidates, block.select, cast(int, block.count)))
            case WeightInverseVolatility():
                measure = Measure(IndicatorKind.STDEV_RETURN, (block.window,))
                return self._add(InverseVolatility(self._candidates(measure, block.children)))
            case _:
                raise TypeError(f"{type(block).__name__} in a symphony that is not plain")

    def _bundle(self, blocks: tuple[Block, ...]) -> int:
        nodes = tuple(self.node_of[id(block)] for block in blocks)
        if not nodes:
            return self._add(Cash())
        if len(nodes) == 1:
            return nodes[0]
        return self._add(Split((1.0 / len(nodes),) * len(nodes), nodes))

    def _shares(self, block: WeightSpecified) -> int:
        given = [cast(float, share) for share in block.shares]
        total = sum(given)
        kept = [
            (share / total, self._bundle(bundle))
            for share, bundle in zip(given, block.bundles, strict=True)
            if share > 0
        ]
        if len(kept) == 1:
            return kept[0][1]
        return self._add(Split(tuple(s for s, _ in kept), tuple(n for _, n in kept)))

    def _candidates(self, measure: Measure, blocks: tuple[Block, ...]) -> Candidates:
        return Candidates(
            measure,
            tuple(self.node_of[id(block)] for block in blocks),
            tuple(
                self.columns[cast(Symbol, block.symbol)] if isinstance(block, Asset) else -1
                for block in blocks
            ),
        )

    def _test(self, condition: Condition) -> int:
        test = Test(condition.comparator, self._side(condition.left), self._side(condition.right))
        return _intern(test, self._test_index, self.tests.append)

    def _side(self, operand: Indicator | Constant) -> Signal | float:
        if isinstance(operand, Constant):
            return float(cast(float, operand.value))
        return Signal(operand.measure, self.columns[cast(Symbol, operand.symbol)])

    def _add(self, node: Node) -> int:
        return _intern(node, self._index, self.nodes.append)


def _intern(value: T, index: dict[T, int], append: Callable[[T], None]) -> int:
    known = index.get(value)
    if known is None:
        known = index[value] = len(index)
        append(value)
    return known


def distinct_assets(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Candidates of a filter: a bare asset listed twice is one, everything else counts as often."""
    seen: set[object] = set()
    kept: list[Block] = []
    for block in blocks:
        if isinstance(block, Asset):
            if block.symbol in seen:
                continue
            seen.add(block.symbol)
        kept.append(block)
    return tuple(kept)
