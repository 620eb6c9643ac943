"""New York's sessions, and a run of three years over them."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from returns.result import Failure

from alchemiser_app.timekeeping.exchange_calendar import exchange_calendar
from alchemiser_core.domain.schedule import (
    AFTER_OPEN,
    BEFORE_CLOSE,
    Missed,
    MissedSlot,
    NothingKnown,
    Trade,
    WaitUntil,
    next_step,
)
from alchemiser_core.services.completed_sessions import last_completed_session
from alchemiser_core.simulation.virtual_clock import VirtualClock
from alchemiser_core.testing.conformance import TradingCalendarConformance

NEW_YORK = ZoneInfo("America/New_York")
SINGAPORE = ZoneInfo("Asia/Singapore")
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def calendar():
    return exchange_calendar("XNYS").unwrap()


class TestNewYork(TradingCalendarConformance):
    known = (date(2024, 1, 1), date(2025, 12, 31))
    half_days = tuple(
        date.fromisoformat(day)
        for day in (
            "2024-07-03",
            "2024-11-29",
            "2024-12-24",
            "2025-07-03",
            "2025-11-28",
            "2025-12-24",
        )
    )

    @pytest.fixture
    def calendar(self, calendar):
        return calendar


def test_days_of_mourning_and_storms_have_no_session(calendar):
    for day in (date(2025, 1, 9), date(2018, 12, 5), date(2012, 10, 29), date(2012, 10, 30)):
        assert calendar.sessions(day, day).unwrap() == ()


def test_sessions_keep_the_hours_of_new_york_in_summer_and_winter(calendar):
    for session in calendar.sessions(date(2023, 1, 1), date(2025, 12, 31)).unwrap():
        assert session.opens.tzinfo is UTC
        assert f"{session.opens.astimezone(NEW_YORK):%H:%M}" == "09:30"
        closes = f"{session.closes.astimezone(NEW_YORK):%H:%M}"
        assert closes == ("13:00" if session.is_half_day else "16:00")


def test_years_long_ago_are_known_too():
    old = exchange_calendar("XNYS").unwrap()
    assert len(old.sessions(date(1990, 1, 1), date(1990, 12, 31)).unwrap()) == 253
    assert len(old.sessions(date(2024, 1, 1), date(2024, 12, 31)).unwrap()) == 252


def test_a_year_from_today_is_known_whatever_the_day_on_which_the_program_was_started():
    for today, last in ((date(2024, 3, 6), date(2025, 3, 6)), (date(2041, 5, 1), date(2042, 5, 1))):
        calendar = exchange_calendar("XNYS", today).unwrap()
        assert calendar.last == last
        (known,) = calendar.sessions(last, last).unwrap()
        assert known.day == last
        beyond = calendar.sessions(today, last + timedelta(days=1)).failure()
        assert (beyond.asked, beyond.last) == (last + timedelta(days=1), last)


def test_reaching_back_does_not_reach_ahead():
    calendar = exchange_calendar("XNYS", date(2024, 3, 6)).unwrap()
    assert calendar.sessions(date(1990, 1, 1), date(1990, 2, 1)).unwrap()
    assert calendar.last == date(2025, 3, 6)


def test_lesson_holidays_are_no_sessions_of_anybody(calendar):
    """A predecessor repeated the return of the day before on each of them."""
    holidays = ("2024-01-01", "2024-01-15", "2024-03-29", "2024-06-19", "2024-11-28", "2024-12-25")
    year = {each.day for each in calendar.sessions(date(2024, 1, 1), date(2024, 12, 31)).unwrap()}
    assert len(year) == 252
    for holiday in map(date.fromisoformat, holidays):
        assert holiday not in year
        noon = datetime(holiday.year, holiday.month, holiday.day, 23, tzinfo=UTC)
        assert last_completed_session(calendar, noon).unwrap().day < holiday


def test_a_name_that_nobody_knows_is_refused_with_a_near_one():
    refused = exchange_calendar("XNYZ")
    assert isinstance(refused, Failure)
    (problem,) = refused.failure().problems()
    assert problem.code == "unknown-calendar"
    assert problem.hint


@pytest.mark.parametrize("missed", list(MissedSlot))
@pytest.mark.parametrize("slot", [BEFORE_CLOSE, AFTER_OPEN], ids=str)
@pytest.mark.parametrize("seed", [1, 2])
def test_case_43_three_years_have_one_cycle_or_one_missed_slot_a_session(
    calendar, missed, slot, seed
):
    """The host is in Singapore, sleeps at random and is killed at random; leap day included."""
    sessions = calendar.sessions(date(2023, 1, 1), date(2025, 12, 31)).unwrap()
    chance = Random(seed)
    start = datetime(2023, 1, 1, tzinfo=UTC)
    clock = VirtualClock(start)
    traded, skipped, done = [], [], None
    while clock.now() < datetime(2026, 1, 15, tzinfo=UTC):
        now = clock.now().astimezone(SINGAPORE)
        match next_step(now, sessions, slot, 10 * MINUTE, missed, done, started=start):
            case Trade(session, window, late):
                assert session.is_open(now)
                assert now < window.ends <= session.closes - MINUTE
                assert not late or missed is MissedSlot.LATE
                traded.append(session.day)
                done = session.day
                clock.advance(chance.randint(0, 600) * timedelta(seconds=1))
            case Missed(session, _):
                skipped.append(session.day)
                done = session.day
            case WaitUntil(at, session):
                assert now < at < session.closes
                clock.wait_until(at)
                if chance.random() < 0.2:
                    clock.advance(chance.choice([5, 12, 300, 3000, 10_000]) * MINUTE)
            case NothingKnown():
                break
    assert sorted(traded + skipped) == [session.day for session in sessions]
    assert len(traded) > len(sessions) / 2
    assert skipped
