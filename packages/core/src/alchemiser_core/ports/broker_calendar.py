"""The broker-calendar port: at which days and times a market is open by a broker's word."""

from datetime import date
from typing import Protocol, runtime_checkable

from returns.result import Result

from alchemiser_core.domain.session import TradingSession
from alchemiser_core.ports.broker import BrokerFailure


@runtime_checkable
class KeepsCalendar(Protocol):
    """A broker with a calendar of its own, which the application's is held against."""

    def market_sessions(
        self, start: date, end: date
    ) -> Result[tuple[TradingSession, ...], BrokerFailure]:
        """The sessions from `start` to `end`, both inclusive, in order; read anew, in one request
        where that is possible. Maybe none.
        """
        ...
