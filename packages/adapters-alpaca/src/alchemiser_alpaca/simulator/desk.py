"""The desk: one account and one clock, worked at by one at a time."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from attrs import define, field

from alchemiser_alpaca.simulator.clock import SimulatorClock
from alchemiser_alpaca.simulator.exchange.exchange import Exchange


@define(eq=False)
class Desk:
    """Whoever looks at the exchange, or lets it do something, works here.

    The server works at it in its own thread, tests and embedding programs in theirs; nobody sends
    a request to the server while at work, for it would wait for the lock.
    """

    exchange: Exchange
    clock: SimulatorClock
    lock: threading.RLock = field(factory=threading.RLock)
    before: list[Callable[[datetime], None]] = field(factory=list)
    """Done at the beginning of all work, when the exchange has come to the time."""
    after: list[Callable[[], None]] = field(factory=list)
    """Done at the end of all work, under the lock."""

    @contextmanager
    def work(self) -> Iterator[datetime]:
        """The time, at which the exchange stands too; nobody else is at work meanwhile."""
        with self.lock:
            at = self.clock.now()
            self.exchange.advance(at)
            for begin in self.before:
                begin(at)
            yield at
            for end in self.after:
                end()
