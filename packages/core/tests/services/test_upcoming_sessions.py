from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from returns.result import Failure

from alchemiser_core.services.upcoming_sessions import (
    days_ahead,
    session_open_at,
    upcoming_sessions,
)
from alchemiser_core.testing.calendar import FixedCalendar, weekdays

CALENDAR = FixedCalendar(weekdays(date(2025, 6, 2), date(2025, 12, 31)))
NOW = datetime(2025, 9, 3, 16, tzinfo=UTC)


def days(result):
    return [session.day for session in result.unwrap()]


def test_without_anything_done_it_looks_from_yesterday_to_two_weeks_ahead():
    found = days(upcoming_sessions(CALENDAR, NOW, None))
    assert (found[0], found[-1]) == (date(2025, 9, 2), date(2025, 9, 17))


def test_what_was_not_done_is_looked_at_however_long_ago():
    found = days(upcoming_sessions(CALENDAR, NOW, date(2025, 7, 1)))
    assert (found[0], found[-1]) == (date(2025, 7, 2), date(2025, 9, 17))


def test_the_zone_of_the_host_makes_no_difference():
    evening = datetime(2025, 9, 3, 23, tzinfo=UTC)
    there = evening.astimezone(ZoneInfo("Asia/Singapore"))
    assert there.date() != evening.date()
    assert upcoming_sessions(CALENDAR, there, None) == upcoming_sessions(CALENDAR, evening, None)


def test_a_calendar_that_ends_soon_gives_what_it_has():
    for day in (18, 29, 31):
        found = days(upcoming_sessions(CALENDAR, datetime(2025, 12, day, 16, tzinfo=UTC), None))
        assert found[-1] == date(2025, 12, 31)


def test_a_calendar_that_has_ended_is_a_failure():
    for now in (datetime(2026, 1, 1, 1, tzinfo=UTC), datetime(2026, 2, 2, 16, tzinfo=UTC)):
        found = upcoming_sessions(CALENDAR, now, date(2025, 12, 1))
        assert isinstance(found, Failure)
        assert found.failure().last == date(2025, 12, 31)


def test_a_calendar_that_begins_later_is_a_failure():
    found = upcoming_sessions(CALENDAR, NOW, date(2025, 1, 2))
    assert isinstance(found, Failure)
    assert found.failure().asked == date(2025, 1, 3)


def test_a_day_that_is_done_ahead_of_time_leaves_nothing_behind():
    found = days(upcoming_sessions(CALENDAR, NOW, date(2025, 10, 1)))
    assert found == [date(2025, 10, 2)]


def test_the_open_session_is_found():
    sessions = upcoming_sessions(CALENDAR, NOW, None).unwrap()
    found = session_open_at(NOW, sessions)
    assert found is not None
    assert found.day == NOW.date()
    assert session_open_at(NOW + timedelta(hours=9), sessions) is None


def test_the_days_ahead_are_two_weeks_from_the_day_on():
    ahead = days_ahead(CALENDAR, date(2025, 9, 3)).unwrap()
    assert (ahead.first, ahead.last) == (date(2025, 9, 3), date(2025, 9, 17))
    assert [session.day for session in ahead.sessions][0::10] == [ahead.first, ahead.last]


def test_the_days_ahead_end_where_the_calendar_does():
    ahead = days_ahead(CALENDAR, date(2025, 12, 29)).unwrap()
    assert (ahead.last, len(ahead.sessions)) == (date(2025, 12, 31), 3)
    assert isinstance(days_ahead(CALENDAR, date(2026, 1, 1)), Failure)
    assert isinstance(days_ahead(CALENDAR, date(2025, 1, 1)), Failure)
