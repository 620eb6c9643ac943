"""Everything that trading an account needs, put together: who trades, where and when."""

from datetime import date
from enum import Enum
from zoneinfo import ZoneInfo

from attrs import evolve, frozen
from returns.result import Failure, Result, Success

from alchemiser_app.composition import PORTFOLIO, Invocation, TargetStrategy
from alchemiser_app.container import Application
from alchemiser_app.settings_file import LoadedConfiguration
from alchemiser_app.stopping.kill_switch_file import FileKillSwitch
from alchemiser_app.timekeeping.broker_clock import broker_clock
from alchemiser_app.timekeeping.system_clock import SystemClock
from alchemiser_app.trading.closing import close
from alchemiser_app.trading.connections import BrokerRequest, kill_switch, known_broker
from alchemiser_app.trading.live_guard import unconfirmed
from alchemiser_app.trading.mandates import mandate_of
from alchemiser_app.trading.refreshing import Refresh, refresh_of
from alchemiser_app.trading.rules import stands_on_bars
from alchemiser_core.config.settings import Settings
from alchemiser_core.config.trading_settings import ClockChoice
from alchemiser_core.domain.account import Account
from alchemiser_core.domain.problem import Explainable, Problem
from alchemiser_core.domain.schedule import DaysAhead
from alchemiser_core.domain.session import TradingSession
from alchemiser_core.plugins import BuildError
from alchemiser_core.plugins.contained_broker import ContainedBroker, contained_broker
from alchemiser_core.ports.broker import Broker
from alchemiser_core.ports.clock import Clock
from alchemiser_core.ports.kept_time import KeepsTime
from alchemiser_core.ports.market_data import BarRequest, MarketData
from alchemiser_core.ports.notifier import Notifier
from alchemiser_core.ports.quotes import Quotes
from alchemiser_core.ports.trading_calendar import TradingCalendar
from alchemiser_core.services.substitute import Substituted
from alchemiser_core.services.trading import Mandate
from alchemiser_core.services.upcoming_sessions import days_ahead

EXCHANGE_ZONE = ZoneInfo("America/New_York")
"""Whose date is the trading day: all calendars that come with Alchemiser are of the United States.
"""


class Stage(Enum):
    """Where setting up ended."""

    CONFIGURATION = "configuration"
    ACCOUNT = "account"
    """The broker, its account, or the confirmations that a live one needs."""
    DATA = "data"
    """The bars that a broker which keeps their time stands on."""


@frozen
class NotSetUp:
    """Trading could not be set up; nothing was sent."""

    stage: Stage
    found: tuple[Problem, ...]

    def problems(self) -> tuple[Problem, ...]:
        """Everything that stands in the way."""
        return self.found


@frozen(eq=False)
class _Connected:
    """A broker and the account behind it."""

    broker: Broker
    contained: ContainedBroker
    quotes: Quotes
    account: Account
    clock: Clock


@frozen(eq=False)
class TradingSetup:
    """An account, what trades it, and the time it is traded at."""

    loaded: LoadedConfiguration
    mandate: Mandate
    feed: MarketData
    second: MarketData | None
    """A second vendor, which bars are held against; `None` where there is none."""
    calendar: TradingCalendar
    broker: Broker
    """As the plugin built it; what it offers beside its port is looked for here."""
    contained: ContainedBroker
    """The same, kept apart: orders go through it."""
    quotes: Quotes
    account: Account
    clock: Clock
    kill_switch: FileKillSwitch
    notifiers: tuple[Notifier, ...]
    refresh: Refresh
    """Brings the bars up to date, once, before they are read."""

    @property
    def settings(self) -> Settings:
        """The settings of the configuration."""
        return self.loaded.configuration.settings

    @property
    def day(self) -> date:
        """The exchange's date now."""
        if isinstance(self.broker, KeepsTime):
            return self.broker.session.day
        return self.clock.now().astimezone(EXCHANGE_ZONE).date()

    def session(self) -> Result[TradingSession | None, Explainable]:
        """The session of the day; `None` where there is none."""
        if isinstance(self.broker, KeepsTime):
            return Success(self.broker.session)
        known = self.calendar.sessions(self.day, self.day)
        if isinstance(known, Failure):
            return Failure(known.failure())
        found = known.unwrap()
        return Success(found[0] if found else None)

    def days_ahead(self) -> Result[DaysAhead | None, Explainable]:
        """What the calendar knows of the coming days; `None` where the broker keeps the time."""
        if isinstance(self.broker, KeepsTime):
            return Success(None)
        known = days_ahead(self.calendar, self.day)
        return Failure(known.failure()) if isinstance(known, Failure) else Success(known.unwrap())


@frozen(eq=False)
class _Parts:
    """What trading is put together from before anybody is connected to."""

    loaded: LoadedConfiguration
    mandate: Mandate
    feed: MarketData
    second: MarketData | None
    calendar: TradingCalendar
    kill_switch: FileKillSwitch
    notifiers: tuple[Notifier, ...]


def set_up(
    app: Application,
    invocation: Invocation,
    clock: SystemClock,
    *,
    live: bool = False,
    session: date | None = None,
    is_dry: bool = False,
) -> Result[TradingSetup, NotSetUp]:
    """Put everything together; `session` is where a broker that keeps time has to stand.

    `is_dry`: nothing is to be written, not even to an account that a broker keeps here.
    """
    found = _parts(app, invocation)
    if isinstance(found, Failure):
        return Failure(found.failure())
    parts = found.unwrap()
    today = clock.now().astimezone(EXCHANGE_ZONE).date()
    request = BrokerRequest(
        parts.feed, parts.calendar, clock, parts.mandate.symbols, today, session, is_dry
    )
    settings = parts.loaded.configuration.settings
    refresh = Refresh(None) if is_dry else _refresh(app, invocation, parts)
    if session is None and stands_on_bars(settings):
        refresh.once(clock, interrupted=clock.woken)
    connected = _connected(app, settings, request, clock, live=live)
    return connected.map(lambda account: _together(parts, account, refresh))


def _refresh(app: Application, invocation: Invocation, parts: _Parts) -> Refresh:
    settings, symbols = parts.loaded.configuration.settings, parts.mandate.symbols
    source = app.source_feed
    return refresh_of(parts.feed, source, parts.calendar, symbols, settings, invocation.tell)


def _parts(app: Application, invocation: Invocation) -> Result[_Parts, NotSetUp]:
    """Everything that the configuration says, or all that is wrong with it."""
    loaded = app.configuration()
    if isinstance(loaded, Failure):
        return _not_configured(loaded.failure())
    mandate = _mandate(app, invocation, loaded.unwrap())
    feed, calendar, notifiers = app.feed(), app.calendar(), app.notifiers()
    second = app.second_feed()
    switch = kill_switch(invocation, loaded.unwrap())
    broker_there = known_broker(loaded.unwrap(), app.registry())
    parts = (mandate, feed, second, calendar, broker_there, notifiers, switch)
    wrong = [p for part in parts if isinstance(part, Failure) for p in part.failure().problems()]
    if wrong:
        return Failure(NotSetUp(Stage.CONFIGURATION, tuple(dict.fromkeys(wrong))))
    return Success(
        _Parts(
            loaded=loaded.unwrap(),
            mandate=mandate.unwrap(),
            feed=feed.unwrap(),
            second=second.unwrap(),
            calendar=calendar.unwrap(),
            kill_switch=switch.unwrap(),
            notifiers=notifiers.unwrap(),
        )
    )


def _together(parts: _Parts, connected: _Connected, refresh: Refresh) -> TradingSetup:
    return TradingSetup(
        loaded=parts.loaded,
        mandate=parts.mandate,
        feed=parts.feed,
        second=parts.second,
        calendar=parts.calendar,
        broker=connected.broker,
        contained=connected.contained,
        quotes=connected.quotes,
        account=connected.account,
        clock=connected.clock,
        kill_switch=parts.kill_switch,
        notifiers=parts.notifiers,
        refresh=refresh,
    )


def _connected(
    app: Application,
    settings: Settings,
    request: BrokerRequest,
    system: SystemClock,
    *,
    live: bool,
) -> Result[_Connected, NotSetUp]:
    """The broker and its account, confirmed to be the one that is meant."""
    if request.session is not None and request.session > request.today:
        ahead = _in_the_future(request.session, request.today)
        return Failure(NotSetUp(Stage.CONFIGURATION, (ahead,)))
    built = app.broker(request)
    if isinstance(built, Failure):
        error = built.failure()
        if isinstance(error, BuildError):
            return Failure(NotSetUp(_stage_of(error, request), error.problems()))
        return _not_configured(error)
    found = _known_account(settings, built.unwrap(), request.feed, system, live=live)
    if isinstance(found, Failure):
        close(built.unwrap())
    return found


def _known_account(
    settings: Settings, broker: Broker, feed: MarketData, system: SystemClock, *, live: bool
) -> Result[_Connected, NotSetUp]:
    quotes = broker if isinstance(broker, Quotes) else feed
    if not isinstance(quotes, Quotes):
        return Failure(NotSetUp(Stage.CONFIGURATION, (_no_quotes(broker, feed),)))
    contained = contained_broker(broker)
    if isinstance(contained, Failure):
        return Failure(NotSetUp(Stage.ACCOUNT, contained.failure().problems()))
    account = contained.unwrap().account()
    if isinstance(account, Failure):
        return Failure(NotSetUp(Stage.ACCOUNT, account.failure().problems()))
    refusal = unconfirmed(settings, account.unwrap(), live=live, synthetic=feed.synthetic)
    if refusal is not None:
        return Failure(NotSetUp(Stage.ACCOUNT, refusal.problems()))
    clock = _clock(settings, broker, contained.unwrap(), system)
    return clock.map(lambda c: _Connected(broker, contained.unwrap(), quotes, account.unwrap(), c))


def _clock(
    settings: Settings, broker: Broker, contained: ContainedBroker, system: SystemClock
) -> Result[Clock, NotSetUp]:
    """Whose time the account is traded by."""
    if isinstance(broker, KeepsTime):
        return Success(broker.clock)
    if settings.trading.clock is not ClockChoice.BROKER:
        return Success(system)
    if not contained.capabilities.is_local:
        return Failure(NotSetUp(Stage.CONFIGURATION, (_not_its_clock(contained),)))
    found = broker_clock(contained.time, system)
    return found.alt(lambda why: NotSetUp(Stage.ACCOUNT, why.problems()))


def _stage_of(error: BuildError, request: BrokerRequest) -> Stage:
    """Whether it is the bars that a broker could not be built on."""
    bars = request.feed.bars(BarRequest(sorted(request.symbols), end=request.today))
    if isinstance(bars, Failure):
        missing = {problem.code for problem in bars.failure().problems()}
        if missing & {problem.code for problem in error.problems()}:
            return Stage.DATA
    return Stage.ACCOUNT


def _mandate(
    app: Application, invocation: Invocation, loaded: LoadedConfiguration
) -> Result[Mandate, Explainable]:
    found = app.strategies()
    if isinstance(found, Failure):
        return Failure(found.failure())
    settings = loaded.configuration.settings
    entries: tuple[TargetStrategy, ...] = found.unwrap()
    named = {symbol for entry in entries for symbol in entry.strategy.requirements.symbols}
    used = {old: new for old, new in settings.data.substitutions.items() if old in named}
    if used:
        entries = tuple(evolve(e, strategy=Substituted(e.strategy, used)) for e in entries)
    return Success(mandate_of(invocation.target or PORTFOLIO, entries, settings))


def _not_configured(error: Explainable) -> Failure[NotSetUp]:
    return Failure(NotSetUp(Stage.CONFIGURATION, error.problems()))


def _in_the_future(session: date, today: date) -> Problem:
    return Problem(
        code="session-ahead",
        what=f"the session of {session} has not been yet",
        where="--session",
        why=f"it is {today} at the exchange",
        hint="ask for a day up to today, or leave it out",
    )


def _not_its_clock(broker: ContainedBroker) -> Problem:
    return Problem(
        code="not-its-clock",
        what=f"the clock of the broker {broker.name} is not to be traded by",
        where="trading.clock",
        why="only a broker on this machine, a simulator, may say what time it is",
        hint="leave it out: the computer's own time is then held against the broker's",
    )


def _no_quotes(broker: Broker, feed: MarketData) -> Problem:
    return Problem(
        code="no-quotes",
        what=f"neither the broker {broker.name} nor the feed {feed.name} has quotes",
        where="data.feed",
        why="orders are planned at the market's prices, not at yesterday's closes",
        hint="take a feed with quotes",
    )
