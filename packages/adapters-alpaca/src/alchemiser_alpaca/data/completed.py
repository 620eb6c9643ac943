"""Which session is completed: the bar of a running one changes until the close, and is no bar."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from returns.result import Result

from alchemiser_alpaca.connection.asking import told
from alchemiser_alpaca.market_time import NEW_YORK
from alchemiser_alpaca.reading import Record, flag, moment, record
from alchemiser_core.ports.broker import BrokerFailure

if TYPE_CHECKING:
    from alchemiser_alpaca.connection.connection import Connection

_DAY = timedelta(days=1)


def last_completed(trading: "Connection") -> Result[date, BrokerFailure]:
    """The last day of which no session is running or still to come, by the broker's clock."""
    what = "the broker's clock, which says what session is completed, cannot be read"
    return told(trading.get("/clock"), lambda json: _completed(record(json)), what)


def _completed(clock: Record) -> date:
    today = moment(clock, "timestamp").astimezone(NEW_YORK).date()
    opens_next = moment(clock, "next_open").astimezone(NEW_YORK).date()
    is_over = not flag(clock, "is_open") and opens_next > today
    return today if is_over else today - _DAY
