"""Tests of which sessions are over at a moment."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from returns.result import Failure

from alchemiser_core.domain.session import TradingSession
from alchemiser_core.ports.trading_calendar import TradingCalendar
from alchemiser_core.services.completed_sessions import (
    completed_sessions,
    last_completed_session,
)
from alchemiser_core.testing.calendar import FixedCalendar, weekdays

THANKSGIVING, BLACK_FRIDAY = date(2026, 11, 26), date(2026, 11, 27)
CALENDAR = FixedCalendar(
    weekdays(
        date(2026, 11, 2), date(2026, 12, 31), closed=(THANKSGIVING,), half_days=(BLACK_FRIDAY,)
    ),
    first=date(2026, 11, 1),
    last=date(2026, 12, 31),
)


def last_at(
    text: str, calendar: TradingCalendar = CALENDAR, settle: timedelta = timedelta(minutes=15)
) -> date:
    return last_completed_session(calendar, datetime.fromisoformat(text), settle).unwrap().day


def test_a_session_is_over_a_quarter_of_an_hour_after_its_close() -> None:
    assert last_at("2026-11-24T16:14:59-05:00") == date(2026, 11, 23)
    assert last_at("2026-11-24T16:15:00-05:00") == date(2026, 11, 24)


def test_a_running_session_is_not_over() -> None:
    assert last_at("2026-11-24T12:00:00-05:00") == date(2026, 11, 23)


def test_a_half_day_is_over_after_its_early_close() -> None:
    assert last_at("2026-11-27T13:14:00-05:00") == date(2026, 11, 25)
    assert last_at("2026-11-27T13:15:00-05:00") == BLACK_FRIDAY


def test_a_holiday_and_a_weekend_have_no_session_of_their_own() -> None:
    assert last_at("2026-11-26T23:00:00-05:00") == date(2026, 11, 25)
    assert last_at("2026-11-29T23:00:00-05:00") == BLACK_FRIDAY


def test_the_day_is_that_of_the_moment_not_of_the_zone_it_is_written_in() -> None:
    moment = datetime(2026, 11, 24, 21, 15, tzinfo=UTC)
    for hours in (-12, -5, 0, 5.5, 14):
        there = moment.astimezone(timezone(timedelta(hours=hours)))
        assert last_completed_session(CALENDAR, there).unwrap().day == date(2026, 11, 24)
        before = last_completed_session(CALENDAR, there - timedelta(seconds=1))
        assert before.unwrap().day == date(2026, 11, 23)


def test_the_time_to_settle_can_be_left_out_or_be_a_day() -> None:
    assert last_at("2026-11-24T16:00:00-05:00", settle=timedelta(0)) == date(2026, 11, 24)
    assert last_at("2026-11-24T16:15:00-05:00", settle=timedelta(days=1)) == date(2026, 11, 23)


def test_a_calendar_that_has_begun_lately_gives_its_first_session() -> None:
    young = FixedCalendar(weekdays(date(2026, 11, 23), date(2026, 12, 31)))

    assert last_at("2026-11-24T12:00:00-05:00", young) == date(2026, 11, 23)
    none_yet = last_completed_session(young, datetime(2026, 11, 23, 18, tzinfo=UTC))
    assert none_yet.failure().first == date(2026, 11, 23)


def test_a_calendar_that_has_ended_does_not_guess() -> None:
    ended = last_completed_session(CALENDAR, datetime(2027, 1, 4, 12, tzinfo=UTC))

    assert isinstance(ended, Failure)
    assert ended.failure().asked == date(2027, 1, 4)


def test_a_market_that_was_closed_for_months_has_its_last_session_still() -> None:
    before = weekdays(date(1914, 7, 1), date(1914, 7, 30))
    after = weekdays(date(1914, 12, 14), date(1914, 12, 31))
    closed = FixedCalendar((*before, *after), first=date(1900, 1, 1), last=date(1914, 12, 31))

    assert last_at("1914-12-01T12:00:00-05:00", closed) == date(1914, 7, 30)


def test_a_calendar_without_a_session_for_years_is_a_mistake() -> None:
    empty = FixedCalendar((), first=date(1990, 1, 1), last=date(2030, 1, 1))

    with pytest.raises(ValueError, match="no session for three years"):
        last_at("2026-11-24T12:00:00-05:00", empty)


def test_completed_sessions_are_those_from_the_start_to_the_last_that_is_over() -> None:
    now = datetime.fromisoformat("2026-11-30T12:00:00-05:00")

    found = completed_sessions(CALENDAR, date(2026, 11, 24), now).unwrap()
    assert [each.day.day for each in found] == [24, 25, 27]


def test_nothing_is_complete_of_what_begins_today_or_later() -> None:
    now = datetime.fromisoformat("2026-11-30T12:00:00-05:00")

    assert completed_sessions(CALENDAR, date(2026, 11, 30), now).unwrap() == ()
    assert completed_sessions(CALENDAR, date(2031, 1, 1), now).unwrap() == ()


def test_a_start_that_the_calendar_does_not_know_is_a_failure() -> None:
    now = datetime.fromisoformat("2026-11-30T12:00:00-05:00")

    assert completed_sessions(CALENDAR, date(2026, 10, 1), now).failure().asked == date(2026, 10, 1)


def test_a_session_east_of_greenwich_is_over_on_its_own_day() -> None:
    day = date(2026, 11, 24)
    opens = datetime(2026, 11, 23, 21, tzinfo=UTC)
    auckland = TradingSession(day, opens, opens + timedelta(hours=7))
    calendar = FixedCalendar((auckland,), first=date(2026, 1, 1), last=date(2026, 12, 1))

    assert last_at("2026-11-24T04:15:00+00:00", calendar) == day


def test_a_time_without_a_zone_and_a_session_over_before_its_close_are_mistakes() -> None:
    with pytest.raises(ValueError, match="time zone"):
        last_at("2026-11-24T12:00:00")
    with pytest.raises(ValueError, match="before it closes"):
        last_at("2026-11-24T12:00:00+00:00", settle=timedelta(seconds=-1))


def test_lesson_at_the_slot_the_running_session_is_not_complete() -> None:
    """Signals before the close once took today's unfinished bar or yesterday's, by luck."""
    assert last_at("2026-11-24T15:45:00-05:00") == date(2026, 11, 23)
    assert last_at("2026-11-27T12:45:00-05:00") == date(2026, 11, 25)
    assert last_at("2026-11-30T15:45:00-05:00") == BLACK_FRIDAY
