"""The exchange's hours: sessions of a trading calendar, the hours around them, days that are called
off.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from attrs import define, evolve, field, frozen
from returns.result import Failure

from alchemiser_core.domain.session import TradingSession
from alchemiser_core.ports.trading_calendar import TradingCalendar

NEW_YORK = ZoneInfo("America/New_York")

_EXTENDED_OPENS, _EXTENDED_CLOSES, _EXTENDED_CLOSES_EARLY = time(4), time(20), time(17)
_DAY = timedelta(days=1)


@frozen
class TradingDay:
    """A day with a session; all times aware, in New York."""

    day: date
    opens: datetime
    closes: datetime
    extended_opens: datetime
    """4:00."""
    extended_closes: datetime
    """20:00; on half days 17:00."""
    settles: date
    """The next trading day that is known."""

    def hours(self, extended: bool) -> tuple[datetime, datetime]:
        """From when until when orders are executed."""
        if extended:
            return self.extended_opens, self.extended_closes
        return self.opens, self.closes

    def is_open(self, at: datetime, extended: bool = False) -> bool:
        """Whether orders are executed at that time."""
        start, end = self.hours(extended)
        return start <= at < end


@define
class Sessions:
    """Answers for any time the calendar knows; `None` beyond it."""

    calendar: TradingCalendar
    early_extended_close: bool = True
    """Extended hours end at 17:00 on half days."""
    _closed: dict[date, datetime | None] = field(factory=dict)
    _years: dict[int, tuple[TradingDay, ...]] = field(factory=dict)
    _by_day: dict[date, TradingDay] = field(factory=dict)

    def day(self, day: date) -> TradingDay | None:
        """The session of a day; `None` where there is none."""
        self._year(day.year)
        return self._by_day.get(day)

    def days(self, start: date, end: date) -> tuple[TradingDay, ...]:
        """The days with a session from `start` to `end`, inclusive, as far as they are known."""
        years = range(start.year, end.year + 1)
        return tuple(d for year in years for d in self._year(year) if start <= d.day <= end)

    def is_open(self, at: datetime) -> bool:
        """Whether the regular session is on."""
        found = self.day(exchange_day(at))
        return found is not None and found.is_open(at)

    def current(self, at: datetime, extended: bool = False) -> TradingDay | None:
        """The session that is on, or the next one."""
        return next((d for d in self._from(at) if d.hours(extended)[1] > at), None)

    def previous(self, at: datetime) -> TradingDay | None:
        """The last session that has closed by then."""
        return next((d for d in self._back_from(at) if d.closes <= at), None)

    def next_open(self, at: datetime) -> datetime | None:
        """The first opening after `at`."""
        return next((d.opens for d in self._from(at) if d.opens > at), None)

    def next_close(self, at: datetime) -> datetime | None:
        """The first close after `at`."""
        return next((d.closes for d in self._from(at) if d.closes > at), None)

    def call_off(self, day: date, closes: datetime | None = None) -> None:
        """An unscheduled closure: the day has no session, or one that ends at `closes`."""
        self._closed[day] = closes
        self._years.clear()
        self._by_day.clear()

    def _from(self, at: datetime) -> Iterator[TradingDay]:
        """The days from that of `at` on, as far as the next year."""
        today = exchange_day(at)
        days = self._year(today.year)
        yield from islice(days, bisect_left(days, today, key=_date_of), None)
        yield from self._year(today.year + 1)

    def _back_from(self, at: datetime) -> Iterator[TradingDay]:
        today = exchange_day(at)
        days = self._year(today.year)
        yield from reversed(days[: bisect_right(days, today, key=_date_of)])
        yield from reversed(self._year(today.year - 1))

    def _year(self, year: int) -> tuple[TradingDay, ...]:
        if year not in self._years:
            found = self._known(date(year, 1, 1), date(year, 12, 31) + 10 * _DAY)
            open_on = [s for s in found if self._closed.get(s.day, s.closes) is not None]
            days = tuple(self._made(open_on)) if open_on else ()
            self._years[year] = tuple(d for d in days if d.day.year == year)
            self._by_day.update((d.day, d) for d in self._years[year])
        return self._years[year]

    def _known(self, start: date, end: date) -> tuple[TradingSession, ...]:
        """The sessions of a range, as far as the calendar knows it."""
        asked = self.calendar.sessions(start, end)
        if not isinstance(asked, Failure):
            return asked.unwrap()
        beyond = asked.failure()
        first, last = max(start, beyond.first), min(end, beyond.last)
        return self.calendar.sessions(first, last).unwrap() if first <= last else ()

    def _made(self, sessions: list[TradingSession]) -> Iterator[TradingDay]:
        after = [*sessions[1:], None]
        for session, following in zip(sessions, after, strict=True):
            early = session.is_half_day and self.early_extended_close
            ends = _EXTENDED_CLOSES_EARLY if early else _EXTENDED_CLOSES
            made = TradingDay(
                day=session.day,
                opens=session.opens.astimezone(NEW_YORK),
                closes=session.closes.astimezone(NEW_YORK),
                extended_opens=datetime.combine(session.day, _EXTENDED_OPENS, NEW_YORK),
                extended_closes=datetime.combine(session.day, ends, NEW_YORK),
                settles=session.day + _DAY if following is None else following.day,
            )
            yield self._shortened(made)

    def _shortened(self, day: TradingDay) -> TradingDay:
        closes = self._closed.get(day.day)
        if closes is None:
            return day
        ends = closes.astimezone(NEW_YORK)
        return evolve(day, closes=ends, extended_closes=ends)


def _date_of(day: TradingDay) -> date:
    return day.day


def exchange_day(at: datetime) -> date:
    """The date in New York."""
    return at.astimezone(NEW_YORK).date()
