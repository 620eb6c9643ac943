"""Quotes of the broker and of the feed: polled, unless the stream has a newer one.

A quote of the stream spares a poll while it is young and newer than the one that was polled last.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from attrs import define, field
from returns.result import Failure, Result, Success

from alchemiser_alpaca.data.latest_quotes import PolledQuotes
from alchemiser_alpaca.data.plan import data_problem
from alchemiser_alpaca.streams.link import Link
from alchemiser_alpaca.streams.quotes import QuoteBoard
from alchemiser_core.domain.quote import Quote
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.quotes import QuotesUnavailable

OpenStream = Callable[[], tuple[Link, QuoteBoard]]


@define(eq=False)
class AlpacaQuotes:
    """`Quotes` of a tape."""

    polled: PolledQuotes
    open_stream: OpenStream | None = None
    """Opens the stream with the first quotes that are asked for; `None` where it is not wanted."""
    _stream: tuple[Link, QuoteBoard] | None = field(default=None, init=False)
    _polled_at: dict[Symbol, datetime] = field(factory=dict, init=False)

    def quotes(
        self, symbols: Collection[Symbol]
    ) -> Result[Mapping[Symbol, Quote], QuotesUnavailable]:
        """The latest quote of each symbol; a side that nobody quotes has the price 0."""
        found = self._streamed(symbols)
        rest = [symbol for symbol in symbols if symbol not in found]
        if not rest:
            return Success(found)
        polled = self.polled.latest(rest)
        if isinstance(polled, Failure):
            problem = data_problem(polled.failure(), "the quotes cannot be read")
            return Failure(QuotesUnavailable((problem,)))
        for symbol, quote in polled.unwrap().items():
            self._polled_at[symbol] = quote.at
        return Success({**found, **polled.unwrap()})

    def close(self) -> None:
        """End the stream."""
        if self._stream is not None:
            self._stream[0].close()

    def _streamed(self, symbols: Collection[Symbol]) -> dict[Symbol, Quote]:
        if self.open_stream is None:
            return {}
        if self._stream is None:
            self._stream = self.open_stream()
        board = self._stream[1]
        young = {symbol: board.young(symbol) for symbol in symbols}
        return {
            symbol: quote
            for symbol, quote in young.items()
            if quote is not None
            if symbol not in self._polled_at or quote.at > self._polled_at[symbol]
        }
