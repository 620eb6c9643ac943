"""The broker's hours of the coming days, held against the own calendar's once a cycle.

A disagreement about today refuses the cycle; one about a coming day is told while there is time to
find out who is right. A broker that does not tell its hours refuses nothing: calendar, window and
both clocks have to agree in any case, and the market is open by both when an order is sent.
"""

from attrs import frozen
from returns.result import Failure

from alchemiser_core.domain.alert import Alert, Severity
from alchemiser_core.domain.problem import Explainable
from alchemiser_core.domain.schedule.calendars import CalendarsDisagree, disagreements
from alchemiser_core.services.cycle.run import Run

UNREAD = "broker-calendar-unread"


@frozen
class ComparedHours:
    """What the comparison found."""

    today: tuple[CalendarsDisagree, ...] = ()
    """That of the trading day; refuses the cycle."""
    alerts: tuple[Alert, ...] = ()
    """What people have to know, and what stops nothing today."""


def compared_hours(run: Run) -> ComparedHours:
    """Ask the broker once, where it has a calendar and the own one is traded by."""
    ahead, hours = run.terms.ahead, run.desk.market_hours
    if ahead is None or hours is None:
        return ComparedHours()
    told = hours.market_sessions(ahead.first, ahead.last)
    if isinstance(told, Failure):
        return ComparedHours(alerts=(_unread(run, told.failure()),))
    found = disagreements(ahead, told.unwrap())
    return ComparedHours(
        today=tuple(each for each in found if each.day == run.terms.day),
        alerts=tuple(_alert(each) for each in found if each.day != run.terms.day),
    )


def _unread(run: Run, why: Explainable) -> Alert:
    reasons = "; ".join(str(problem) for problem in why.problems())
    text = f"session {run.terms.day}: the hours are not held against the broker's: {reasons}"
    return Alert(UNREAD, Severity.WARNING, text, run.terms.day.isoformat())


def _alert(found: CalendarsDisagree) -> Alert:
    (problem,) = found.problems()
    return Alert(problem.code, Severity.WARNING, str(problem), found.day.isoformat())
