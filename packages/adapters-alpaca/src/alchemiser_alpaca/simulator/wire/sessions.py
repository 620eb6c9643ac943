"""The exchange's clock and calendar as the API tells them."""

from datetime import datetime
from typing import Any

from alchemiser_alpaca.simulator.exchange.sessions import Sessions, TradingDay
from alchemiser_alpaca.simulator.wire.times import exchange_stamp


def clock_json(sessions: Sessions, at: datetime) -> dict[str, Any]:
    """The clock; the next open and close are `None` beyond the calendar."""
    opens, closes = sessions.next_open(at), sessions.next_close(at)
    return {
        "timestamp": exchange_stamp(at),
        "is_open": sessions.is_open(at),
        "next_open": None if opens is None else exchange_stamp(opens),
        "next_close": None if closes is None else exchange_stamp(closes),
    }


def day_json(day: TradingDay) -> dict[str, Any]:
    """A row of the calendar: the session as `09:30`, the hours around it as `0400`."""
    return {
        "date": day.day.isoformat(),
        "open": day.opens.strftime("%H:%M"),
        "close": day.closes.strftime("%H:%M"),
        "session_open": day.extended_opens.strftime("%H%M"),
        "session_close": day.extended_closes.strftime("%H%M"),
        "settlement_date": day.settles.isoformat(),
    }
