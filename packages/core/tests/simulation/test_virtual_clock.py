from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from alchemiser_core.simulation.virtual_clock import VirtualClock

START = datetime(2025, 3, 7, 19, 45, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")


def test_time_stands_still_while_nobody_waits():
    clock = VirtualClock(START)
    assert clock.now() == clock.now() == START


def test_waiting_moves_it_at_once():
    clock = VirtualClock(START)
    clock.wait_until(START + timedelta(days=3))
    assert clock.now() == START + timedelta(days=3)


def test_waiting_for_what_has_passed_leaves_it():
    clock = VirtualClock(START)
    clock.wait_until(START - timedelta(hours=1))
    assert clock.now() == START


def test_it_can_be_moved_by_a_duration():
    clock = VirtualClock(START)
    clock.advance(timedelta(minutes=5))
    assert clock.now() == START + timedelta(minutes=5)


def test_it_cannot_be_moved_back():
    with pytest.raises(ValueError, match="does not go back"):
        VirtualClock(START).advance(timedelta(seconds=-1))


def test_a_time_without_a_zone_is_no_time():
    with pytest.raises(ValueError, match="time zone"):
        VirtualClock(datetime(2025, 3, 7))  # noqa: DTZ001  (what is refused)
    with pytest.raises(ValueError, match="time zone"):
        VirtualClock(START).wait_until(datetime(2025, 3, 8))  # noqa: DTZ001


def test_hours_pass_in_the_night_of_the_dst_change():
    clock = VirtualClock(datetime(2025, 3, 9, 1, 30, tzinfo=NEW_YORK))
    clock.advance(timedelta(hours=1))
    assert clock.now().astimezone(NEW_YORK).hour == 3
