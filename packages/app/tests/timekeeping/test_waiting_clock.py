from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from alchemiser_app.timekeeping.system_clock import HostTime, SystemClock
from alchemiser_app.timekeeping.waiting_clock import WaitingClock

START = datetime(2025, 6, 2, 19, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Computer:
    """A computer whose time of day can be set; what happens while it sleeps is told in advance."""

    def __init__(self):
        self.wall, self.uptime = START, 1000.0
        self.stopped = False
        self.at = {}

    def clock(self):
        host = HostTime(lambda: self.wall, lambda: self.uptime, self.sleep)
        return SystemClock(wake=lambda: self.stopped, host=host)

    def sleep(self, seconds):
        self.wall += timedelta(seconds=seconds)
        self.uptime += seconds
        for when in [when for when in self.at if when <= self.uptime]:
            self.at.pop(when)()

    def set_by(self, duration):
        self.wall += duration


@pytest.fixture
def computer():
    return Computer()


def waiting(computer, countdown=None):
    words = (computer.clock, lambda: computer.stopped)
    return WaitingClock(*words) if countdown is None else WaitingClock(*words, countdown)


def test_it_waits_until_the_time_that_is_asked_for(computer):
    clock = waiting(computer)
    clock.wait_until(START + MINUTE)
    assert clock.now() == START + MINUTE
    clock.wait_until(START)
    assert clock.now() == START + MINUTE


def test_case_44_a_clock_that_is_set_forward_meets_the_slot_by_the_new_time(computer):
    computer.at[1010] = lambda: computer.set_by(timedelta(minutes=30))
    clock = waiting(computer)
    clock.wait_until(START + timedelta(hours=1))
    assert computer.wall == clock.now() == START + timedelta(hours=1)
    assert computer.uptime == 1000 + 30 * 60


def test_case_44_a_clock_that_is_set_back_waits_longer(computer):
    computer.at[1010] = lambda: computer.set_by(timedelta(hours=-1))
    clock = waiting(computer)
    clock.wait_until(START + MINUTE)
    assert computer.wall == START + MINUTE
    assert computer.uptime == 1000 + 61 * 60


def test_a_stop_ends_the_wait_at_once(computer):
    def stop():
        computer.stopped = True

    computer.at[1005] = stop
    clock = waiting(computer)
    clock.wait_until(START + MINUTE)
    assert computer.uptime <= 1006
    clock.wait_until(START + MINUTE)
    assert computer.uptime <= 1006


def test_what_is_left_is_shown_every_second_and_the_display_is_put_away(computer):
    seen, open_now = [], []

    @contextmanager
    def countdown():
        open_now.append(True)
        yield lambda left: seen.append(left.total_seconds())
        open_now.pop()

    waiting(computer, countdown).wait_until(START + timedelta(seconds=3))
    assert seen == [3.0, 2.0, 1.0]
    assert open_now == []
