"""One trading cycle of an account that was set up: its terms, its desk, and its journal."""

from collections.abc import Callable
from datetime import timedelta

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.bar_checking.checker import BarChecker
from alchemiser_app.logs.journal_log import Both, JournalLog
from alchemiser_app.trading.deciding_bars import BarReader
from alchemiser_app.trading.rules import execution_rules, quote_limits, reconcile_policy, slot
from alchemiser_app.trading.setup import TradingSetup
from alchemiser_core.config.settings import Settings
from alchemiser_core.domain.problem import Explainable
from alchemiser_core.domain.schedule import MissedSlot, TradingWindow, last_moment, trading_window
from alchemiser_core.domain.session import TradingSession
from alchemiser_core.plugins.contained_broker import contained_hours
from alchemiser_core.plugins.contained_updates import contained_updates
from alchemiser_core.ports.kept_time import KeepsTime
from alchemiser_core.ports.order_journal import JournalIdentity, OrderJournal
from alchemiser_core.services.cycle import Terms
from alchemiser_core.services.desk import Desk, Observer, never, steady


@frozen(eq=False)
class Surroundings:
    """What a cycle is run in, beside the account."""

    observer: Observer
    interrupted: Callable[[], bool] = never
    clock_jump: Callable[[], timedelta | None] = steady


def desk_of(setup: TradingSetup, journal: OrderJournal, around: Surroundings) -> Desk:
    """The ports of an account, with its journal."""
    return Desk(
        broker=setup.contained,
        quotes=setup.quotes,
        market_hours=contained_hours(setup.contained),
        updates=contained_updates(setup.broker, setup.clock),
        journal=journal,
        clock=setup.clock,
        kill_switch=setup.kill_switch,
        notifiers=setup.notifiers,
        observer=Both(around.observer, JournalLog()),
        interrupted=around.interrupted,
        clock_jump=around.clock_jump,
    )


def identity_of(setup: TradingSetup) -> JournalIdentity:
    """Whose journal it has to be."""
    account = setup.account
    return JournalIdentity(
        setup.mandate.portfolio, account.number, setup.broker.name, account.is_live
    )


def terms_of(
    setup: TradingSetup, interrupted: Callable[[], bool], *, confirmed: bool = False
) -> Result[Terms, Explainable]:
    """The terms of the day's cycle; `confirmed` is a person's word that the broker is right. Once
    `interrupted`, nobody is waited for who has something to say of the bars.
    """
    found = setup.session()
    if isinstance(found, Failure):
        return Failure(found.failure())
    ahead = setup.days_ahead()
    if isinstance(ahead, Failure):
        return Failure(ahead.failure())
    session, settings = found.unwrap(), setup.settings
    window = None if session is None else window_of(settings, session)
    return Success(
        Terms(
            identity=identity_of(setup),
            mandate=setup.mandate,
            day=setup.day,
            session=session,
            ahead=ahead.unwrap(),
            window=window,
            read_bars=_reader(setup, window, interrupted).read,
            reconciling=reconcile_policy(settings, setup.mandate.shares, confirmed=confirmed),
            execution=execution_rules(settings, setup.broker.capabilities),
            limits=settings.risk.limits(),
            quotes=quote_limits(settings.execution),
            clock_skew=timedelta(seconds=settings.trading.clock_skew_seconds),
        )
    )


def _reader(
    setup: TradingSetup, window: TradingWindow | None, interrupted: Callable[[], bool]
) -> BarReader:
    settings, until = setup.settings, None if window is None else window.ends
    calendar = None if isinstance(setup.broker, KeepsTime) else setup.calendar
    checks = settings.data.checks
    return BarReader(
        feed=setup.feed,
        calendar=calendar,
        decide_on=settings.trading_decide_on,
        symbols=setup.mandate.symbols,
        carry=settings.data.carry_sessions,
        checker=BarChecker(setup.feed, setup.second, checks, calendar, interrupted),
        decision_limit=timedelta(seconds=settings.trading.decision_seconds),
        refresh=lambda: setup.refresh.once(setup.clock, until, interrupted),
    )


def window_of(settings: Settings, session: TradingSession) -> TradingWindow:
    """When orders of a session may be sent: from the slot for the window, or late by policy."""
    length = timedelta(minutes=settings.trading.window_minutes)
    window = trading_window(session, slot(settings), length)
    if settings.trading.missed_slot is MissedSlot.LATE:
        return TradingWindow(window.starts, last_moment(session))
    return window
