"""A strategy whose rule is a function that the test gives."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

import numpy as np
from attrs import field, frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.decision import Decision, Requirements
from alchemiser_core.domain.reasons import Note
from alchemiser_core.domain.rebalance_policy import RebalancePolicy
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.domain.undecidable import (
    InsufficientHistory,
    NoSession,
    StrategyError,
    StrategyFailed,
    Undecidable,
)

Rule = Callable[[BarHistory], Mapping[Symbol, float]]
"""From the history up to a session to the weights of that session."""


def _symbols(names: Iterable[str]) -> tuple[Symbol, ...]:
    return tuple(Symbol(name) for name in names)


@frozen
class FakeStrategy:
    """Decides by a rule; undecidable or failing on the dates that a test names."""

    traded: tuple[Symbol, ...] = field(converter=_symbols)
    rule: Rule | None = None
    """`None`: the same weight for every symbol traded that has a price."""
    watched: tuple[Symbol, ...] = field(default=(), converter=_symbols)
    warm_up: int = 1
    name: str = "fake"
    policy: RebalancePolicy = RebalancePolicy()
    undecidable: frozenset[date] = frozenset()
    failing: frozenset[date] = frozenset()

    @property
    def requirements(self) -> Requirements:
        """As the test says."""
        return Requirements(self.traded, self.watched, self.warm_up)

    def decide(self, history: BarHistory, as_of: date) -> Result[Decision, StrategyError]:
        """What the rule says of the history up to `as_of`.

        Failures: `NoSession`; `Undecidable` with less than `warm_up` bars or on a scripted date;
        `StrategyFailed` on a scripted date.
        """
        known = history.at(as_of)
        if not len(known):
            return Failure(NoSession(as_of))
        session = known.session(len(known) - 1)
        if session in self.failing:
            return Failure(StrategyFailed(self.name, f"told to fail on {session}"))
        if len(known) < self.warm_up or session in self.undecidable:
            lacking = InsufficientHistory(self.name, "its rule", self.warm_up, len(known))
            return Failure(Undecidable(session, (lacking,)))
        rule = self.rule or self._equal_weights
        return Success(Decision(session, rule(known), (Note(f"the rule of {self.name}"),)))

    def _equal_weights(self, known: BarHistory) -> Mapping[Symbol, float]:
        close = known.close[-1]
        priced = [s for s in self.traded if np.isfinite(close[known.columns[s]])]
        return {symbol: 1.0 / len(priced) for symbol in priced}
