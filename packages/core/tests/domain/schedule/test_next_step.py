"""A day of a program that runs for ever, and all the days on which something is different."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alchemiser_core.domain.schedule import (
    AFTER_OPEN,
    BEFORE_CLOSE,
    Anchor,
    Missed,
    MissedSlot,
    NothingKnown,
    Slot,
    Trade,
    WaitUntil,
    last_moment,
    next_step,
)
from alchemiser_core.simulation.virtual_clock import VirtualClock
from alchemiser_core.testing.calendar import new_york_session, weekdays

MINUTE = timedelta(minutes=1)
LENGTH = 10 * MINUTE
SINGAPORE = ZoneInfo("Asia/Singapore")
MONDAY, TUESDAY = weekdays(date(2025, 6, 2), date(2025, 6, 3))
BEFORE = date(2025, 5, 30)


def step(now, sessions=(MONDAY, TUESDAY), missed=MissedSlot.SKIP, last_done=BEFORE):
    return next_step(now, sessions, BEFORE_CLOSE, LENGTH, missed, last_done)


# --- one day -----------------------------------------------------------------------------------


def test_before_the_slot_it_waits_for_it():
    slot = MONDAY.closes - 15 * MINUTE
    assert step(MONDAY.opens) == WaitUntil(slot, MONDAY)
    assert step(slot - timedelta(microseconds=1)) == WaitUntil(slot, MONDAY)


def test_from_the_slot_on_it_trades():
    found = step(MONDAY.closes - 15 * MINUTE)
    assert isinstance(found, Trade)
    assert (found.session, found.late) == (MONDAY, False)
    assert found.window.ends == MONDAY.closes - 5 * MINUTE


def test_what_is_done_is_done_once():
    found = step(MONDAY.closes - 14 * MINUTE, last_done=MONDAY.day)
    assert found == WaitUntil(TUESDAY.closes - 15 * MINUTE, TUESDAY)


def test_a_slot_that_has_passed_is_skipped_or_traded_late_by_policy():
    late = MONDAY.closes - 4 * MINUTE
    assert step(late) == Missed(MONDAY, MissedSlot.SKIP)
    found = step(late, missed=MissedSlot.LATE)
    assert isinstance(found, Trade)
    assert found.late
    assert found.window.ends == last_moment(MONDAY)


def test_nothing_is_traded_late_in_the_margin_before_the_close():
    for missed in MissedSlot:
        assert step(last_moment(MONDAY), missed=missed) == Missed(MONDAY, missed)


def test_days_that_were_slept_through_are_missed_one_by_one():
    now = TUESDAY.closes - 15 * MINUTE
    for missed in MissedSlot:
        assert step(now, missed=missed) == Missed(MONDAY, missed)
        found = step(now, missed=missed, last_done=MONDAY.day)
        assert isinstance(found, Trade)
        assert found.session == TUESDAY


def test_what_was_over_before_the_program_ever_ran_is_not_missed():
    found = step(MONDAY.closes, last_done=None)
    assert found == WaitUntil(TUESDAY.closes - 15 * MINUTE, TUESDAY)


def test_a_first_session_that_the_run_slept_through_is_missed():
    found = next_step(
        TUESDAY.opens,
        (MONDAY, TUESDAY),
        BEFORE_CLOSE,
        LENGTH,
        MissedSlot.LATE,
        last_done=None,
        started=MONDAY.opens,
    )
    assert found == Missed(MONDAY, MissedSlot.LATE)


def test_a_first_start_after_the_window_says_that_the_day_is_missed():
    assert step(MONDAY.closes - MINUTE, last_done=None) == Missed(MONDAY, MissedSlot.SKIP)


def test_without_a_session_ahead_it_says_so():
    now = TUESDAY.closes
    assert step(now, last_done=TUESDAY.day) == NothingKnown(now)
    assert step(now, last_done=None) == NothingKnown(now)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        step(datetime(2025, 6, 2, 15, 45))  # noqa: DTZ001  (what is refused)


# --- a run of many days ------------------------------------------------------------------------


def run(sessions, start, end, missed=MissedSlot.SKIP, slot=BEFORE_CLOSE, zone=UTC, sleeps=None):
    """Runs until `end` and returns the days traded and the days missed, and when each was."""
    clock = VirtualClock(start)
    traded, skipped, done = {}, {}, None
    while clock.now() < end:
        now = clock.now().astimezone(zone)
        match next_step(now, sessions, slot, LENGTH, missed, done, started=start):
            case Trade(session, window, late):
                assert session.is_open(now)
                assert now < window.ends <= last_moment(session)
                assert not late or missed is MissedSlot.LATE
                assert session.day not in traded
                traded[session.day] = now
                done = session.day
                clock.advance(3 * MINUTE)
            case Missed(session, _):
                assert session.day not in skipped
                skipped[session.day] = now
                done = session.day
            case WaitUntil(at, _):
                assert at > now
                clock.wait_until(at)
                clock.advance(sleeps() if sleeps else timedelta(0))
            case NothingKnown():
                break
    return traded, skipped


def local_times(traded):
    new_york = ZoneInfo("America/New_York")
    return {day: f"{at.astimezone(new_york):%H:%M}" for day, at in traded.items()}


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2025, 3, 5), date(2025, 3, 14)), (date(2025, 10, 29), date(2025, 11, 7))],
)
@pytest.mark.parametrize("zone", [UTC, SINGAPORE, ZoneInfo("America/New_York")])
def test_case_43_a_run_over_the_dst_night_trades_each_day_once(first, last, zone):
    sessions = weekdays(first, last)
    traded, missed = run(sessions, sessions[0].opens, sessions[-1].closes, zone=zone)
    assert local_times(traded) == {session.day: "15:45" for session in sessions}
    assert missed == {}


@pytest.mark.parametrize(
    ("first", "last", "closed"),
    [
        (date(2024, 2, 27), date(2024, 3, 4), set()),
        (date(2024, 12, 27), date(2025, 1, 6), {date(2025, 1, 1)}),
    ],
)
def test_case_43_leap_day_and_year_end_are_days_like_others(first, last, closed):
    sessions = weekdays(first, last, closed=closed)
    traded, missed = run(sessions, sessions[0].opens, sessions[-1].closes, zone=SINGAPORE)
    assert list(traded) == [session.day for session in sessions]
    assert missed == {}


def test_case_43_a_trading_day_is_that_of_the_exchange_not_of_the_host():
    now = (MONDAY.closes - 15 * MINUTE).astimezone(SINGAPORE)
    assert now.date() == TUESDAY.day
    found = step(now)
    assert isinstance(found, Trade)
    assert found.session.day == MONDAY.day


def test_case_43_started_twice_a_day_it_trades_once():
    """Two runs of cron: the second finds in the journal what the first has done."""
    first = step(MONDAY.closes - 15 * MINUTE)
    assert isinstance(first, Trade)
    again = step(MONDAY.closes - 14 * MINUTE, last_done=first.session.day)
    assert isinstance(again, WaitUntil)
    assert again.session == TUESDAY


@pytest.mark.parametrize(
    ("asleep_until", "missed", "late"),
    [
        (timedelta(minutes=-16), MissedSlot.SKIP, False),
        (timedelta(minutes=-6), MissedSlot.SKIP, False),
        (timedelta(minutes=-3), MissedSlot.SKIP, None),
        (timedelta(minutes=-3), MissedSlot.LATE, True),
        (timedelta(minutes=-1), MissedSlot.LATE, None),
        (timedelta(hours=5), MissedSlot.LATE, None),
    ],
)
def test_case_43_a_host_that_slept_over_the_slot_goes_by_the_policy(asleep_until, missed, late):
    """`late` is None where the day is missed."""
    clock = VirtualClock(MONDAY.opens)
    asked = step(clock.now(), missed=missed)
    assert isinstance(asked, WaitUntil)
    clock.wait_until(max(asked.at, MONDAY.closes + asleep_until))
    found = step(clock.now(), missed=missed)
    if late is None:
        assert found == Missed(MONDAY, missed)
    else:
        assert isinstance(found, Trade)
        assert found.late == late


def test_case_42_a_half_day_is_traded_before_its_own_close():
    half_day = date(2025, 7, 3)
    sessions = weekdays(
        date(2025, 7, 2), date(2025, 7, 7), closed={date(2025, 7, 4)}, half_days={half_day}
    )
    traded, _ = run(sessions, sessions[0].opens, sessions[-1].closes)
    assert local_times(traded) == {
        date(2025, 7, 2): "15:45",
        half_day: "12:45",
        date(2025, 7, 7): "15:45",
    }


def test_case_42_a_cycle_in_whose_middle_the_market_closes_has_a_window_that_ends_before():
    sessions = (new_york_session(date(2025, 7, 3), is_half_day=True),)
    found = next_step(
        sessions[0].closes - 2 * MINUTE, sessions, BEFORE_CLOSE, LENGTH, MissedSlot.LATE, None
    )
    assert isinstance(found, Trade)
    assert found.window.ends == sessions[0].closes - MINUTE


# --- any days, any sleep -----------------------------------------------------------------------

SLOTS = st.sampled_from(
    [BEFORE_CLOSE, AFTER_OPEN, Slot(Anchor.OPEN, 5 * 60 * MINUTE), Slot(Anchor.CLOSE, 300 * MINUTE)]
)


@st.composite
def many_days(draw):
    first = date(2023, 1, 1) + timedelta(days=draw(st.integers(0, 1200)))
    days = [first + timedelta(days=n) for n in range(draw(st.integers(10, 40)))]
    closed = draw(st.sets(st.sampled_from(days), max_size=5))
    half_days = draw(st.sets(st.sampled_from(days), max_size=5))
    return weekdays(days[0], days[-1], closed, half_days)


@given(many_days().filter(bool), SLOTS, st.sampled_from(MissedSlot), st.integers(0, 10**6))
def test_every_session_is_traded_or_missed_once(sessions, slot, missed, seed):
    chance = Random(seed)

    def sleeps():
        return timedelta(minutes=chance.choice([0, 0, 0, 1, 9, 11, 14, 300, 1440, 5000]))

    end = sessions[-1].closes + timedelta(days=30)
    traded, skipped = run(sessions, sessions[0].opens, end, missed, slot, SINGAPORE, sleeps)
    assert sorted([*traded, *skipped]) == [session.day for session in sessions]
    assert not traded.keys() & skipped.keys()


@given(many_days().filter(bool), SLOTS, st.sampled_from(MissedSlot))
def test_a_host_that_never_sleeps_misses_nothing(sessions, slot, missed):
    end = sessions[-1].closes
    traded, skipped = run(sessions, sessions[0].opens - MINUTE, end, missed, slot)
    assert list(traded) == [session.day for session in sessions]
    assert skipped == {}


@given(
    st.integers(-3 * 24 * 60, 3 * 24 * 60),
    st.sampled_from(MissedSlot),
    st.sampled_from([None, BEFORE, MONDAY.day, TUESDAY.day]),
)
def test_a_wait_is_for_later_and_a_trade_is_in_the_session(minutes, missed, last_done):
    now = MONDAY.closes + minutes * MINUTE
    match step(now, missed=missed, last_done=last_done):
        case WaitUntil(at, session):
            assert now < at < session.closes
        case Trade(session, window, _):
            assert session.is_open(now)
            assert window.contains(now)
        case Missed(session, _):
            assert now > session.closes - 15 * MINUTE
        case NothingKnown():
            assert last_done == TUESDAY.day or now >= TUESDAY.closes
