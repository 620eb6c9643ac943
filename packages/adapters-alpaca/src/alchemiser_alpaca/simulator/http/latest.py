"""The routes of the newest market data: bars, trades, quotes and snapshots."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from attrs import define
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alchemiser_alpaca.simulator.desk import Desk
from alchemiser_alpaca.simulator.exchange.market import MarketBar, SimulatedMarket
from alchemiser_alpaca.simulator.http.market_data import symbols_of
from alchemiser_alpaca.simulator.http.plans import Subscription
from alchemiser_alpaca.simulator.http.reading import answer
from alchemiser_alpaca.simulator.wire.market import bar_json, quote_json, trade_json

_MINUTES = timedelta(minutes=3)
_DAYS = timedelta(days=15)
Point = Callable[[SimulatedMarket, str, datetime], dict[str, Any] | None]


def latest_minute(market: SimulatedMarket, symbol: str, at: datetime) -> MarketBar | None:
    """The last whole minute in which the symbol was traded."""
    trade = market.last_trade(symbol, at)
    if trade is None:
        return None
    bars = market.minute_bars(symbol, trade.at - _MINUTES, trade.at, at)
    return bars[-1] if bars else None


def _bar(market: SimulatedMarket, symbol: str, at: datetime) -> dict[str, Any] | None:
    bar = latest_minute(market, symbol, at)
    return None if bar is None else bar_json(bar)


def _quote(market: SimulatedMarket, symbol: str, at: datetime) -> dict[str, Any] | None:
    quote = market.quote(symbol, at)
    return None if quote is None else quote_json(quote)


def _trade(market: SimulatedMarket, symbol: str, at: datetime) -> dict[str, Any] | None:
    trade = market.last_trade(symbol, at)
    return None if trade is None else trade_json(trade)


def _snapshot(market: SimulatedMarket, symbol: str, at: datetime) -> dict[str, Any] | None:
    trade = _trade(market, symbol, at)
    if trade is None:
        return None
    days = [bar_json(bar) for bar in market.daily_bars(symbol, at - _DAYS, at, at)][-2:]
    return {
        "latestTrade": trade,
        "latestQuote": _quote(market, symbol, at),
        "minuteBar": _bar(market, symbol, at),
        "dailyBar": days[-1] if days else None,
        "prevDailyBar": days[0] if len(days) == 2 else None,
    }


@define(eq=False)
class LatestRoutes:
    """`/v2/stocks/.../latest` and `/v2/stocks/snapshots`."""

    desk: Desk
    subscription: Subscription

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route("/v2/stocks/bars/latest", self.bars, methods=["GET"]),
            Route("/v2/stocks/quotes/latest", self.quotes, methods=["GET"]),
            Route("/v2/stocks/trades/latest", self.trades, methods=["GET"]),
            Route("/v2/stocks/snapshots", self.snapshots, methods=["GET"]),
        ]

    async def bars(self, request: Request) -> Response:
        """The last whole minute of each symbol."""
        return answer({"bars": _present(self._points(request, _bar))})

    async def quotes(self, request: Request) -> Response:
        """The quote of each symbol."""
        return answer({"quotes": _present(self._points(request, _quote))})

    async def trades(self, request: Request) -> Response:
        """The last trade of each symbol."""
        return answer({"trades": _present(self._points(request, _trade))})

    async def snapshots(self, request: Request) -> Response:
        """All of these at once; `null` for a symbol that nobody knows."""
        return answer(self._points(request, _snapshot))

    def _points(self, request: Request, point: Point) -> dict[str, dict[str, Any] | None]:
        self.subscription.latest(request.query_params)
        symbols = symbols_of(request.query_params)
        with self.desk.work() as at:
            market = self.desk.exchange.market
            return {symbol: point(market, symbol, at) for symbol in symbols}


def _present(points: dict[str, dict[str, Any] | None]) -> dict[str, dict[str, Any]]:
    return {symbol: point for symbol, point in points.items() if point is not None}
