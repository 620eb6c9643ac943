"""What every clock promises."""

# ruff: noqa: D102  (the names of the tests are the promises, as sentences)

from datetime import datetime, timedelta
from typing import ClassVar

import pytest

from alchemiser_core.ports.clock import Clock


class ClockConformance:
    """Give the fixture `clock`."""

    brief: ClassVar[timedelta] = timedelta(milliseconds=20)
    """What is waited for; a clock of real time really takes that long."""
    most_waits: ClassVar[int] = 1000
    """How often a wait may return early before the time that was asked for is there."""

    @pytest.fixture
    def clock(self) -> Clock:
        """The clock under test."""
        raise NotImplementedError("give a fixture named clock")

    def test_the_time_has_a_zone(self, clock: Clock) -> None:
        assert clock.now().utcoffset() is not None

    def test_it_never_goes_back(self, clock: Clock) -> None:
        readings = []
        for _ in range(50):
            readings.append(clock.now())
            clock.wait_until(readings[-1])
        assert readings == sorted(readings)

    def test_who_goes_on_waiting_gets_there(self, clock: Clock) -> None:
        asked = clock.now() + self.brief
        for _ in range(self.most_waits):
            if clock.now() >= asked:
                return
            clock.wait_until(asked)
        raise AssertionError(f"{self.most_waits} waits, and it is not {asked} yet")

    def test_waiting_for_what_has_passed_changes_nothing(self, clock: Clock) -> None:
        before = clock.now()
        clock.wait_until(before - timedelta(days=1))
        assert clock.now() >= before

    def test_a_time_without_a_zone_is_refused(self, clock: Clock) -> None:
        with pytest.raises((TypeError, ValueError)):
            clock.wait_until(datetime(2030, 1, 2))  # noqa: DTZ001  (what is refused)
