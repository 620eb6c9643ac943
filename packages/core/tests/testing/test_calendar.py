from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from alchemiser_core.testing.calendar import FixedCalendar, new_york_session, weekdays

NEW_YORK = ZoneInfo("America/New_York")


def test_sessions_are_at_the_hours_of_new_york_in_every_night_of_twenty_years():
    for session in weekdays(date(2010, 1, 1), date(2029, 12, 31)):
        opens, closes = (at.astimezone(NEW_YORK) for at in (session.opens, session.closes))
        assert (opens.date(), f"{opens:%H:%M}") == (session.day, "09:30")
        assert f"{closes:%H:%M}" == "16:00"


def test_half_days_end_at_one():
    closes = new_york_session(date(2025, 7, 3), is_half_day=True).closes
    assert closes == datetime(2025, 7, 3, 17, tzinfo=UTC)


def test_weekends_and_holidays_have_no_session():
    sessions = weekdays(date(2025, 7, 2), date(2025, 7, 7), closed={date(2025, 7, 4)})
    assert [session.day.day for session in sessions] == [2, 3, 7]


def test_a_calendar_without_sessions_needs_its_bounds():
    with pytest.raises(ValueError, match="first and last day"):
        FixedCalendar(())
