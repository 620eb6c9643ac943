"""Slots and windows of every session of sixteen years, in the exchange's time.

Daylight saving begins and ends in other weeks in the United States than in Europe, and the computer
may stand anywhere.
"""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from attrs import define, field
from hypothesis import given, settings
from hypothesis import strategies as st

from alchemiser_app.timekeeping.exchange_calendar import exchange_calendar
from alchemiser_core.domain.schedule import (
    BEFORE_CLOSE,
    Anchor,
    Missed,
    MissedSlot,
    Slot,
    Trade,
    WaitUntil,
    next_step,
    trading_window,
)
from alchemiser_core.services.keep_trading import (
    AfterCycle,
    AskedToEnd,
    Timetable,
    keep_trading,
)
from alchemiser_core.services.upcoming_sessions import upcoming_sessions
from alchemiser_core.simulation.virtual_clock import VirtualClock

NEW_YORK = ZoneInfo("America/New_York")
FIRST, LAST = date(2015, 1, 1), date(2030, 12, 20)
LENGTH = timedelta(minutes=14)
AN_HOUR_IN = Slot(Anchor.OPEN, timedelta(hours=1))
PLACES = ("UTC", "Asia/Kolkata", "Europe/London", "Pacific/Auckland", "America/New_York")


@pytest.fixture(params=PLACES)
def place(request, monkeypatch):
    """The computer stands there."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def calendar_of_all():
    return exchange_calendar("XNYS", date(2030, 1, 1)).unwrap()


@pytest.fixture(scope="module")
def calendar():
    return calendar_of_all()


def there(at):
    return f"{at.astimezone(NEW_YORK):%Y-%m-%d %H:%M}"


def test_every_session_has_its_slots_at_the_same_hour_wherever_the_computer_stands(place):
    sessions = calendar_of_all().sessions(FIRST, LAST).unwrap()
    assert len(sessions) > 4000
    for session in sessions:
        late, early = ("12:45", "13:00") if session.is_half_day else ("15:45", "16:00")
        window = trading_window(session, BEFORE_CLOSE, LENGTH)
        assert there(window.starts) == f"{session.day} {late}"
        assert window.ends == window.starts + LENGTH
        assert there(session.closes) == f"{session.day} {early}"
        assert there(session.opens) == f"{session.day} 09:30"
        assert there(AN_HOUR_IN.at(session)) == f"{session.day} 10:30"


@pytest.mark.parametrize(
    ("day", "slot_in_utc", "slot_in_london"),
    [
        (date(2025, 3, 7), 20, 20),
        (date(2025, 3, 10), 19, 19),
        (date(2025, 3, 28), 19, 19),
        (date(2025, 3, 31), 19, 20),
        (date(2025, 10, 24), 19, 20),
        (date(2025, 10, 27), 19, 19),
        (date(2025, 10, 31), 19, 19),
        (date(2025, 11, 3), 20, 20),
    ],
)
def test_the_weeks_in_which_only_one_of_new_york_and_london_saves_daylight(
    calendar, day, slot_in_utc, slot_in_london
):
    (session,) = calendar.sessions(day, day).unwrap()
    slot = BEFORE_CLOSE.at(session)
    assert slot.hour == slot_in_utc
    assert slot.astimezone(ZoneInfo("Europe/London")).hour == slot_in_london


@define
class Diary:
    """`Attendant` that writes down when it traded."""

    clock: VirtualClock
    timetable: Timetable
    traded: list[str] = field(factory=list)

    def trade(self, due):
        assert not due.late
        self.traded.append(there(self.clock.now()))
        return AfterCycle.GO_ON

    def missed(self, alert):
        raise AssertionError(alert)

    def waiting(self, step):
        assert step.at > self.clock.now()


def test_a_run_of_sixteen_years_trades_every_session_at_its_slot(place, calendar):
    clock = VirtualClock(datetime(2015, 1, 1, tzinfo=UTC))
    end = datetime(2030, 12, 20, 23, tzinfo=UTC)
    diary = Diary(clock, Timetable(calendar, BEFORE_CLOSE, LENGTH, MissedSlot.LATE))
    assert keep_trading(clock, diary, lambda: clock.now() > end) == AskedToEnd(in_cycle=False)
    sessions = calendar.sessions(FIRST, LAST).unwrap()
    assert diary.traded[: len(sessions)] == [
        f"{session.day} {'12:45' if session.is_half_day else '15:45'}" for session in sessions
    ]


@pytest.fixture(scope="module")
def is_half_day(calendar):
    """By day, of the days that have a session."""
    return {each.day: each.is_half_day for each in calendar.sessions(FIRST, LAST).unwrap()}


def expected(now, is_half_day):
    """What is to be done at a moment, by the dates and hours of New York alone."""
    local = now.astimezone(NEW_YORK)
    days = (local.date() + timedelta(days=n) for n in range(-1, 10))
    for day in (day for day in days if day in is_half_day):
        hour = 12 if is_half_day[day] else 15
        starts = datetime(day.year, day.month, day.day, hour, 45, tzinfo=NEW_YORK)
        if now < starts.astimezone(UTC):
            return "wait", there(starts)
        if now < (starts + LENGTH).astimezone(UTC):
            return "trade", str(day)
        if now < (starts + timedelta(minutes=15)).astimezone(UTC):
            return "missed", str(day)
    raise AssertionError(f"nothing to do at {now}")


AROUND_CHANGES = st.builds(
    lambda year, change, minutes: datetime(year, *change, tzinfo=UTC) + timedelta(minutes=minutes),
    st.integers(2015, 2029),
    st.sampled_from([(3, 8), (3, 25), (10, 25), (11, 1), (11, 24), (12, 24), (12, 31)]),
    st.integers(0, 9 * 24 * 60),
)
ANY_TIME = st.builds(
    lambda minutes: datetime(2015, 1, 3, tzinfo=UTC) + timedelta(minutes=minutes),
    st.integers(0, 15 * 365 * 24 * 60),
)
IN_ANY_ZONE = st.sampled_from([ZoneInfo(place) for place in PLACES])


@settings(max_examples=400)
@given(st.one_of(AROUND_CHANGES, ANY_TIME), IN_ANY_ZONE)
def test_at_any_moment_the_next_step_is_that_of_new_yorks_wall_clock(
    calendar, is_half_day, now, zone
):
    sessions = upcoming_sessions(calendar, now.astimezone(zone), None).unwrap()
    step = next_step(
        now.astimezone(zone), sessions, BEFORE_CLOSE, LENGTH, MissedSlot.SKIP, last_done=None
    )
    match step:
        case WaitUntil(at, session):
            found = "wait", there(at)
            assert at.astimezone(NEW_YORK).date() == session.day
        case Trade(session):
            found = "trade", str(session.day)
        case Missed(session):
            found = "missed", str(session.day)
    assert found == expected(now, is_half_day)
