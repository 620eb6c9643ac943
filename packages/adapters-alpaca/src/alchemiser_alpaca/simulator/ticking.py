"""What the server does by itself: it moves the exchange on when something is due, tells news."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from attrs import define, field

from alchemiser_alpaca.simulator.desk import Desk
from alchemiser_alpaca.simulator.stage import SimulatorStage
from alchemiser_alpaca.simulator.streams.data import DataStream

LONGEST = 60.0
"""Real seconds after which it looks again in any case."""
SHORTEST = 0.001


@define(eq=False)
class Ticking:
    """Two loops in the server's thread; both end when the stage closes."""

    desk: Desk
    stage: SimulatorStage
    data_stream: DataStream
    stream_seconds: float
    _wake: asyncio.Event = field(factory=asyncio.Event)
    _moved: asyncio.Event = field(factory=asyncio.Event)
    _expected: datetime | None = None
    """When it will look again by itself."""
    _loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Be woken by work at the desk and by the clock; called in the server's thread."""
        self._loop = asyncio.get_running_loop()
        self.desk.after.append(self._worked)
        self.desk.clock.moved.append(self._clock_moved)

    async def advance(self) -> None:
        """Work at the desk whenever something is due."""
        while not self.stage.closing.is_set():
            self._wake.clear()
            with self.desk.work():
                self._expected = self._next_due()
            await self._sleep(self._wake, self._seconds())

    async def tell(self) -> None:
        """Tell the clients of the data stream what is new, at a pace or when the clock is moved."""
        while not self.stage.closing.is_set():
            self._moved.clear()
            self.data_stream.tick()
            await self._sleep(self._moved, self.stream_seconds)

    def stop(self) -> None:
        """Let both loops see that the stage closes."""
        self._wake.set()
        self._moved.set()

    async def _sleep(self, until: asyncio.Event, seconds: float) -> None:
        try:
            await asyncio.wait_for(until.wait(), seconds)
        except TimeoutError:
            return

    def _seconds(self) -> float:
        if self._expected is None:
            return LONGEST
        left = self.desk.clock.real_seconds_until(self._expected)
        return LONGEST if left is None else min(LONGEST, max(SHORTEST, left))

    def _next_due(self) -> datetime | None:
        times = [self.desk.exchange.next_due(), self.stage.next_due()]
        return min((each for each in times if each is not None), default=None)

    def _worked(self) -> None:
        """Under the desk's lock, in any thread: wake the loop where something is due earlier."""
        if self._next_due() != self._expected:
            self._call(self._wake.set)

    def _clock_moved(self) -> None:
        self._call(self._wake.set)
        self._call(self._moved.set)

    def _call(self, action: Callable[[], None]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(action)
