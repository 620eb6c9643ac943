"""The sessions of an exchange calendar as the axis of a folder of files."""

from datetime import date

import numpy as np
from attrs import frozen
from returns.result import Result

from alchemiser_core.domain.bars import Sessions
from alchemiser_core.ports.trading_calendar import BeyondCalendar, TradingCalendar


@frozen(eq=False)
class ExchangeSessions:
    """`TradingSessions` of a calendar."""

    calendar: TradingCalendar

    def between(self, first: date, last: date) -> Result[Sessions, BeyondCalendar]:
        """Days with a session, both ends included. Failure: days that the calendar does not know.

        `last` is that of the bars, so that a session which is not over has no row before it has a
        bar.
        """
        return self.calendar.sessions(first, last).map(
            lambda found: np.array([session.day for session in found], dtype="datetime64[D]")
        )
