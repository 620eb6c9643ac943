"""How far ahead a calendar knows, and the alert when that is not far any more.

A calendar that has ended stops a run for good, and nothing is traded beyond it. So people are told
while there is time to install a newer one.
"""

from datetime import date, datetime, timedelta

from alchemiser_core.domain.alert import Alert, Severity
from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.trading_calendar import KnownUntil, TradingCalendar

ENOUGH = timedelta(days=60)
"""Further ahead nothing needs to be said."""
SOON = timedelta(days=30)
"""With less than that, people are alerted."""
ENDS_SOON = "calendar-ends-soon"


def known_until(calendar: TradingCalendar) -> date | None:
    """The last day that a calendar knows; `None` where it does not say."""
    return calendar.last if isinstance(calendar, KnownUntil) else None


def ends_soon(calendar: TradingCalendar, today: date, limit: timedelta = SOON) -> Problem | None:
    """What is wrong with a calendar that knows less than `limit` ahead; `None` where it does not
    say, or knows more.
    """
    last = known_until(calendar)
    if last is None or last - today >= limit:
        return None
    left = max(0, (last - today).days)
    return Problem(
        code=ENDS_SOON,
        what=f"the calendar {calendar.name} knows sessions to {last}, {left} days ahead",
        where="trading.calendar",
        why="beyond its end nothing is traded",
        hint="install a newer version of the package that it comes from, and start again",
    )


def horizon_alert(calendar: TradingCalendar, now: datetime) -> Alert | None:
    """The alert that a calendar ends soon, of one text a day; `None` where it does not."""
    problem = ends_soon(calendar, now.date())
    if problem is None:
        return None
    return Alert(problem.code, Severity.WARNING, str(problem), calendar.name)
