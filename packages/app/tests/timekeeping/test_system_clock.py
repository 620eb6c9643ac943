from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alchemiser_app.timekeeping.system_clock import THIS_HOST, HostTime, SystemClock
from alchemiser_core.domain.orders.identifiers import CycleKey, Side
from alchemiser_core.domain.schedule import clock_faults
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.testing.conformance import ClockConformance

START = datetime(2025, 6, 2, 19, 45, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


class Computer:
    """A computer whose time of day can be set, and in which nothing takes any real time."""

    def __init__(self):
        self.wall = START
        self.uptime = 1000.0
        self.slept = []
        self.while_asleep = lambda: None

    def host(self):
        return HostTime(lambda: self.wall, lambda: self.uptime, self.sleep)

    def pass_by(self, duration):
        self.wall += duration
        self.uptime += duration.total_seconds()

    def set_by(self, duration):
        self.wall += duration

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.pass_by(timedelta(seconds=seconds))
        self.while_asleep()


@pytest.fixture
def computer():
    return Computer()


class TestSystemClock(ClockConformance):
    @pytest.fixture
    def clock(self, computer):
        return SystemClock(host=computer.host())


class TestOfThisComputer(ClockConformance):
    @pytest.fixture
    def clock(self):
        return SystemClock()


class TestSetBack(ClockConformance):
    @pytest.fixture
    def clock(self, computer):
        clock = SystemClock(host=computer.host())
        computer.set_by(-HOUR)
        return clock


def test_this_computer_has_a_steady_clock():
    assert THIS_HOST.steady() <= THIS_HOST.steady()


def test_time_is_that_of_the_day_in_utc(computer):
    clock = SystemClock(host=computer.host())
    computer.pass_by(HOUR)
    assert clock.now() == START + HOUR
    assert clock.now().tzinfo is UTC
    assert clock.jumped() is None


def test_case_44_a_clock_set_back_an_hour_goes_on_and_says_so(computer):
    clock = SystemClock(host=computer.host())
    before = clock.now()
    computer.set_by(-HOUR)
    computer.pass_by(10 * SECOND)
    assert clock.now() == before + 10 * SECOND
    assert clock.jumped() == -HOUR
    faults = clock_faults(clock.now(), clock.now(), timedelta(seconds=30), clock.jumped())
    assert [fault.problems()[0].code for fault in faults] == ["clock-jumped"]


def test_case_44_a_deadline_is_kept_when_the_clock_is_set_back_in_the_wait(computer):
    clock = SystemClock(host=computer.host())
    changes = iter([-HOUR])
    computer.while_asleep = lambda: computer.set_by(next(changes, timedelta(0)))
    clock.wait_until(START + 60 * SECOND)
    assert sum(computer.slept) == pytest.approx(60)
    assert clock.now() == START + 60 * SECOND


def test_case_44_a_deadline_does_not_come_early_when_the_clock_is_set_forward(computer):
    clock = SystemClock(host=computer.host())
    changes = iter([HOUR])
    computer.while_asleep = lambda: computer.set_by(next(changes, timedelta(0)))
    clock.wait_until(START + 60 * SECOND)
    assert sum(computer.slept) == pytest.approx(60)
    assert clock.jumped() == HOUR


def test_case_44_ids_of_orders_do_not_depend_on_the_time_of_day(computer):
    """Nothing that makes an id is a time: with a clock that is off it is the same one."""
    clock = SystemClock(host=computer.host())
    ids = set()
    for change in (timedelta(0), -HOUR, 5 * HOUR):
        computer.set_by(change)
        clock.now()
        key = CycleKey("main", "PA1", date(2025, 6, 2))
        ids.add(key.order_id(Symbol("SPY"), Side.BUY))
    assert len(ids) == 1


def test_a_clock_that_was_set_right_again_has_not_jumped(computer):
    clock = SystemClock(host=computer.host())
    computer.set_by(HOUR)
    assert clock.jumped() == HOUR
    computer.set_by(-HOUR)
    assert clock.jumped() is None


def test_a_clock_made_anew_takes_up_the_time_of_day(computer):
    SystemClock(host=computer.host())
    computer.set_by(HOUR)
    assert SystemClock(host=computer.host()).now() == START + HOUR


def test_what_a_time_service_corrects_is_followed(computer):
    clock = SystemClock(host=computer.host())
    for _ in range(100):
        computer.pass_by(60 * SECOND)
        computer.set_by(timedelta(milliseconds=500))
        clock.now()
    assert clock.now() == computer.wall
    assert clock.jumped() is None


@given(st.lists(st.tuples(st.integers(0, 100_000), st.integers(-10_000, 10_000)), max_size=30))
def test_it_never_goes_back_whatever_is_done_to_the_computer(changes):
    computer = Computer()
    clock = SystemClock(host=computer.host())
    readings = [clock.now()]
    for passed, change in changes:
        computer.pass_by(timedelta(milliseconds=passed))
        computer.set_by(timedelta(milliseconds=change))
        readings.append(clock.now())
    assert readings == sorted(readings)


def test_a_wait_is_ended_by_what_wakes_it_within_a_second(computer):
    stop = []
    clock = SystemClock(wake=lambda: bool(stop), host=computer.host())
    computer.while_asleep = lambda: stop.append(1) if len(computer.slept) == 5 else None
    clock.wait_until(START + HOUR)
    assert clock.now() == START + 5 * SECOND


def test_what_came_between_two_waits_ends_the_next(computer):
    stop = []
    clock = SystemClock(wake=lambda: bool(stop), host=computer.host())
    clock.wait_until(START + SECOND)
    stop.append(1)
    clock.wait_until(START + HOUR)
    assert clock.now() == START + SECOND


def test_who_goes_on_waiting_after_being_woken_is_not_woken_without_end(computer):
    clock = SystemClock(wake=lambda: True, host=computer.host())
    clock.wait_until(START + HOUR)
    assert clock.now() == START
    clock.wait_until(START + 10 * SECOND)
    assert clock.now() == START + 10 * SECOND


def test_a_host_that_slept_through_the_deadline_returns_when_it_wakes(computer):
    clock = SystemClock(host=computer.host())
    computer.while_asleep = lambda: computer.pass_by(5 * HOUR)
    clock.wait_until(START + HOUR)
    assert clock.now() > START + 5 * HOUR
    assert clock.jumped() is None
