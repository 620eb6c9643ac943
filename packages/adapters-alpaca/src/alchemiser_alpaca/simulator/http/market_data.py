"""The routes of historical market data: bars, trades and quotes, in pages."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from attrs import define, frozen
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alchemiser_alpaca.simulator.desk import Desk
from alchemiser_alpaca.simulator.exchange.market import MarketBar, SimulatedMarket, Trade
from alchemiser_alpaca.simulator.exchange.refusal import Refusal
from alchemiser_alpaca.simulator.http.pages import Rows, page_of, read_token
from alchemiser_alpaca.simulator.http.plans import Subscription
from alchemiser_alpaca.simulator.http.reading import UnreadableError, answer, whole, words
from alchemiser_alpaca.simulator.http.timeframes import read_timeframe
from alchemiser_alpaca.simulator.wire.market import bar_json, quote_json, trade_json

MOST_POINTS = 10_000
USUAL_POINTS = 1_000
_MOMENT = timedelta(microseconds=1)
_ADJUSTMENTS = frozenset({"raw", "split", "dividend", "spin-off", "all"})


def symbols_of(query: QueryParams) -> tuple[str, ...]:
    """The symbols that a request names. Raises `UnreadableError`."""
    symbols = words(query, "symbols")
    if not symbols:
        raise UnreadableError(Refusal(400, None, "symbols is required"))
    return symbols


@frozen
class _Asked:
    """What is read of the market for one request."""

    market: SimulatedMarket
    span: tuple[datetime, datetime]
    at: datetime
    newest_first: bool

    def after(self, last: datetime | None) -> tuple[datetime, datetime] | None:
        """The span that is left after a point; `None` where nothing is."""
        start, end = self.span
        if last is not None:
            start, end = (start, last - _MOMENT) if self.newest_first else (last + _MOMENT, end)
        return (start, end) if start <= end else None

    def minutes(self, symbol: str, last: datetime | None) -> Iterable[MarketBar]:
        """The bars of a minute in that span."""
        span = self.after(last)
        if span is None:
            return ()
        found = self.market.minute_bars(symbol, *span, self.at)
        return found[::-1] if self.newest_first else found


_RowsOf = Callable[[_Asked], Rows]


@define(eq=False)
class MarketDataRoutes:
    """`/v2/stocks`."""

    desk: Desk
    subscription: Subscription
    page_bytes: int = 0

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route("/v2/stocks/bars", self.bars, methods=["GET"]),
            Route("/v2/stocks/trades", self.trades, methods=["GET"]),
            Route("/v2/stocks/quotes", self.quotes, methods=["GET"]),
        ]

    async def bars(self, request: Request) -> Response:
        """Bars of any timeframe."""
        query = request.query_params
        timeframe = read_timeframe(query.get("timeframe") or "")
        raw = _is_raw(query)

        def rows(asked: _Asked) -> Rows:
            def of(symbol: str, last: datetime | None) -> Iterable[tuple[datetime, Any]]:
                span = asked.after(last)
                found = timeframe.bars(asked.market, symbol, span, asked.at, raw) if span else ()
                ordered = found[::-1] if asked.newest_first else found
                return ((bar.at, bar_json(bar)) for bar in ordered)

            return of

        return self._page("bars", query, rows)

    async def trades(self, request: Request) -> Response:
        """One made-up trade at the end of every minute."""

        def rows(asked: _Asked) -> Rows:
            return lambda symbol, last: (
                (bar.at, trade_json(Trade(symbol, _price(bar.close), bar.at)))
                for bar in asked.minutes(symbol, last)
            )

        return self._page("trades", request.query_params, rows)

    async def quotes(self, request: Request) -> Response:
        """One quote at the beginning of every minute."""

        def rows(asked: _Asked) -> Rows:
            def of(symbol: str, last: datetime | None) -> Iterable[tuple[datetime, Any]]:
                for bar in asked.minutes(symbol, last):
                    quote = asked.market.quote(symbol, bar.at)
                    if quote is not None:
                        yield bar.at, quote_json(quote)

            return of

        return self._page("quotes", request.query_params, rows)

    def _page(self, name: str, query: QueryParams, rows: _RowsOf) -> Response:
        symbols = symbols_of(query)
        limit = whole(query, "limit", USUAL_POINTS, MOST_POINTS)
        place = read_token(query.get("page_token"))
        with self.desk.work() as at:
            span = self.subscription.span(query, at)
            newest_first = query.get("sort") == "desc"
            asked = _Asked(self.desk.exchange.market, span, at, newest_first)
            page = page_of(symbols, rows(asked), limit, self.page_bytes, place)
        return answer({name: page.points, "next_page_token": page.next_token})


def _is_raw(query: QueryParams) -> bool:
    """Whether bars are wanted as they were before splits. Raises `UnreadableError`."""
    given = set(words(query, "adjustment")) or {"raw"}
    if not given <= _ADJUSTMENTS:
        raise UnreadableError(Refusal(400, None, "invalid adjustment"))
    return not given & {"split", "all"}


def _price(value: float) -> Decimal:
    return Decimal(repr(value))
