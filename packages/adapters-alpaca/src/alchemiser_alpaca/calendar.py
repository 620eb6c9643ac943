"""The calendar: the vendor's own sessions, half days among them."""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, time

from returns.result import Failure, Result, Success

from alchemiser_alpaca.connection.asking import told
from alchemiser_alpaca.connection.connection import Connection
from alchemiser_alpaca.market_time import NEW_YORK
from alchemiser_alpaca.reading import Record, UnreadableError, day, records, text
from alchemiser_core.domain.session import TradingSession
from alchemiser_core.ports.broker import BrokerFailure, BrokerUnavailable
from alchemiser_core.ports.trading_calendar import BeyondCalendar

FIRST, LAST = date(1970, 1, 1), date(2029, 12, 31)
"""What the vendor knows."""

_HALF_DAY = time(15)
"""Half days close at 13:00, and long ago at 14:00; full ones never closed before 15:30."""


class AlpacaCalendar:
    """`TradingCalendar` of the sessions that were read when it was made.

    All of them are read at once, so that no question about a day depends on the network.
    """

    name = "alpaca"

    def __init__(self, sessions: tuple[TradingSession, ...]) -> None:
        """`ValueError` where there is no session at all."""
        if not sessions:
            raise ValueError("a calendar needs at least one session")
        self._sessions = sessions
        self._days = [session.day for session in sessions]

    @property
    def last(self) -> date:
        """The last session that was read."""
        return self._days[-1]

    def sessions(
        self, start: date, end: date
    ) -> Result[tuple[TradingSession, ...], BeyondCalendar]:
        """The sessions of a range, times in UTC; days outside of what was read are a failure."""
        first, last = self._days[0], self._days[-1]
        for asked in (start, end):
            if not first <= asked <= last:
                return Failure(BeyondCalendar(self.name, asked, first, last))
        found = self._sessions[bisect_left(self._days, start) : bisect_right(self._days, end)]
        return Success(found)


def read_calendar(connection: Connection) -> Result[AlpacaCalendar, BrokerFailure]:
    """The calendar of everything that the vendor knows."""
    answer = connection.get("/calendar", {"start": FIRST.isoformat(), "end": LAST.isoformat()})
    found = told(answer, lambda json: _calendar(records(json)), "the calendar cannot be read")
    return found


def read_sessions(
    connection: Connection, start: date, end: date
) -> Result[tuple[TradingSession, ...], BrokerFailure]:
    """The sessions of a range of days in one request; maybe none. Failure: no answer, or a range
    that begins after everything that the vendor knows.
    """
    if start > LAST:
        beyond = BeyondCalendar(AlpacaCalendar.name, start, FIRST, LAST)
        return Failure(BrokerUnavailable(beyond.problems()))
    answer = connection.get("/calendar", {"start": start.isoformat(), "end": end.isoformat()})
    found = told(answer, lambda json: _sessions(records(json)), "the hours cannot be read")
    return found.map(lambda sessions: tuple(s for s in sessions if start <= s.day <= end))


def _calendar(rows: list[Record]) -> AlpacaCalendar:
    if not rows:
        raise UnreadableError("there is no session in it")
    return AlpacaCalendar(_sessions(rows))


def _sessions(rows: list[Record]) -> tuple[TradingSession, ...]:
    by_day = {session.day: session for session in map(_session, rows)}
    return tuple(by_day[day] for day in sorted(by_day))


def _session(row: Record) -> TradingSession:
    on = day(row, "date")
    opens, closes = _time(row, "open"), _time(row, "close")
    if not opens < closes:
        raise UnreadableError(f"the session of {on} closes before it opens")
    at_open, at_close = (
        datetime.combine(on, at, NEW_YORK).astimezone(UTC) for at in (opens, closes)
    )
    return TradingSession(on, at_open, at_close, is_half_day=closes < _HALF_DAY)


def _time(row: Record, name: str) -> time:
    """A time of day; sessions are written `09:30`, hours around them `0400`."""
    try:
        at = time.fromisoformat(text(row, name))
    except ValueError as error:
        raise UnreadableError(f"{name} is no time of day") from error
    if at.tzinfo is not None:
        raise UnreadableError(f"{name} is no time of the exchange, it has a zone of its own")
    return at
