"""A stream of order updates that breaks is a silent one."""

from datetime import UTC, datetime, timedelta

import pytest

from alchemiser_core.plugins.contained_updates import contained_updates
from alchemiser_core.simulation.virtual_clock import VirtualClock
from alchemiser_core.testing.broker import in_memory_broker

START = datetime(2025, 6, 30, 19, 45, tzinfo=UTC)
LATER = START + timedelta(seconds=2)


class Streaming:
    """A broker with a stream that does what it is told."""

    def __init__(self, wait=None, raises=None):
        self.opened = 0
        self.asked = 0
        self._wait = wait
        self._raises = raises

    def order_updates(self, clock):
        self.opened += 1
        if self._raises:
            raise self._raises
        return self

    def wait(self, until):
        self.asked += 1
        return self._wait(until)


@pytest.fixture
def clock():
    return VirtualClock(START)


def report():
    broker = in_memory_broker(VirtualClock(START), {"SPY": 100})
    from alchemiser_core.testing.conformance.broker_scene import BrokerScene

    return broker.submit(BrokerScene().request("alch-1")).unwrap()


def test_what_a_stream_brings_is_passed_on_and_the_stream_is_opened_once(clock):
    told = (report(),)
    broker = Streaming(lambda until: told)
    updates = contained_updates(broker, clock)
    assert updates.wait(LATER) == told
    assert updates.wait(LATER) == told
    assert (broker.opened, clock.now()) == (1, START)


def test_a_broker_without_a_stream_waits_by_the_clock(clock):
    updates = contained_updates(in_memory_broker(clock, {"SPY": 100}), clock)
    assert updates.wait(LATER) == ()
    assert clock.now() == LATER


@pytest.mark.parametrize("answer", ["text", [1], (1, 2), None])
def test_a_stream_that_gives_nonsense_is_not_asked_again(clock, answer):
    broker = Streaming(lambda until: answer)
    updates = contained_updates(broker, clock)
    assert updates.wait(LATER) == ()
    assert clock.now() == LATER
    assert updates.wait(LATER + timedelta(seconds=2)) == ()
    assert broker.asked == 1


def test_a_stream_that_raises_is_a_silent_one(clock):
    def wait(until):
        raise OSError("the line is dead")

    broker = Streaming(wait)
    updates = contained_updates(broker, clock)
    assert updates.wait(LATER) == ()
    assert clock.now() == LATER
    updates.wait(LATER)
    assert broker.asked == 1


def test_a_stream_that_cannot_be_opened_is_tried_once(clock):
    broker = Streaming(raises=RuntimeError("no"))
    updates = contained_updates(broker, clock)
    for _ in range(3):
        assert updates.wait(LATER) == ()
    assert (broker.opened, clock.now()) == (1, LATER)


def test_a_stream_that_returns_early_does_not_make_the_wait_shorter(clock):
    updates = contained_updates(Streaming(lambda until: ()), clock)
    assert updates.wait(LATER) == ()
    assert clock.now() == LATER
