"""A trading calendar in memory, and sessions of New York for it."""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta

from returns.result import Failure, Result, Success

from alchemiser_core.domain.session import TradingSession
from alchemiser_core.ports.trading_calendar import BeyondCalendar

_OPENS, _CLOSES, _CLOSES_EARLY = time(9, 30), time(16), time(13)


class FixedCalendar:
    """Knows the sessions that it is given, and the days between the first and the last of them."""

    def __init__(
        self,
        sessions: Iterable[TradingSession],
        first: date | None = None,
        last: date | None = None,
        name: str = "fixed",
    ) -> None:
        """`first` and `last` known day, where they are not those of a session."""
        self._sessions = tuple(sorted(sessions, key=lambda session: session.day))
        if not self._sessions and (first is None or last is None):
            raise ValueError("a calendar without a session needs its first and last day")
        self._first = first or self._sessions[0].day
        self._last = last or self._sessions[-1].day
        self._name = name

    @property
    def name(self) -> str:
        """As given."""
        return self._name

    @property
    def last(self) -> date:
        """The last day that it knows."""
        return self._last

    def sessions(
        self, start: date, end: date
    ) -> Result[tuple[TradingSession, ...], BeyondCalendar]:
        """The sessions of a range; a failure where it goes beyond the known days."""
        for asked in (start, end):
            if not self._first <= asked <= self._last:
                return Failure(BeyondCalendar(self._name, asked, self._first, self._last))
        return Success(tuple(each for each in self._sessions if start <= each.day <= end))


def new_york_session(day: date, is_half_day: bool = False) -> TradingSession:
    """9:30 to 16:00 of New York, to 13:00 on half days, in UTC; daylight saving as since 2007."""
    offset = timedelta(hours=4 if _saves_daylight(day) else 5)
    closes = _CLOSES_EARLY if is_half_day else _CLOSES
    return TradingSession(
        day=day,
        opens=datetime.combine(day, _OPENS, UTC) + offset,
        closes=datetime.combine(day, closes, UTC) + offset,
        is_half_day=is_half_day,
    )


def weekdays(
    first: date, last: date, closed: Collection[date] = (), half_days: Collection[date] = ()
) -> tuple[TradingSession, ...]:
    """New York sessions of all Mondays to Fridays from `first` to `last` that are not `closed`."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(
        new_york_session(day, day in half_days)
        for day in days
        if day.weekday() < 5 and day not in closed
    )


def _saves_daylight(day: date) -> bool:
    """From the second Sunday of March to the first of November."""
    return _first_sunday(day.year, 3) + timedelta(days=7) <= day < _first_sunday(day.year, 11)


def _first_sunday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=6 - first.weekday())
