"""The simulator's clock: real, scaled, stepped; never back."""

from datetime import UTC, datetime, timedelta

import pytest

from alchemiser_alpaca.simulator.clock import SimulatorClock, TimeGoesBackError

START = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)


class Steady:
    def __init__(self):
        self.seconds = 100.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def steady():
    return Steady()


def test_a_real_second_is_a_minute_at_speed_sixty(steady):
    clock = SimulatorClock(START, 60, steady)
    steady.seconds += 2
    assert clock.now() == START + timedelta(minutes=2)


def test_a_clock_at_speed_zero_moves_only_where_it_is_moved(steady):
    clock = SimulatorClock(START, 0, steady)
    steady.seconds += 1000
    assert clock.now() == START
    clock.advance(timedelta(seconds=5))
    clock.advance_to(START + timedelta(seconds=8))
    assert clock.now() == START + timedelta(seconds=8)
    assert clock.stands


def test_another_speed_counts_from_the_moment_it_is_set(steady):
    clock = SimulatorClock(START, 1, steady)
    steady.seconds += 10
    clock.set_speed(100)
    steady.seconds += 1
    assert clock.now() == START + timedelta(seconds=110)


def test_time_never_goes_back(steady):
    clock = SimulatorClock(START, 1, steady)
    steady.seconds -= 50
    assert clock.now() == START
    with pytest.raises(TimeGoesBackError):
        clock.advance_to(START - timedelta(seconds=1))
    with pytest.raises(TimeGoesBackError):
        clock.advance(timedelta(seconds=-1))


@pytest.mark.parametrize("speed", [-1, float("nan"), 90_000])
def test_a_speed_that_no_clock_has_is_refused(speed):
    with pytest.raises(ValueError, match="between 0 and 86400"):
        SimulatorClock(START, speed)


def test_it_tells_how_long_a_moment_is_away_in_real_seconds(steady):
    clock = SimulatorClock(START, 60, steady)
    assert clock.real_seconds_until(START + timedelta(minutes=3)) == 3
    assert clock.real_seconds_until(START - timedelta(minutes=3)) == 0
    clock.set_speed(0)
    assert clock.real_seconds_until(START + timedelta(minutes=3)) is None


def test_who_waits_on_the_clock_is_told_that_it_was_moved(steady):
    clock = SimulatorClock(START, 0, steady)
    told = []
    clock.moved.append(lambda: told.append(clock.now()))
    clock.advance(timedelta(seconds=1))
    clock.advance_to(START + timedelta(seconds=2))
    clock.set_speed(1)
    assert [at - START for at in told] == [timedelta(seconds=n) for n in (1, 2, 2)]


def test_a_time_without_a_zone_is_no_time():
    with pytest.raises(ValueError, match="time zone"):
        SimulatorClock(datetime(2026, 3, 2), 1)  # noqa: DTZ001
