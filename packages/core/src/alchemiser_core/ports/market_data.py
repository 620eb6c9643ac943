"""The market-data port: daily bars of many symbols."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, runtime_checkable

from attrs import field, frozen
from returns.result import Result

from alchemiser_core.domain.bars import BarHistory, PriceBasis
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol


def _as_tuple(symbols: Iterable[Symbol]) -> tuple[Symbol, ...]:
    return tuple(symbols)


@frozen
class BarRequest:
    """Which bars are wanted."""

    symbols: tuple[Symbol, ...] = field(converter=_as_tuple)
    start: date | None = None
    """First session wanted; `None` for all there is."""
    end: date | None = None
    """Last session wanted, inclusive; `None` for all there is."""
    closes_only: bool = True
    """Only closes are needed; a feed may then leave the other arrays `None`."""


@frozen
class MarketDataUnavailable:
    """The bars could not be had; every problem found is in it, never only the first."""

    found: tuple[Problem, ...]

    def problems(self) -> tuple[Problem, ...]:
        """What was found, each with its place."""
        return self.found


class MarketData(Protocol):
    """Completed daily bars, total-return adjusted where the source has it."""

    @property
    def name(self) -> str:
        """Name of the feed, for reports."""
        ...

    @property
    def synthetic(self) -> bool:
        """Whether the prices are made up; every output that rests on them says so."""
        ...

    def bars(self, request: BarRequest) -> Result[BarHistory, MarketDataUnavailable]:
        """One column for every symbol asked for, in the order asked.

        A symbol the feed does not know is a column of NaN (`BarHistory.missing_symbols`), not a
        failure. Unreadable or contradictory data is one.
        """
        ...


@runtime_checkable
class InPortions(Protocol):
    """A feed that is better asked for a few symbols at a time, as one with a budget is."""

    @property
    def symbols_at_once(self) -> int:
        """How many symbols a request should have at most, so that little is lost where it ends."""
        ...


@runtime_checkable
class OfOneBasis(Protocol):
    """A feed that says before it is asked what all its prices stand for."""

    @property
    def basis(self) -> PriceBasis:
        """The basis of every history that it gives."""
        ...
