"""Puts a simulated broker together: its market, the session at which it begins, its settings."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from attrs import field, frozen
from returns.result import Failure, Result, Success

from alchemiser_app.composition import CompositionError, Refusal
from alchemiser_app.trading.setup import EXCHANGE_ZONE
from alchemiser_core.config import Flag, flag_layer
from alchemiser_core.config.configuration import structured
from alchemiser_core.domain.bar_rows import REFERENCE
from alchemiser_core.domain.problem import Explainable, Problem
from alchemiser_core.domain.session import TradingSession
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.plugins import (
    PluginContext,
    PluginRegistry,
    SimulationContext,
    SimulatorFactory,
    build,
)
from alchemiser_core.ports.broker_simulator import BrokerSimulator
from alchemiser_core.ports.market_data import BarRequest, MarketData
from alchemiser_core.ports.symbol_listing import SymbolListing
from alchemiser_core.ports.trading_calendar import TradingCalendar

BEFORE_THE_CLOSE = timedelta(minutes=15)
"""Where the clock begins in its session, so that the default slot is now."""
_LOOK_BACK = timedelta(days=30)


@frozen(kw_only=True)
class SimulationRequest:
    """What is asked of a simulated broker."""

    broker: str
    """Whose protocol it speaks."""
    day: date | None = None
    """The session at which it begins; `None` for the newest that feed and calendar have."""
    at: time | None = None
    """When on that day, exchange time; `None` for 15 minutes before the close."""
    settings: Mapping[str, str] = field(factory=dict)
    """Its settings, as they were written; a dot stands before what is in a table of settings."""


def build_simulator(
    request: SimulationRequest,
    feed: MarketData,
    calendar: TradingCalendar,
    registry: PluginRegistry,
) -> Result[BrokerSimulator, Explainable]:
    """The simulator, ready to serve.

    Failures: no plugin simulates that broker, wrong settings, no session or no symbols there.
    """
    found = registry.simulator(request.broker)
    if isinstance(found, Failure):
        return Failure(found.failure())
    factory: SimulatorFactory[Any] = found.unwrap()
    layer = flag_layer(
        Flag("--set", tuple(name.split(".")), text) for name, text in request.settings.items()
    )
    settings = structured(layer, factory.settings, layer)
    if isinstance(settings, Failure):
        return Failure(settings.failure())
    context = _context(request, feed, calendar)
    if isinstance(context, Failure):
        return Failure(context.failure())
    everything = PluginContext(simulation=context.unwrap())
    return build(factory, settings.unwrap(), everything).alt(_as_explainable)


def _as_explainable(error: Refusal) -> Explainable:
    return error


def _context(
    request: SimulationRequest, feed: MarketData, calendar: TradingCalendar
) -> Result[SimulationContext, Explainable]:
    symbols = _symbols(feed)
    if isinstance(symbols, Failure):
        return symbols
    session = _session(request.day, feed, calendar, symbols.unwrap())
    if isinstance(session, Failure):
        return Failure(session.failure())
    start = _start(session.unwrap(), request.at)
    return Success(
        SimulationContext(feed=feed, calendar=calendar, start=start, symbols=symbols.unwrap())
    )


def _symbols(feed: MarketData) -> Result[tuple[Symbol, ...], Explainable]:
    """Everything that can be traded there."""
    if not isinstance(feed, SymbolListing):
        return _refused(
            "no-listing",
            f"the feed {feed.name} does not say which symbols it has",
            "a simulated broker needs to know what is traded there",
        )
    listed = feed.listed()
    if isinstance(listed, Failure):
        return Failure(listed.failure())
    if not listed.unwrap():
        return _refused("no-symbols", f"the feed {feed.name} has no symbols", "")
    return Success(listed.unwrap())


def _session(
    day: date | None, feed: MarketData, calendar: TradingCalendar, symbols: tuple[Symbol, ...]
) -> Result[TradingSession, Explainable]:
    """The session of the day, or the newest that has bars."""
    reference = REFERENCE if REFERENCE in symbols else symbols[0]
    bars = feed.bars(BarRequest((reference,), end=day))
    if isinstance(bars, Failure):
        return Failure(bars.failure())
    newest = bars.unwrap().session(-1)
    wanted = day or newest
    known = calendar.sessions(wanted - _LOOK_BACK, wanted)
    if isinstance(known, Failure):
        return Failure(known.failure())
    sessions = known.unwrap()
    if day is None and sessions:
        return Success(sessions[-1])
    if sessions and sessions[-1].day == day == newest:
        return Success(sessions[-1])
    why = f"the newest bars up to it are of {newest}"
    if not sessions or sessions[-1].day != day:
        why = f"the calendar {calendar.name} has no session on that day"
    return _refused("no-session", f"there is no session on {wanted}", why)


def _start(session: TradingSession, at: time | None) -> datetime:
    if at is None:
        return session.closes - BEFORE_THE_CLOSE
    return datetime.combine(session.day, at, EXCHANGE_ZONE)


def _refused(code: str, what: str, why: str) -> Failure[CompositionError]:
    hint = "give --data a folder of bars or `sample`, and --date a session that it has"
    return Failure(CompositionError((Problem(code, what, "simulate-broker", why, hint),)))
