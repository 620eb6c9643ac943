from datetime import UTC, datetime, timedelta

from alchemiser_core.services.clocked_updates import ClockedUpdates
from alchemiser_core.simulation.virtual_clock import VirtualClock

START = datetime(2025, 3, 7, 19, 45, tzinfo=UTC)


def test_the_wait_lasts_until_its_end_and_brings_nothing():
    clock = VirtualClock(START)
    assert ClockedUpdates(clock).wait(START + timedelta(seconds=30)) == ()
    assert clock.now() == START + timedelta(seconds=30)
