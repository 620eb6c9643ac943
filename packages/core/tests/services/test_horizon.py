"""How far ahead a calendar knows."""

from datetime import UTC, date, datetime, timedelta

from attrs import frozen
from returns.result import Success

from alchemiser_core.domain.alert import Severity
from alchemiser_core.services.horizon import ENOUGH, ends_soon, horizon_alert, known_until
from alchemiser_core.testing.calendar import FixedCalendar, weekdays

LAST = date(2026, 12, 31)
CALENDAR = FixedCalendar(weekdays(date(2026, 1, 1), LAST), last=LAST)


@frozen
class Silent:
    """Does not say how far it knows."""

    name: str = "silent"

    def sessions(self, start, end):
        return Success(())


def test_a_month_before_the_end_it_is_told_and_not_before():
    assert ends_soon(CALENDAR, date(2026, 12, 1)) is None
    problem = ends_soon(CALENDAR, date(2026, 12, 2))
    assert problem is not None
    assert problem.code == "calendar-ends-soon"
    assert "to 2026-12-31, 29 days ahead" in problem.what
    assert "newer version" in problem.hint


def test_the_limit_can_be_another():
    assert ends_soon(CALENDAR, date(2026, 11, 1), ENOUGH) is None
    assert ends_soon(CALENDAR, date(2026, 11, 2), ENOUGH) is not None


def test_a_calendar_that_has_ended_has_no_day_left():
    problem = ends_soon(CALENDAR, LAST + timedelta(days=100))
    assert problem is not None
    assert " 0 days ahead" in problem.what


def test_a_calendar_that_does_not_say_is_not_told_of():
    assert known_until(Silent()) is None
    assert horizon_alert(Silent(), datetime(2026, 12, 30, tzinfo=UTC)) is None


def test_the_alert_has_one_text_a_day():
    one, other = (horizon_alert(CALENDAR, datetime(2026, 12, 20, h, tzinfo=UTC)) for h in (1, 22))
    assert one == other
    assert one is not None
    assert one.severity is Severity.WARNING
    assert one != horizon_alert(CALENDAR, datetime(2026, 12, 21, tzinfo=UTC))
