"""What the calendar knows, and whether a broker has the same hours: for `alchemiser doctor`."""

from collections.abc import Iterator
from datetime import date, timedelta

from returns.result import Failure, Result

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.container import Application
from alchemiser_app.timekeeping.system_clock import SystemClock
from alchemiser_app.trading.setup import EXCHANGE_ZONE
from alchemiser_core.domain.problem import Explainable
from alchemiser_core.domain.schedule import DaysAhead, disagreements
from alchemiser_core.plugins.contained_broker import ContainedBroker, contained_hours
from alchemiser_core.ports.trading_calendar import Corrected, TradingCalendar
from alchemiser_core.services.horizon import ENOUGH, ends_soon, known_until
from alchemiser_core.services.upcoming_sessions import days_ahead

Check = tuple[str, ExitCode, str]
"""What was checked, `DONE` or the exit code that its failure means, and what was found."""

_AHEAD = timedelta(days=14)
_COMPARED = timedelta(days=30)


def calendar_checks(app: Application) -> Iterator[Check]:
    """The next session, how far ahead the calendar knows, and what is said against its tables."""
    built = app.calendar()
    if isinstance(built, Failure):
        yield "calendar", ExitCode.USAGE, _words(built)
        return
    calendar, today = built.unwrap(), SystemClock().now().date()
    yield next_session_check(calendar, today)
    yield from horizon_checks(calendar, today)
    if isinstance(calendar, Corrected) and calendar.corrections:
        found = "; ".join(calendar.corrections)
        yield "corrections", ExitCode.DONE, f"{found} (trading.calendar_settings)"


def next_session_check(calendar: TradingCalendar, today: date) -> Check:
    """The next session, as far ahead as the calendar knows."""
    known = days_ahead(calendar, today, _AHEAD)
    if isinstance(known, Failure):
        return "calendar", ExitCode.USAGE, _words(known)
    ahead = known.unwrap()
    days = [session.day for session in ahead.sessions]
    next_one = f"next session {days[0]}" if days else f"no session until {ahead.last}"
    return "calendar", ExitCode.DONE, f"{calendar.name}, {next_one}"


def horizon_checks(calendar: TradingCalendar, today: date) -> Iterator[Check]:
    """How far ahead the calendar knows; less than a month is too little, two are worth a word."""
    last = known_until(calendar)
    if last is None:
        return
    found = f"{calendar.name} knows sessions to {last}"
    too_near, near = ends_soon(calendar, today), ends_soon(calendar, today, ENOUGH)
    if too_near is not None:
        yield "horizon", ExitCode.REFUSED, str(too_near)
    elif near is not None:
        yield "horizon", ExitCode.DONE, f"{found}: {near.hint}"
    else:
        yield "horizon", ExitCode.DONE, found


def hours_checks(broker: ContainedBroker, calendar: TradingCalendar) -> Iterator[Check]:
    """Whether calendar and broker have the same hours of the coming month, by the broker's date."""
    hours = contained_hours(broker)
    told = broker.time()
    now = SystemClock().now() if isinstance(told, Failure) else told.unwrap().at
    ahead = days_ahead(calendar, now.astimezone(EXCHANGE_ZONE).date(), _COMPARED)
    if hours is None or isinstance(ahead, Failure):
        return
    own: DaysAhead = ahead.unwrap()
    theirs = hours.market_sessions(own.first, own.last)
    if isinstance(theirs, Failure):
        yield "hours", ExitCode.REFUSED, _words(theirs)
        return
    found = disagreements(own, theirs.unwrap())
    if found:
        words = "; ".join(str(problem) for each in found for problem in each.problems())
        yield "hours", ExitCode.REFUSED, words
        return
    days = f"{own.first} to {own.last}"
    yield "hours", ExitCode.DONE, f"the broker's are those of {calendar.name}, {days}"


def _words(result: "Result[object, Explainable]") -> str:
    return "; ".join(str(problem) for problem in result.failure().problems())
