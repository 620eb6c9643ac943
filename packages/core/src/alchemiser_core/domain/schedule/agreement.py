"""Whether orders may be sent now: the own calendar and the broker's clock have to agree.

Neither is trusted alone. A calendar does not know of an exchange that closes for a day of mourning,
and a broker's clock has been seen to call the market open in the middle of the night.
"""

from datetime import date, datetime

from attrs import frozen

from alchemiser_core.domain.account import BrokerTime
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.schedule.window import TradingWindow
from alchemiser_core.domain.session import TradingSession


@frozen
class NotInSession:
    """By the own calendar the market is closed."""

    now: datetime
    session: TradingSession | None
    broker_says_open: bool

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the time, and what the calendar says of the day."""
        if self.session is None:
            why = "the calendar has no session today"
        else:
            why = f"the session of {self.session.day} is {_hours(self.session)}"
        if self.broker_says_open:
            why += "; the broker says that it is open, which is not enough"
        return (
            Problem(
                code="outside-session",
                what=f"the market is closed at {_time(self.now)}",
                why=why,
                hint="wait for the next session",
            ),
        )


@frozen
class NotInWindow:
    """The market is open, but it is not the time to trade."""

    now: datetime
    window: TradingWindow

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the time, and the window."""
        early = self.now < self.window.starts
        return (
            Problem(
                code="outside-window",
                what=f"{_time(self.now)} is {'before' if early else 'after'} the trading window",
                why=f"it is from {_time(self.window.starts)} to {_time(self.window.ends)}",
                hint="wait for it" if early else "wait for the next session",
            ),
        )


@frozen
class BrokerSaysClosed:
    """The calendar has a session; the broker says that the market is closed."""

    day: date
    broker: BrokerTime

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the day, and whom to believe."""
        return (
            Problem(
                code="broker-says-closed",
                what=f"the broker says that the market is closed at {_time(self.broker.at)}",
                why=f"by the calendar the session of {self.day} goes on",
                hint="the exchange may have closed unexpectedly; nothing is sent until both agree",
            ),
        )


@frozen
class BrokerTimeOutside:
    """The broker says that the market is open, at a time that is not in the session."""

    session: TradingSession
    broker: BrokerTime

    def problems(self) -> tuple[Problem, ...]:
        """One problem: both times."""
        return (
            Problem(
                code="broker-time-outside",
                what=f"the broker's clock says {_time(self.broker.at)}",
                why=f"the session of {self.session.day} is {_hours(self.session)}",
                hint="check this computer's clock; nothing is sent until both agree",
            ),
        )


TimeRefusal = NotInSession | NotInWindow | BrokerSaysClosed | BrokerTimeOutside


def may_trade(
    now: datetime,
    session: TradingSession | None,
    broker: BrokerTime,
    window: TradingWindow | None = None,
) -> TimeRefusal | None:
    """Why nothing may be sent at `now`; `None` where calendar and broker agree that it may.

    `session`: that of the trading day by the own calendar, `None` where it has none.
    `window`: where given, `now` has to be in it as well.
    """
    if session is None or not session.is_open(now):
        return NotInSession(now, session, broker.is_open)
    if window is not None and not window.contains(now):
        return NotInWindow(now, window)
    if not broker.is_open:
        return BrokerSaysClosed(session.day, broker)
    if not session.is_open(broker.at):
        return BrokerTimeOutside(session, broker)
    return None


def _time(at: datetime) -> str:
    return at.isoformat(sep=" ", timespec="seconds")


def _hours(session: TradingSession) -> str:
    return f"from {_time(session.opens)} to {_time(session.closes)}"
