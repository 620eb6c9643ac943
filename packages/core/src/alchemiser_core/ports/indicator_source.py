"""The indicator-source port: indicators that somebody else computed, to hold our own against."""

from datetime import date
from typing import Protocol, runtime_checkable

from attrs import frozen
from returns.result import Result

from alchemiser_core.domain.measure import IndicatorKind
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.market_data import MarketDataUnavailable


@frozen
class IndicatorQuestion:
    """One value of one indicator."""

    kind: IndicatorKind
    window: int
    """Bars."""
    symbol: Symbol
    as_of: date
    """The session whose close is the last that counts."""


@runtime_checkable
class IndicatorSource(Protocol):
    """A vendor that computes indicators itself."""

    @property
    def name(self) -> str:
        """Name of the vendor's feed, for reports."""
        ...

    @property
    def kinds(self) -> frozenset[IndicatorKind]:
        """The indicators that it computes."""
        ...

    def indicator(self, question: IndicatorQuestion) -> Result[float, MarketDataUnavailable]:
        """The value as of the close of the session asked for, in the units of our own indicator.

        Failures: no answer, an answer that cannot be read, or none for that session.
        """
        ...
