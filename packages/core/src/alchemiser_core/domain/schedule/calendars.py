"""Two calendars of one exchange, held against each other: the own one and the broker's.

A half day that the own calendar does not know shifts the slot past the close, and one that only the
own calendar knows makes it trade at an hour that nobody meant.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from attrs import frozen

from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.session import TradingSession

CALENDARS_DISAGREE = "calendars-disagree"


@frozen
class DaysAhead:
    """The sessions of a range of days by the own calendar, days without one among them."""

    first: date
    last: date
    sessions: tuple[TradingSession, ...]


@frozen
class CalendarsDisagree:
    """Own calendar and broker's have other hours of a day; `None` where one has no session."""

    day: date
    own: TradingSession | None
    broker: TradingSession | None

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the day, and both hours."""
        return (
            Problem(
                code=CALENDARS_DISAGREE,
                what=f"calendar and broker have other hours of {self.day}",
                where="trading.calendar",
                why=f"by the calendar it is {_hours(self.own)}, "
                f"by the broker {_hours(self.broker)}",
                hint="correct the day in trading.calendar_settings, or install a newer calendar; "
                "nothing is sent on that day until both agree",
            ),
        )


def disagreements(
    own: DaysAhead, broker: Iterable[TradingSession]
) -> tuple[CalendarsDisagree, ...]:
    """Every day on which the two have other hours, in order.

    Days after the broker's last session are left out, all but the first of the range: the broker
    may not know them yet.
    """
    theirs = {session.day: session for session in broker}
    ours = {session.day: session for session in own.sessions}
    known = min(own.last, max(theirs, default=own.first))
    days = (
        own.first + timedelta(days=n) for n in range((max(known, own.first) - own.first).days + 1)
    )
    return tuple(
        CalendarsDisagree(day, ours.get(day), theirs.get(day))
        for day in days
        if _times(ours.get(day)) != _times(theirs.get(day))
    )


def _times(session: TradingSession | None) -> object:
    """What has to be equal: whether a session is called a half day is a matter of words."""
    return None if session is None else (session.opens, session.closes)


def _hours(session: TradingSession | None) -> str:
    if session is None:
        return "closed"
    opens, closes = (
        at.isoformat(sep=" ", timespec="minutes") for at in (session.opens, session.closes)
    )
    return f"open from {opens} to {closes}"
