"""Dual momentum: stocks while they beat T-bills, at home or abroad, whichever is stronger.

The rule is Gary Antonacci's "Global Equities Momentum" (Dual Momentum Investing, 2014): where the
twelve-month return of domestic stocks is above that of T-bills, hold the stronger of domestic and
foreign stocks, otherwise bonds.

It shows how a strategy written by hand decides all sessions at once: `_Evaluation` looks at whole
arrays, `decide_all` takes all of it and `decide` its last session, so the two cannot differ.
"""

from datetime import date
from functools import cached_property

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from returns.result import Failure, Result, Success

from alchemiser_core.domain.bars import BarHistory, Prices
from alchemiser_core.domain.continuity import PriceRuns, price_runs
from alchemiser_core.domain.decision import Carried, Decision, Decisions, Requirements
from alchemiser_core.domain.measure import IndicatorKind, Measure
from alchemiser_core.domain.reasons import ConditionReason, HoldReason, Measured, Reason
from alchemiser_core.domain.rebalance_policy import Frequency, RebalancePolicy
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.domain.undecidable import (
    Cause,
    InsufficientHistory,
    NoPrice,
    NoSession,
    StrategyError,
    Undecidable,
)
from alchemiser_core.indicators import bars_needed, compute

STOCKS, FOREIGN, BILLS, BONDS = range(4)
"""Rows of the arrays below."""

FRAGILE_SESSIONS = 60
FRAGILE_PART = 0.05
"""A margin under this part of its usual size could have fallen either way."""

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@frozen
class DualMomentum:
    """Holds one of domestic stocks, foreign stocks and bonds."""

    name: str
    stocks: Symbol
    foreign: Symbol
    bills: Symbol
    bonds: Symbol
    window: int
    """Sessions over which returns are compared."""
    frequency: Frequency

    @property
    def symbols(self) -> tuple[Symbol, Symbol, Symbol, Symbol]:
        """In the order of `STOCKS, FOREIGN, BILLS, BONDS`."""
        return (self.stocks, self.foreign, self.bills, self.bonds)

    @property
    def measure(self) -> Measure:
        """What is compared, in percent."""
        return Measure(IndicatorKind.CUMULATIVE_RETURN, (self.window,))

    @property
    def requirements(self) -> Requirements:
        """T-bills are only looked at."""
        traded = {self.stocks, self.foreign, self.bonds}
        watched = {self.bills} - traded
        return Requirements(tuple(sorted(traded)), tuple(watched), bars_needed(self.measure))

    @property
    def policy(self) -> RebalancePolicy:
        """The frequency, without a threshold."""
        return RebalancePolicy(self.frequency)

    def decide(self, history: BarHistory, as_of: date) -> Result[Decision, StrategyError]:
        """All of the weight to one symbol, with the comparisons that chose it.

        Failures: `NoSession`; `Undecidable` that names what lacks bars or a price.
        """
        known = history.at(as_of)
        if not len(known):
            return Failure(NoSession(as_of))
        evaluation = _Evaluation(self, known)
        session = known.session(len(known) - 1)
        causes = evaluation.causes()
        if causes:
            return Failure(Undecidable(session, causes))
        held = self.symbols[evaluation.held[-1]]
        return Success(
            Decision(session, {held: 1.0}, evaluation.reasons(), carried=evaluation.carried())
        )

    def decide_all(self, history: BarHistory) -> Result[Decisions, StrategyError]:
        """The same for every session on which it can be decided."""
        evaluation = _Evaluation(self, history)
        rows = np.flatnonzero(evaluation.decidable)
        held = evaluation.held[rows]
        symbols = self.requirements.traded
        column = np.array([symbols.index(s) if s in symbols else -1 for s in self.symbols])
        weights = np.zeros((len(rows), len(symbols)))
        weights[np.arange(len(rows)), column[held]] = 1.0
        changed = np.zeros(len(rows), dtype=bool)
        changed[1:] = held[1:] != held[:-1]
        return Success(Decisions(history.sessions[rows], rows, symbols, weights, changed))


@frozen(eq=False, slots=False)
class _Evaluation:
    """The rule over every session of a history; reasons and causes are those of its last."""

    strategy: DualMomentum
    history: BarHistory

    @cached_property
    def runs(self) -> PriceRuns:
        """Prices without bad ones, short gaps carried; shape (sessions, 4)."""
        return price_runs(_closes(self.history, self.strategy.symbols), self.history.carry)

    @cached_property
    def momentum(self) -> Floats:
        """Percent, shape (4, sessions); NaN where there is too little history."""
        measure = self.strategy.measure
        return compute({measure: range(4)}, self.runs)[measure]

    @cached_property
    def beats_bills(self) -> Flags:
        """Absolute momentum, shape (sessions,)."""
        beats: Flags = self.momentum[STOCKS] > self.momentum[BILLS]
        return beats

    @cached_property
    def stays_home(self) -> Flags:
        """Relative momentum, shape (sessions,)."""
        stays: Flags = self.momentum[STOCKS] >= self.momentum[FOREIGN]
        return stays

    @cached_property
    def held(self) -> NDArray[np.intp]:
        """Which of the four is held, shape (sessions,); meaningless where undecidable."""
        stocks = np.where(self.stays_home, STOCKS, FOREIGN)
        return np.where(self.beats_bills, stocks, BONDS)

    @cached_property
    def decidable(self) -> Flags:
        """Where everything on the path taken has history, and the symbol held a price."""
        stocks, foreign, bills, _ = ~np.isnan(self.momentum)
        priced = self.runs.present[np.arange(len(self.held)), self.held]
        decidable: Flags = stocks & bills & (foreign | ~self.beats_bills) & priced
        return decidable

    def causes(self) -> tuple[Cause, ...]:
        """Why the last session cannot be decided; empty where it can."""
        if self.decidable[-1]:
            return ()
        on_path = [STOCKS, BILLS, *([FOREIGN] if self.beats_bills[-1] else [])]
        lacking = [row for row in on_path if np.isnan(self.momentum[row, -1])]
        if not lacking:
            session = self.history.session(len(self.history) - 1)
            return (NoPrice(self.strategy.symbols[self.held[-1]], session),)
        needed = bars_needed(self.strategy.measure)
        return tuple(
            InsufficientHistory(self.strategy.symbols[row], self._label, needed, self._bars(row))
            for row in lacking
        )

    def _bars(self, row: int) -> int:
        """Bars of the last session's run; 0 where it has no price of its own."""
        return int(self.runs.age[-1, row]) + 1 if self.runs.present[-1, row] else 0

    def reasons(self) -> tuple[Reason, ...]:
        """The comparisons of the last session, from the first to what is held."""
        held: tuple[Reason, ...] = (HoldReason(self.strategy.symbols[self.held[-1]]),)
        if not self.beats_bills[-1]:
            return (self._comparison(">", BILLS, bool(self.beats_bills[-1]), held),)
        inner = self._comparison(">=", FOREIGN, bool(self.stays_home[-1]), held)
        return (self._comparison(">", BILLS, True, (inner,)),)

    def carried(self) -> tuple[Carried, ...]:
        """Symbols whose last price stood in for a missing one inside the window."""
        first = max(0, len(self.history) - bars_needed(self.strategy.measure))
        stood_in = (self.runs.age[first:] >= 0) & ~self.runs.present[first:]
        found = []
        for column, symbol in enumerate(self.strategy.symbols):
            rows = np.flatnonzero(stood_in[:, column]) + first
            if len(rows):
                found.append(Carried(symbol, tuple(self.history.session(int(row)) for row in rows)))
        return tuple(found)

    @property
    def _label(self) -> str:
        return f"{IndicatorKind.CUMULATIVE_RETURN} {self.strategy.window}"

    def _comparison(
        self, comparator: str, other: int, outcome: bool, because: tuple[Reason, ...]
    ) -> ConditionReason:
        margins = self.momentum[STOCKS] - self.momentum[other]
        lately = margins[-FRAGILE_SESSIONS:]
        lately = lately[~np.isnan(lately)]
        usual = np.std(lately, ddof=1) if len(lately) > 1 else 0.0
        return ConditionReason(
            left=f"{self._label} of {self.strategy.stocks}",
            left_value=float(self.momentum[STOCKS, -1]),
            comparator=comparator,
            right=f"{self._label} of {self.strategy.symbols[other]}",
            right_value=float(self.momentum[other, -1]),
            outcome=outcome,
            margin=float(margins[-1]),
            fragile=bool(abs(margins[-1]) < FRAGILE_PART * usual),
            because=because,
            left_of=Measured(self.strategy.measure, self.strategy.stocks),
            right_of=Measured(self.strategy.measure, self.strategy.symbols[other]),
        )


def _closes(history: BarHistory, symbols: tuple[Symbol, ...]) -> Prices:
    """Shape (sessions, symbols); a symbol that the history does not have is a column of NaN."""
    closes = np.full((len(history), len(symbols)), np.nan)
    for place, symbol in enumerate(symbols):
        column = history.columns.get(symbol)
        if column is not None:
            closes[:, place] = history.close[:, column]
    return closes
