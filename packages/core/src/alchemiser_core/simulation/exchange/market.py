"""Where the simulated exchange has its prices from."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from attrs import define, field

from alchemiser_core.domain.quote import Quote
from alchemiser_core.domain.symbol import Symbol


class Market(Protocol):
    """The best bid and ask at any time; the same question has the same answer."""

    def quote(self, symbol: Symbol, at: datetime) -> Quote | None:
        """The quote that stands at `at`; `None` where there is no market."""
        ...


@define
class FixedMarket:
    """Prices that stay until they are set anew."""

    prices: dict[Symbol, tuple[Decimal, Decimal]] = field(factory=dict)
    """Bid and ask, US dollars a share."""

    @classmethod
    def of(cls, prices: Mapping[str, str | int | Decimal]) -> "FixedMarket":
        """A market without a spread."""
        market = cls()
        for symbol, price in prices.items():
            market.put(Symbol(symbol), Decimal(price))
        return market

    def put(self, symbol: Symbol, bid: Decimal, ask: Decimal | None = None) -> None:
        """Set the quote of a symbol; without an ask it is the bid."""
        self.prices[symbol] = (bid, bid if ask is None else ask)

    def drop(self, symbol: Symbol) -> None:
        """There is no market in the symbol any more."""
        self.prices.pop(symbol, None)

    def quote(self, symbol: Symbol, at: datetime) -> Quote | None:
        """The prices that were set last, whenever `at` is."""
        found = self.prices.get(symbol)
        return None if found is None else Quote(symbol, found[0], found[1], at)
