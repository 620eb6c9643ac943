"""The sessions that a run looks at: those it has not done, and those of the next two weeks."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from returns.result import Failure, Result

from alchemiser_core.domain.schedule import DaysAhead
from alchemiser_core.domain.session import TradingSession
from alchemiser_core.ports.trading_calendar import BeyondCalendar, TradingCalendar

_DAY = timedelta(days=1)
AHEAD = 14 * _DAY
"""Longer than any exchange is closed at a stretch, but for wars."""


def upcoming_sessions(
    calendar: TradingCalendar, now: datetime, last_done: date | None
) -> Result[tuple[TradingSession, ...], BeyondCalendar]:
    """The sessions after `last_done`, or from yesterday where there is none, to `AHEAD` of now.

    A calendar that ends within that time gives what it has; one that has ended already is a
    failure.
    """
    today = now.astimezone(UTC).date()
    # A day at either side, since the exchange's day may differ from that of UTC.
    start = today - _DAY if last_done is None else last_done + _DAY
    found = calendar.sessions(start, max(start, today + AHEAD))
    if isinstance(found, Failure):
        known_to = found.failure().last
        if known_to >= today and start <= known_to < found.failure().asked:
            return calendar.sessions(start, known_to)
    return found


def days_ahead(
    calendar: TradingCalendar, day: date, length: timedelta = AHEAD
) -> Result[DaysAhead, BeyondCalendar]:
    """The days from `day` for `length`, as far as the calendar knows them. Failure: it does not
    know `day`.
    """
    last = day + length
    found = calendar.sessions(day, last)
    if isinstance(found, Failure):
        known_to = found.failure().last
        if day <= known_to < found.failure().asked:
            last, found = known_to, calendar.sessions(day, known_to)
    return found.map(lambda sessions: DaysAhead(day, last, sessions))


def session_open_at(now: datetime, sessions: Iterable[TradingSession]) -> TradingSession | None:
    """The session whose market is open at `now`; `None` where none is."""
    return next((session for session in sessions if session.is_open(now)), None)
