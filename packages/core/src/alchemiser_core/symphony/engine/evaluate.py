"""The engine: a compiled symphony decided for every session of a history at once.

One pass up the graph finds out, for each node, on which sessions it is decidable, which branch or
candidates it chooses, and, below a block that is measured by its own series, what it would have
earned. `flow` then lets the weight run down. Every number of a session comes from operations on
that session's own elements, in an order that does not depend on the length of the arrays, so that
a decision from a truncated history is the same bit for bit.
"""

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from alchemiser_core.domain.bars import BarHistory, Prices
from alchemiser_core.domain.continuity import PriceRuns, price_runs
from alchemiser_core.indicators import compute
from alchemiser_core.symphony.ast import Select
from alchemiser_core.symphony.engine.block_series import block_series
from alchemiser_core.symphony.engine.comparison import choose_highest, compare, number_chosen
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
    children,
)
from alchemiser_core.symphony.engine.signals import Signals
from alchemiser_core.symphony.engine.trace import Trace

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@frozen(eq=False)
class Choice:
    """What a filter chose: `chosen` has shape (candidates, sessions), `portion` (sessions,)."""

    chosen: Flags
    portion: Floats
    """1 / number chosen; 0 where none."""


@frozen(eq=False)
class Evaluation:
    """All that is needed to let the weight flow."""

    program: Program
    decidable: Flags
    """Of the root, shape (sessions,)."""
    outcomes: tuple[Flags, ...]
    """Of each test, shape (sessions,); False where undefined."""
    choices: dict[int, Choice]
    """By node, for filters."""
    portions: dict[int, Floats]
    """By node, for inverse-volatility weights: shape (candidates, sessions)."""


def evaluate(program: Program, history: BarHistory, trace: Trace | None = None) -> Evaluation:
    """Evaluate every node on every session; `trace` keeps what explains the last of them."""
    runs = price_runs(_closes(program, history), history.carry)
    if trace is not None:
        trace.runs = runs
    signals = Signals(program, runs)
    with np.errstate(invalid="ignore"):  # what is not there is NaN, and NaN is no error
        outcomes, defined = _Tests(program, signals, trace).evaluate()
        return _Upward(program, signals, outcomes, defined, trace).evaluate()


def _closes(program: Program, history: BarHistory) -> Prices:
    columns = [history.columns.get(symbol, -1) for symbol in program.symbols]
    by_column = history.close.T[columns]  # the order in which runs are kept: they are not copied
    absent = [i for i, column in enumerate(columns) if column < 0]
    if absent:
        by_column[absent] = np.nan
    return by_column.T


@define
class _Tests:
    """The conditions, all of them, before the tree is looked at."""

    program: Program
    signals: Signals
    trace: Trace | None

    def evaluate(self) -> tuple[tuple[Flags, ...], tuple[Flags, ...]]:
        """Outcome of each test, and where it is defined."""
        outcomes, defined = [], []
        for index, test in enumerate(self.program.tests):
            left, right = self._side(test.left), self._side(test.right)
            outcomes.append(compare(test.comparator, left, right))
            known = ~np.isnan(left)
            if isinstance(test.right, Signal):
                known &= ~np.isnan(right)
            defined.append(known)
            if self.trace is not None:
                self.trace.record_test(index, left, right, outcomes[-1])
        return tuple(outcomes), tuple(defined)

    def _side(self, side: Signal | float) -> Floats:
        if isinstance(side, Signal):
            signal: Floats = self.signals.of(side.measure, (side.column,))[0]
            return signal
        return np.full(len(self.signals.runs.values), side)


@define
class _Upward:
    """The pass from the leaves to the root; a node's arrays go when its last parent has them."""

    program: Program
    signals: Signals
    outcomes: tuple[Flags, ...]
    defined: tuple[Flags, ...]
    trace: Trace | None
    _decidable: dict[int, Flags] = field(factory=dict)
    _returns: dict[int, Floats] = field(factory=dict)
    _choices: dict[int, Choice] = field(factory=dict)
    _portions: dict[int, Floats] = field(factory=dict)
    _runs: PriceRuns = field(init=False)
    _next_returns: Floats | None = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._runs = self.signals.runs
        measured = any(self.program.measured)
        self._next_returns = _next_returns(self._runs.by_column) if measured else None

    def evaluate(self) -> Evaluation:
        """Every node, children first."""
        uses = _uses(self.program)
        for index, node in enumerate(self.program.nodes):
            self._visit(index, node)
            if self.trace is not None:
                self.trace.record_node(index, self._decidable[index])
            for child in children(node):
                uses[child] -= 1
                if not uses[child]:
                    del self._decidable[child]
                    self._returns.pop(child, None)
        return Evaluation(
            program=self.program,
            decidable=self._decidable[self.program.root],
            outcomes=self.outcomes,
            choices=self._choices,
            portions=self._portions,
        )

    def _visit(self, index: int, node: Node) -> None:
        match node:
            case Hold():
                self._hold(index, node)
            case Cash():
                self._cash(index)
            case Split():
                self._split(index, node)
            case Branch():
                self._branch(index, node)
            case Rank():
                self._rank(index, node)
            case InverseVolatility():
                self._inverse_volatility(index, node)

    def _hold(self, index: int, node: Hold) -> None:
        self._decidable[index] = self._runs.present[:, node.column]
        if self._next_returns is not None and self.program.measured[index]:
            self._returns[index] = self._next_returns[node.column]

    def _cash(self, index: int) -> None:
        sessions = self._runs.values.shape[0]
        self._decidable[index] = np.ones(sessions, dtype=bool)
        if self.program.measured[index]:
            self._returns[index] = np.zeros(sessions)

    def _split(self, index: int, node: Split) -> None:
        decidable = self._decidable[node.children[0]].copy()
        for child in node.children[1:]:
            decidable &= self._decidable[child]
        self._decidable[index] = decidable
        if self.program.measured[index]:
            total = np.zeros(len(decidable))
            for share, child in zip(node.shares, node.children, strict=True):
                total += share * self._returns[child]
            self._returns[index] = total

    def _branch(self, index: int, node: Branch) -> None:
        outcome = self.outcomes[node.condition]
        decidable = np.where(outcome, self._decidable[node.then], self._decidable[node.otherwise])
        self._decidable[index] = decidable & self.defined[node.condition]
        if self.program.measured[index]:
            then, otherwise = self._returns[node.then], self._returns[node.otherwise]
            self._returns[index] = np.where(outcome, then, otherwise)

    def _rank(self, index: int, node: Rank) -> None:
        scores = self._scores(node.candidates)
        eligible = ~np.isnan(scores)  # a score exists only where its block is decidable
        ranked = scores if node.select is Select.TOP else -scores
        chosen = choose_highest(ranked, eligible, node.count)
        number = number_chosen(chosen)
        self._decidable[index] = number > 0
        portion = 1.0 / np.maximum(number, 1)
        self._choices[index] = Choice(chosen, portion)
        if self.trace is not None:
            self.trace.record_choice(index, ranked, scores, chosen)
        if self.program.measured[index]:
            total = np.zeros(len(portion))
            for row, child in enumerate(node.children):
                np.add(total, self._returns[child], out=total, where=chosen[row])
            self._returns[index] = total * portion

    def _inverse_volatility(self, index: int, node: InverseVolatility) -> None:
        volatility = self._scores(node.candidates)
        usable = volatility > 0
        decidable: Flags = np.logical_and.reduce(usable, axis=0)
        inverse = 1.0 / np.where(usable, volatility, 1.0)
        total = np.zeros(len(decidable))
        for row in range(len(inverse)):
            total += inverse[row]
        portions = inverse / total
        self._decidable[index], self._portions[index] = decidable, portions
        if self.trace is not None:
            self.trace.record_portions(index, volatility, portions)
        if self.program.measured[index]:
            earned = np.zeros(len(decidable))
            for row, child in enumerate(node.children):
                earned += portions[row] * self._returns[child]
            self._returns[index] = earned

    def _scores(self, candidates: Candidates) -> Floats:
        """Shape (candidates, sessions): bare assets by price, blocks by their own series."""
        measure, blocks, assets = candidates.measure, candidates.blocks, candidates.assets
        if not blocks:
            return self.signals.of(measure, assets)
        series = block_series(
            [self._decidable[node] for node in blocks], [self._returns[node] for node in blocks]
        )
        if self.trace is not None:
            self.trace.record_series(candidates, series)
        own = compute({measure: range(len(blocks))}, series)[measure]
        if not assets:
            return own
        bare = self.signals.of(measure, assets)
        rows = {True: iter(bare), False: iter(own)}
        return np.stack([next(rows[column >= 0]) for column in candidates.columns])


def _next_returns(prices: Floats) -> Floats:
    """Return from each session to the next, columns x sessions; NaN at the end of a run."""
    following = np.full(prices.shape, np.nan)
    np.divide(prices[:, 1:], prices[:, :-1], out=following[:, :-1])
    following -= 1.0
    return following


def _uses(program: Program) -> list[int]:
    uses = [0] * len(program.nodes)
    uses[program.root] = 1
    for node in program.nodes:
        for child in children(node):
            uses[child] += 1
    return uses
