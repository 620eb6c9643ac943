"""The symbol-listing port: what a feed that knows its own symbols offers beside its bars."""

from typing import Protocol, runtime_checkable

from returns.result import Result

from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.market_data import MarketDataUnavailable


@runtime_checkable
class SymbolListing(Protocol):
    """A feed that can say which symbols it has."""

    def listed(self) -> Result[tuple[Symbol, ...], MarketDataUnavailable]:
        """Every symbol that the feed has bars of, sorted."""
        ...
