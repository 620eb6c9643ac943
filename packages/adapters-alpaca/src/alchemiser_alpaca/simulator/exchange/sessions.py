"""The exchange's hours: sessions of a trading calendar, the hours around them, days that are called
off.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from attrs import define, field, frozen

from alchemiser_core.ports.trading_calendar import TradingCalendar

NEW_YORK = ZoneInfo("America/New_York")


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
    """The next trading day."""


@define
class Sessions:
    """Answers for any time the calendar knows; `None` beyond it."""

    calendar: TradingCalendar
    early_extended_close: bool = True
    _closed: set[date] = field(factory=set)

    def day(self, day: date) -> TradingDay | None:
        """The session of a day; `None` where there is none."""
        raise NotImplementedError

    def days(self, start: date, end: date) -> tuple[TradingDay, ...]:
        """The days with a session from `start` to `end`, inclusive, as far as they are known."""
        raise NotImplementedError

    def is_open(self, at: datetime) -> bool:
        """Whether the regular session is on."""
        raise NotImplementedError

    def current(self, at: datetime) -> TradingDay | None:
        """The session that is on, or the next one."""
        raise NotImplementedError

    def previous(self, at: datetime) -> TradingDay | None:
        """The last session that has closed by then."""
        raise NotImplementedError

    def next_open(self, at: datetime) -> datetime | None:
        """The first opening after `at`."""
        raise NotImplementedError

    def next_close(self, at: datetime) -> datetime | None:
        """The first close after `at`."""
        raise NotImplementedError

    def call_off(self, day: date, closes: datetime | None = None) -> None:
        """An unscheduled closure: the day has no session, or one that ends at `closes`."""
        raise NotImplementedError
