"""The simplest strategy there can be: the same weights every day, e.g. 60 % stocks, 40 % bonds.

It brings `decide` alone; what back-tests need beyond that, the core derives from it.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.decision import Decision, Requirements
from alchemiser_core.domain.reasons import HoldReason, ShareReason
from alchemiser_core.domain.rebalance_policy import Frequency, RebalancePolicy
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.domain.undecidable import NoPrice, NoSession, StrategyError, Undecidable


@frozen
class FixedWeights:
    """Holds given weights and trades back to them at a given frequency."""

    name: str
    weights: Mapping[Symbol, float]
    """Fractions of equity, each above 0, together at most 1."""
    frequency: Frequency

    @property
    def requirements(self) -> Requirements:
        """Nothing is watched, and today's price is enough."""
        return Requirements(traded=tuple(sorted(self.weights)), watched=(), warm_up=1)

    @property
    def policy(self) -> RebalancePolicy:
        """The frequency, without a threshold."""
        return RebalancePolicy(self.frequency)

    def decide(self, history: BarHistory, as_of: date) -> Result[Decision, StrategyError]:
        """The weights, on every session on which each symbol has a price.

        Failures: `NoSession`; `Undecidable` that names every symbol without a price.
        """
        row = history.row_at(as_of)
        if row < 0:
            return Failure(NoSession(as_of))
        session = history.session(row)
        unpriced = [symbol for symbol in self.weights if not _has_price(history, symbol, row)]
        if unpriced:
            causes = tuple(NoPrice(symbol, session) for symbol in unpriced)
            return Failure(Undecidable(session, causes))
        reasons = tuple(
            ShareReason(share, (HoldReason(symbol),)) for symbol, share in self.weights.items()
        )
        return Success(Decision(session, self.weights, reasons))


def _has_price(history: BarHistory, symbol: Symbol, row: int) -> bool:
    column = history.columns.get(symbol)
    if column is None:
        return False
    price = history.close[row, column]
    return bool(np.isfinite(price) and price > 0)
