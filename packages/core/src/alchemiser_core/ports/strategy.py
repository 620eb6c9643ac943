"""The strategy port: completed daily bars in, target weights out."""

from datetime import date
from typing import Protocol, runtime_checkable

from returns.result import Result

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.decision import Decision, Decisions, Requirements
from alchemiser_core.domain.rebalance_policy import RebalancePolicy
from alchemiser_core.domain.undecidable import StrategyError


class Strategy(Protocol):
    """Decides target weights from the bars up to and including a session.

    A strategy is a value: the same history gives the same decision, bit for bit, and rows after
    `as_of` make no difference.
    """

    @property
    def name(self) -> str:
        """Kebab-case name, unique in a portfolio."""
        ...

    @property
    def requirements(self) -> Requirements:
        """Symbols and bars needed."""
        ...

    @property
    def policy(self) -> RebalancePolicy:
        """When the difference to the decided weights is traded."""
        ...

    def decide(self, history: BarHistory, as_of: date) -> Result[Decision, StrategyError]:
        """Weights of the last session on or before `as_of`, with reasons.

        Failures: `NoSession`, `Undecidable`, `StrategyFailed`.
        """
        ...


@runtime_checkable
class VectorisedStrategy(Strategy, Protocol):
    """A strategy that can decide every session of a history at once."""

    def decide_all(self, history: BarHistory) -> Result[Decisions, StrategyError]:
        """Weights of every decidable session; equal to `decide` row by row, bit for bit."""
        ...
