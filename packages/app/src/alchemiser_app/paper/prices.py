"""Where the paper broker's prices come from: the bars of one session, or quotes as time goes by."""

from collections.abc import Collection, Mapping
from datetime import datetime

from attrs import define, field, frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.quote import Quote
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.quotes import Quotes, QuotesUnavailable


@frozen
class BarPrices:
    """Bars do not change while the account stands at their session."""

    def refresh(self, symbols: Collection[Symbol], at: datetime) -> Result[None, QuotesUnavailable]:
        """Nothing is to be fetched."""
        return Success(None)


@define
class QuotedMarket:
    """The market as it was last quoted."""

    latest: dict[Symbol, Quote] = field(factory=dict)

    def quote(self, symbol: Symbol, at: datetime) -> Quote | None:
        """The last quote, dated as the feed dated it."""
        return self.latest.get(symbol)

    def take(self, symbols: Collection[Symbol], quotes: Mapping[Symbol, Quote]) -> None:
        """What is not quoted any more has no market."""
        for symbol in symbols:
            self.latest.pop(symbol, None)
        self.latest.update(quotes)


@define
class LivePrices:
    """Quotes of the feed, fetched before every call that may fill something."""

    feed: Quotes
    market: QuotedMarket = field(factory=QuotedMarket)

    def refresh(self, symbols: Collection[Symbol], at: datetime) -> Result[None, QuotesUnavailable]:
        """Fetch the quotes of some symbols."""
        if not symbols:
            return Success(None)
        found = self.feed.quotes(symbols)
        if isinstance(found, Failure):
            return Failure(found.failure())
        self.market.take(symbols, found.unwrap())
        return Success(None)
