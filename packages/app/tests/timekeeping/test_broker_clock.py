"""Time by the clock of a simulated broker: at its pace, over its leaps, and never back."""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import define, field
from returns.result import Failure, Success

from alchemiser_app.timekeeping.broker_clock import broker_clock
from alchemiser_app.timekeeping.system_clock import HostTime, SystemClock
from alchemiser_core.domain.account import BrokerTime
from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.broker import BrokerUnavailable
from alchemiser_core.testing.conformance import ClockConformance

START = datetime(2026, 11, 28, 12, tzinfo=UTC)
THERE = datetime(2025, 6, 30, 19, 45, tzinfo=UTC)


@define
class Host:
    """A wall clock on which waiting takes no time, and a broker's whose pace can be set."""

    pace: float = 1.0
    seconds: float = 0.0
    stepped: timedelta = timedelta(0)
    anchor: float = 0.0
    since: timedelta = timedelta(0)
    answers: bool = True
    reads: int = 0
    woken: bool = False
    then: list = field(factory=list)
    """What happens after each sleep."""

    def set_pace(self, pace):
        self.since += timedelta(seconds=(self.seconds - self.anchor) * self.pace)
        self.anchor, self.pace = self.seconds, pace

    @property
    def broker_time(self):
        return THERE + self.since + timedelta(seconds=(self.seconds - self.anchor) * self.pace)

    def read(self):
        self.reads += 1
        if not self.answers:
            return Failure(BrokerUnavailable((Problem("down", "the broker is down"),)))
        return Success(BrokerTime(self.broker_time, is_open=True))

    def sleep(self, seconds):
        self.seconds += seconds
        if self.then:
            self.then.pop(0)()

    def clock(self):
        host = HostTime(
            lambda: START + timedelta(seconds=self.seconds), lambda: self.seconds, self.sleep
        )
        return broker_clock(self.read, SystemClock(lambda: self.woken, host)).unwrap()


class TestBrokerClock(ClockConformance):
    @pytest.fixture
    def clock(self):
        return Host().clock()


@pytest.mark.parametrize("pace", [1, 60, 600])
def test_a_wait_ends_when_the_broker_is_there_whatever_its_pace(pace):
    host = Host(pace)
    clock = host.clock()
    clock.wait_until(THERE + timedelta(minutes=10))
    assert abs(host.broker_time - THERE - timedelta(minutes=10)) < timedelta(seconds=0.1 * pace)
    assert host.seconds == pytest.approx(600 / pace, rel=0.02)


def test_at_the_walls_pace_a_wait_of_a_quarter_of_an_hour_costs_few_requests():
    host = Host()
    host.clock().wait_until(THERE + timedelta(minutes=15))
    assert host.reads <= 190


def test_where_time_stands_a_wait_returns_every_second_until_somebody_moves_it():
    host = Host(pace=0)
    clock = host.clock()
    at = THERE + timedelta(minutes=10)
    waits = 0
    while clock.now() < at:
        clock.wait_until(at)
        waits += 1
        if waits == 30:
            host.since += timedelta(hours=1)
    assert clock.now() == THERE + timedelta(hours=1)
    assert 30 <= waits <= 32
    assert 28 <= host.seconds <= 35


def test_one_leap_is_not_taken_for_a_pace():
    host = Host()
    clock = host.clock()
    host.since += timedelta(hours=2)
    clock.look()
    host.seconds += 0.5
    assert clock.now() - host.broker_time < timedelta(seconds=1)


@pytest.mark.parametrize("pace", [0, 1, 60])
def test_a_clock_that_is_set_back_holds_nobody_up(pace):
    host = Host(pace)
    clock = host.clock()
    before = clock.now()
    host.since -= timedelta(hours=1)
    clock.look()
    assert clock.now() >= before
    started = host.seconds
    for _ in range(1000):
        clock.wait_until(before + timedelta(minutes=10))
    assert clock.now() >= before + timedelta(minutes=10)
    assert host.seconds - started <= 620


def test_a_broker_that_is_gone_ends_no_wait_too_late():
    host = Host(pace=0)
    clock = host.clock()
    host.answers = False
    clock.wait_until(THERE + timedelta(seconds=60))
    assert host.seconds == pytest.approx(61, abs=2)


def test_a_change_of_pace_is_learnt_within_a_second_or_two():
    host = Host(pace=60)
    clock = host.clock()
    host.set_pace(1)
    for _ in range(30):
        host.seconds += 0.1
        clock.now()
    host.seconds += 0.5
    assert abs(clock.now() - host.broker_time) < timedelta(seconds=70)
    clock.wait_until(clock.now() + timedelta(seconds=10))
    assert abs(clock.now() - host.broker_time) < timedelta(seconds=1)


def test_a_wait_is_woken_by_a_signal():
    host = Host()
    clock = host.clock()

    def wake():
        host.woken = True

    host.then = [wake]
    clock.wait_until(THERE + timedelta(hours=5))
    assert host.seconds < 10


def test_after_a_signal_no_clock_stands_so_that_what_is_on_can_end():
    host = Host(pace=0)
    clock = host.clock()

    def wake():
        host.woken = True

    host.then = [wake]
    clock.wait_until(THERE + timedelta(hours=5))
    started = host.seconds
    for _ in range(100):
        clock.wait_until(THERE + timedelta(minutes=1))
    assert clock.now() >= THERE + timedelta(minutes=1)
    assert host.seconds - started <= 65


def test_a_broker_that_does_not_say_its_time_gives_no_clock():
    host = Host(answers=False)
    found = broker_clock(host.read, SystemClock())
    assert isinstance(found, Failure)
    assert found.failure().problems()[0].code == "down"
