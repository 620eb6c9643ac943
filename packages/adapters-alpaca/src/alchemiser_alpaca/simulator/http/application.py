"""The application that the server serves: all routes, the two streams, and the gate before them."""

from attrs import frozen
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.types import ASGIApp

from alchemiser_alpaca.simulator.desk import Desk
from alchemiser_alpaca.simulator.exchange.refusal import Refusal, not_found
from alchemiser_alpaca.simulator.faults.book import FaultBook
from alchemiser_alpaca.simulator.http.account import AccountRoutes
from alchemiser_alpaca.simulator.http.authority import Authority
from alchemiser_alpaca.simulator.http.calls import RequestLog
from alchemiser_alpaca.simulator.http.connections import Connections
from alchemiser_alpaca.simulator.http.control import ControlRoutes
from alchemiser_alpaca.simulator.http.corporate_actions import CorporateActionRoutes
from alchemiser_alpaca.simulator.http.gate import Gate
from alchemiser_alpaca.simulator.http.latest import LatestRoutes
from alchemiser_alpaca.simulator.http.limits import Limits
from alchemiser_alpaca.simulator.http.listing import ListingRoutes
from alchemiser_alpaca.simulator.http.market_data import MarketDataRoutes
from alchemiser_alpaca.simulator.http.plans import Subscription
from alchemiser_alpaca.simulator.http.reading import UnreadableError, refused
from alchemiser_alpaca.simulator.http.trading import OrderRoutes, PositionRoutes
from alchemiser_alpaca.simulator.settings import SimulatorSettings
from alchemiser_alpaca.simulator.stage import SimulatorStage
from alchemiser_alpaca.simulator.streams.data import DataStream
from alchemiser_alpaca.simulator.streams.members import Members
from alchemiser_alpaca.simulator.streams.tape import Tape
from alchemiser_alpaca.simulator.streams.trading import TradingStream
from alchemiser_core.ports.market_data import MarketData


@frozen(eq=False)
class Parts:
    """The application, and the parts of it that are looked at from outside."""

    application: ASGIApp
    stage: SimulatorStage
    trading_stream: TradingStream
    data_stream: DataStream
    connections: Connections
    log: RequestLog


def parts_of(settings: SimulatorSettings, desk: Desk, book: FaultBook, feed: MarketData) -> Parts:
    """Put everything together over one desk."""
    connections, log = Connections(), RequestLog()
    stage = SimulatorStage(desk, book, connections)
    authority = Authority(settings.key_id, settings.secret_key)
    trading = TradingStream(desk, book, authority, Members(connections, settings.one_stream))
    data = DataStream(desk, book, authority, Members(connections, settings.one_stream), Tape(desk))
    gate = Gate(
        routes=_starlette([*_routes(settings, desk, book, log, feed), *_streams(trading, data)]),
        desk=desk,
        authority=authority,
        limits=Limits(settings.rate_limit, settings.retry_after),
        faults=book,
        stage=stage,
        connections=connections,
        log=log,
        latency=settings.latency_ms / 1000,
    )
    return Parts(gate, stage, trading, data, connections, log)


def _routes(
    settings: SimulatorSettings, desk: Desk, book: FaultBook, log: RequestLog, feed: MarketData
) -> list[BaseRoute]:
    subscription = Subscription(settings.data_plan)
    return [
        *OrderRoutes(desk).routes(),
        *PositionRoutes(desk).routes(),
        *AccountRoutes(desk).routes(),
        *ListingRoutes(desk).routes(),
        *MarketDataRoutes(desk, subscription, settings.page_bytes).routes(),
        *LatestRoutes(desk, subscription).routes(),
        *CorporateActionRoutes(desk, feed).routes(),
        *ControlRoutes(desk, book, log).routes(),
    ]


def _streams(trading: TradingStream, data: DataStream) -> list[BaseRoute]:
    return [
        WebSocketRoute("/stream", trading.serve),
        WebSocketRoute("/v2/iex", data.serve),
        WebSocketRoute("/v2/sip", data.serve),
    ]


def _starlette(routes: list[BaseRoute]) -> Starlette:
    return Starlette(
        routes=routes,
        exception_handlers={UnreadableError: _unreadable, HTTPException: _no_such_route},
    )


async def _unreadable(request: Request, error: Exception) -> Response:
    if not isinstance(error, UnreadableError):
        raise error
    return refused(error.refusal)


async def _no_such_route(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == 404:
        return refused(not_found("endpoint not found"))
    return refused(Refusal(error.status_code, None, "method not allowed"))
