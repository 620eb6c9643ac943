"""Compiling: a plain tree becomes a graph in which identical subtrees are one node."""

from collections.abc import Callable
from typing import TypeVar, cast

from attrs import define, field

from alchemiser_core.domain.measure import IndicatorKind, Measure
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.indicators import bars_needed
from alchemiser_core.symphony.ast import (
    Asset,
    Block,
    Condition,
    Constant,
    Filter,
    Group,
    If,
    Indicator,
    Symphony,
    WeightEqual,
    WeightInverseVolatility,
    WeightSpecified,
    children_of,
    walk,
)
from alchemiser_core.symphony.engine.program import (
    Branch,
    Candidates,
    Cash,
    Hold,
    InverseVolatility,
    Node,
    Program,
    Rank,
    Signal,
    Split,
    Test,
    children,
)

T = TypeVar("T")


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
