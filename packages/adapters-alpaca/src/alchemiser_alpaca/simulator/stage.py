"""What faults can reach of the server, and the things that are to happen later."""

import asyncio
import heapq
import time
from collections.abc import Callable
from datetime import datetime

from attrs import define, field

from alchemiser_alpaca.simulator.desk import Desk
from alchemiser_alpaca.simulator.exchange.exchange import Exchange
from alchemiser_alpaca.simulator.exchange.updates import TradeUpdate
from alchemiser_alpaca.simulator.faults.book import FaultBook
from alchemiser_alpaca.simulator.http.connections import Connections

_ROUNDS = 5
"""One fault may lead to another; more often than this in one moment is another day's work."""

Action = Callable[[datetime], None]


@define(eq=False)
class SimulatorStage:
    """The stage on which the faults of a book are played; it joins the work at the desk."""

    desk: Desk
    book: FaultBook
    connections: Connections
    closing: asyncio.Event = field(factory=asyncio.Event)
    """Set when the server ends, so that nobody sleeps on."""
    _later: list[tuple[datetime, int, Action]] = field(factory=list)
    _count: int = 0
    _loop: asyncio.AbstractEventLoop | None = None

    def __attrs_post_init__(self) -> None:
        self.desk.before.append(self.play)
        self.desk.after.append(self._play_again)
        self.desk.exchange.listeners.append(self._saw)

    @property
    def exchange(self) -> Exchange:
        """The account; under the desk's lock alone."""
        return self.desk.exchange

    def now(self) -> datetime:
        """Time of the simulator's clock."""
        return self.desk.clock.now()

    def steady(self) -> float:
        """Real seconds."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Real seconds; returns earlier where the server ends."""
        try:
            await asyncio.wait_for(self.closing.wait(), seconds)
        except TimeoutError:
            return

    def starts(self) -> None:
        """Called in the server's thread, whose loop it is that is woken at the end."""
        self._loop = asyncio.get_running_loop()

    def close_from_outside(self) -> None:
        """End the server, from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.closing.set)

    def refuse_connections(self, seconds: float) -> None:
        """Cut every connection, and every new one for so many real seconds."""
        self.connections.refuse_for(seconds)

    def later(self, at: datetime, action: Action) -> None:
        """Have something done at a time of the simulator's clock."""
        self._count += 1
        heapq.heappush(self._later, (at, self._count, action))

    def next_due(self) -> datetime | None:
        """When something is to be done next; under the desk's lock."""
        times = [self.book.next_time(), self._later[0][0] if self._later else None]
        return min((each for each in times if each is not None), default=None)

    def play(self, at: datetime) -> None:
        """Let everything happen that is due; under the desk's lock."""
        while self._later and self._later[0][0] <= at:
            _, _, action = heapq.heappop(self._later)
            action(at)
        for _ in range(_ROUNDS):
            due = self.book.take_due(at)
            for fault in due:
                fault.strike(self, at)
            if not due:
                return

    def _play_again(self) -> None:
        self.play(self.desk.clock.now())

    def _saw(self, update: TradeUpdate) -> None:
        self.book.saw_order(str(update.order.status), update.order.symbol)
