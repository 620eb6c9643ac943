"""The sessions that are over: whose bars are complete, and can be asked for and decided on.

A session is over some time after its close, for a vendor takes minutes to settle the last bar. On a
half day that is the early close; on a day on which the exchange is closed there is no session.
"""

from datetime import UTC, date, datetime, timedelta

from returns.result import Failure, Result, Success

from alchemiser_core.domain.session import TradingSession
from alchemiser_core.ports.trading_calendar import BeyondCalendar, TradingCalendar

SETTLE = timedelta(minutes=15)
"""How long after a close its bar may still change."""

_LOOKS_BACK = tuple(timedelta(days=days) for days in (14, 90, 1100))
"""How far back the last session is looked for, one after the other."""


def completed_sessions(
    calendar: TradingCalendar, start: date, now: datetime, settle: timedelta = SETTLE
) -> Result[tuple[TradingSession, ...], BeyondCalendar]:
    """The sessions of `start` and later that are over at `now`, in order; maybe none.

    `settle`: how long after its close a session is over, not below zero. Failure: the calendar does
    not know `start`, or today.
    """
    _check(now, settle)
    today = now.astimezone(UTC).date()
    if start > today:
        return Success(())
    return calendar.sessions(start, today).map(
        lambda sessions: tuple(each for each in sessions if each.closes + settle <= now)
    )


def last_completed_session(
    calendar: TradingCalendar, now: datetime, settle: timedelta = SETTLE
) -> Result[TradingSession, BeyondCalendar]:
    """The newest session that is over at `now`, see `completed_sessions`.

    Failure: the calendar does not know today, or begins after the session that is looked for.
    """
    _check(now, settle)
    today = now.astimezone(UTC).date()
    for back in _LOOKS_BACK:
        found = completed_sessions(calendar, today - back, now, settle)
        if isinstance(found, Failure):
            return _of_what_is_known(calendar, found.failure(), now, settle)
        if sessions := found.unwrap():
            return Success(sessions[-1])
    raise ValueError(f"the calendar {calendar.name} has had no session for three years")


def _of_what_is_known(
    calendar: TradingCalendar, beyond: BeyondCalendar, now: datetime, settle: timedelta
) -> Result[TradingSession, BeyondCalendar]:
    """The same from the first day of a calendar that begins later than it was asked for."""
    if not beyond.asked < beyond.first <= now.astimezone(UTC).date():
        return Failure(beyond)
    known = completed_sessions(calendar, beyond.first, now, settle)
    if isinstance(known, Failure):
        return Failure(known.failure())
    sessions = known.unwrap()
    return Success(sessions[-1]) if sessions else Failure(beyond)


def _check(now: datetime, settle: timedelta) -> None:
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    if settle < timedelta(0):
        raise ValueError("a session is not over before it closes")
