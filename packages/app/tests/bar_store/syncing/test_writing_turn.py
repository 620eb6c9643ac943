"""Two synchronisations at once: the second waits visibly, and names who holds the store."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from alchemiser_app.bar_store.store import create_store
from alchemiser_app.bar_store.syncing.writing_turn import writing_turn
from alchemiser_core.simulation.virtual_clock import VirtualClock

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


class ClockOnWhich(VirtualClock):
    """A clock on which something happens at a time."""

    def __init__(self, at, happens) -> None:
        super().__init__(NOON)
        self.at, self.happens = at, happens

    def wait_until(self, at) -> None:
        super().wait_until(at)
        if self.now() >= self.at:
            self.happens()


@pytest.fixture
def store(tmp_path):
    return create_store(tmp_path / "bars").unwrap()


def test_a_free_store_is_taken_at_once_and_without_a_word(store):
    told = []
    with writing_turn(store, VirtualClock(NOON), told.append).unwrap():
        assert told == []


def test_a_store_that_becomes_free_is_taken(store):
    told, other = [], store.writer().unwrap()
    clock = ClockOnWhich(NOON + timedelta(seconds=20), other.release)
    with writing_turn(store, clock, told.append).unwrap():
        assert clock.now() == NOON + timedelta(seconds=20)
    assert told == [f"the bar store is being written by process {os.getpid()}; waiting up to 60 s"]


def test_after_a_minute_it_is_refused_and_the_other_process_named(store):
    clock = VirtualClock(NOON)
    with store.writer().unwrap():
        refused = writing_turn(store, clock, lambda _: None).failure()
    assert clock.now() == NOON + timedelta(seconds=60)
    (problem,) = refused.problems()
    assert problem.code == "store-locked"
    assert f"process {os.getpid()}" in problem.what
