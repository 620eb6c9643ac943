from datetime import UTC, date, datetime

import pytest

from alchemiser_app.timekeeping.data_calendar import DataCalendar
from alchemiser_core.testing.calendar import weekdays
from alchemiser_core.testing.conformance import TradingCalendarConformance

FIRST, LAST = date(2025, 3, 3), date(2025, 11, 28)
DAYS = [session.day for session in weekdays(FIRST, LAST, closed={date(2025, 7, 4)})]


class TestDataCalendar(TradingCalendarConformance):
    known = (FIRST, LAST)

    @pytest.fixture
    def calendar(self):
        return DataCalendar(DAYS)


def test_days_may_come_in_any_order_and_twice():
    calendar = DataCalendar([*reversed(DAYS), *DAYS])
    assert [session.day for session in calendar.sessions(FIRST, LAST).unwrap()] == DAYS


def test_hours_are_those_of_new_york():
    winter, summer = (
        DataCalendar([FIRST, date(2025, 7, 1)]).sessions(FIRST, date(2025, 7, 1)).unwrap()
    )
    assert winter.opens == datetime(2025, 3, 3, 14, 30, tzinfo=UTC)
    assert summer.closes == datetime(2025, 7, 1, 20, tzinfo=UTC)


def test_no_days_are_no_calendar():
    with pytest.raises(ValueError, match="at least one session"):
        DataCalendar([])
