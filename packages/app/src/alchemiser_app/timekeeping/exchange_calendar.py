"""The sessions of an exchange by the package exchange_calendars.

The package takes a second to import. It computes most days from rules, and would do so for any
year; what rules cannot tell, such as a day of mourning, it lists. So a year from today is what is
taken for known, as the package does by itself, though counted from the day on which the calendar is
built and not from that on which the program was started. Nothing of the package, or of pandas,
leaves this module.
"""

import warnings
from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from returns.result import Failure, Result, Success

from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.session import TradingSession
from alchemiser_core.domain.suggestion import did_you_mean
from alchemiser_core.plugins import BuildError
from alchemiser_core.ports.trading_calendar import BeyondCalendar

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=365)
"""How far ahead of today the rules are taken for knowledge."""


class ExchangeCalendar:
    """`TradingCalendar` and `KnownUntil` of an exchange, such as `XNYS` for New York."""

    def __init__(self, name: str, calendar: Any) -> None:
        """Over the package's calendar of that name; `exchange_calendar` finds it."""
        self._name = name
        self._bound = calendar.bound_min()
        self._zone = ZoneInfo(str(calendar.tz))
        self._take(calendar)

    @property
    def name(self) -> str:
        """The exchange's market identifier code."""
        return self._name

    @property
    def last(self) -> date:
        """The last session that is known."""
        return self._last

    @property
    def zone(self) -> ZoneInfo:
        """The exchange's time."""
        return self._zone

    def sessions(
        self, start: date, end: date
    ) -> Result[tuple[TradingSession, ...], BeyondCalendar]:
        """The sessions of a range, times in UTC; days after the package's horizon are a failure."""
        if start < self._first:
            self._reach_back_to(start)
        for asked in (start, end):
            if not self._first <= asked <= self._last:
                return Failure(BeyondCalendar(self._name, asked, self._first, self._last))
        days = self._days
        return Success(self._sessions[bisect_left(days, start) : bisect_right(days, end)])

    def _take(self, calendar: Any) -> None:
        self._sessions = _sessions(calendar)
        self._days = [session.day for session in self._sessions]
        self._first, self._last = self._days[0], self._days[-1]

    def _reach_back_to(self, start: date) -> None:
        """Load earlier years too, as far back as the package knows the exchange."""
        bound = date(1900, 1, 1) if self._bound is None else self._bound.date()
        earliest = date(max(start.year, bound.year), 1, 1)
        if bound <= start and earliest < self._first:
            self._take(_of_package(self._name, self._last, earliest))
            self._first = max(earliest, bound)


def exchange_calendar(name: str, today: date | None = None) -> Result[ExchangeCalendar, BuildError]:
    """The calendar of that name, known for a year from `today` on, the computer's own day where it
    is not given. Failure: the package has none.
    """
    from exchange_calendars import get_calendar_names
    from exchange_calendars.errors import InvalidCalendarName

    end = (today or datetime.now(UTC).date()) + _AHEAD
    try:
        return Success(ExchangeCalendar(name, _of_package(name, end)))
    except InvalidCalendarName:
        return Failure(BuildError((_unknown(name, tuple(get_calendar_names())),)))


def _of_package(name: str, end: date, start: date | None = None) -> Any:
    """The package's calendar of that name to `end`, from `start` or from twenty years ago."""
    from exchange_calendars import get_calendar

    with warnings.catch_warnings():
        # The package calls what pandas will change in its next series; that is for its authors.
        warnings.simplefilter("ignore", DeprecationWarning)
        first = None if start is None else start.isoformat()
        return get_calendar(name, start=first, end=end.isoformat())


def _sessions(calendar: Any) -> tuple[TradingSession, ...]:
    """All sessions of a calendar of the package, as plain dates and times."""
    early = {label.date() for label in calendar.early_closes}
    days = (label.date() for label in calendar.sessions)
    times = zip(days, calendar.opens_nanos, calendar.closes_nanos, strict=True)
    return tuple(
        TradingSession(day, _time(opens), _time(closes), day in early)
        for day, opens, closes in times
    )


def _time(nanoseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=int(nanoseconds) // 1000)


def _unknown(name: str, known: tuple[str, ...]) -> Problem:
    return Problem(
        code="unknown-calendar",
        what=f"there is no exchange calendar {name!r}",
        where="calendar",
        why="the package exchange_calendars does not have it",
        hint=did_you_mean(name, known),
    )
