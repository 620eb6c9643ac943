"""The sessions of stored bars as a calendar, for a broker that lives on its data."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from returns.result import Failure, Result, Success

from alchemiser_core.domain.session import TradingSession
from alchemiser_core.ports.trading_calendar import BeyondCalendar

_NEW_YORK = ZoneInfo("America/New_York")
_OPENS, _CLOSES = time(9, 30), time(16)


class DataCalendar:
    """`TradingCalendar` of the days that have bars, each from 9:30 to 16:00 of New York.

    Daily bars do not say when a day closed early, so none of them is a half day. What lies outside
    of the first and the last day is not known.
    """

    name = "data"

    def __init__(self, days: Iterable[date]) -> None:
        """`ValueError` where there is no day at all."""
        self._sessions = tuple(_session(day) for day in sorted(set(days)))
        if not self._sessions:
            raise ValueError("a calendar of bars needs at least one session")

    def sessions(
        self, start: date, end: date
    ) -> Result[tuple[TradingSession, ...], BeyondCalendar]:
        """The sessions of a range, times in UTC."""
        first, last = self._sessions[0].day, self._sessions[-1].day
        for asked in (start, end):
            if not first <= asked <= last:
                return Failure(BeyondCalendar(self.name, asked, first, last))
        return Success(tuple(each for each in self._sessions if start <= each.day <= end))


def _session(day: date) -> TradingSession:
    opens, closes = (
        datetime.combine(day, at, _NEW_YORK).astimezone(UTC) for at in (_OPENS, _CLOSES)
    )
    return TradingSession(day, opens, closes)
