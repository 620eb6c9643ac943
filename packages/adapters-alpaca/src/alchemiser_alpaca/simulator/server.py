"""The simulator as a program serves it, and as a test runs it beside itself."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from attrs import define
from returns.result import Failure, Result, Success

from alchemiser_alpaca.simulator.clock import SimulatorClock
from alchemiser_alpaca.simulator.desk import Desk
from alchemiser_alpaca.simulator.exchange.exchange import Exchange
from alchemiser_alpaca.simulator.faults.book import FaultBook
from alchemiser_alpaca.simulator.faults.plan import faults_of
from alchemiser_alpaca.simulator.http.application import Parts, parts_of
from alchemiser_alpaca.simulator.http.calls import RequestLog
from alchemiser_alpaca.simulator.http.serving import HOST, listening, serve
from alchemiser_alpaca.simulator.opening import opened
from alchemiser_alpaca.simulator.settings import SimulatorSettings
from alchemiser_alpaca.simulator.ticking import Ticking
from alchemiser_core.plugins import SimulationContext
from alchemiser_core.ports.broker_simulator import NotServing


@define(eq=False)
class AlpacaSimulator:
    """An account at a simulated Alpaca. It is opened each time that it is served."""

    settings: SimulatorSettings
    context: SimulationContext
    folder: str = ""
    """Against which relative paths of the settings are read."""

    def serve(self, tell: Callable[[str], None]) -> Result[None, NotServing]:
        """Serve until Ctrl-C or SIGTERM; the first lines say how to trade there.

        Failures: the port is taken, the ledger or the fault plan cannot be used, there are no
        prices.
        """
        made = _made(self)
        if isinstance(made, Failure):
            return Failure(made.failure())
        running = made.unwrap()

        def started() -> None:
            for line in running.introduction():
                tell(line)

        asyncio.run(running.until_closed(started))
        tell("The simulator has ended.")
        return Success(None)


@define(eq=False)
class RunningSimulator:
    """A served account, seen from inside the process.

    Hold `lock`, or work at the `desk`, to look at the exchange; nobody sends a request meanwhile.
    """

    simulator: AlpacaSimulator
    desk: Desk
    book: FaultBook
    parts: Parts
    port: int
    until_closed: Callable[[Callable[[], None]], Any]

    @property
    def requests(self) -> RequestLog:
        """Every request to the API so far."""
        return self.parts.log

    @property
    def trading_listeners(self) -> int:
        """Clients that get trade updates now."""
        return len(self.parts.trading_stream.members)

    @property
    def data_listeners(self) -> int:
        """Clients of the data stream that have shown their keys."""
        return len(self.parts.data_stream.members)

    @property
    def trading_url(self) -> str:
        """For `trading_url`, and for `data_url` too."""
        return f"http://{HOST}:{self.port}"

    @property
    def data_url(self) -> str:
        """The same server."""
        return self.trading_url

    @property
    def stream_url(self) -> str:
        """For `trading_stream_url`."""
        return f"ws://{HOST}:{self.port}/stream"

    @property
    def data_stream_url(self) -> str:
        """For `data_stream_url`."""
        return f"ws://{HOST}:{self.port}/v2/iex"

    @property
    def exchange(self) -> Exchange:
        """The account."""
        return self.desk.exchange

    @property
    def clock(self) -> SimulatorClock:
        """The time it lives in."""
        return self.desk.clock

    @property
    def lock(self) -> threading.RLock:
        """Held by whoever is at work."""
        return self.desk.lock

    def put_faults(self, *plan: dict[str, object]) -> None:
        """Let faults wait for their moment, as a plan in JSON names them. `ValueError` if it is
        no plan.
        """
        read = faults_of(plan)
        if isinstance(read, Failure):
            raise ValueError("; ".join(str(problem) for problem in read.failure().problems()))
        with self.desk.work():
            self.book.put(read.unwrap())

    def close(self) -> None:
        """End the server, from any thread."""
        self.parts.stage.close_from_outside()

    def introduction(self) -> tuple[str, ...]:
        """Where it listens, and what goes into `alchemiser.toml` and the environment."""
        settings = self.simulator.settings
        return (
            f"Alpaca is simulated at {self.trading_url}, account {settings.account_number}.",
            f"Its clock shows {self.clock.now():%Y-%m-%d %H:%M:%S} UTC, speed {settings.speed}.",
            "In alchemiser.toml:",
            "    [data]",
            '    feed = "alpaca"',
            "    [data.settings]",
            f'    data_url = "{self.trading_url}"',
            "    [broker]",
            '    name = "alpaca"',
            "    [broker.settings]",
            f'    trading_url = "{self.trading_url}"',
            "    [trading]",
            '    clock = "broker"',
            "In the environment:",
            f"    ALPACA_KEY_ID={settings.key_id}",
            f"    ALPACA_SECRET_KEY={settings.secret_key}",
            *self._kept(),
            "Ctrl-C ends it.",
        )

    def _kept(self) -> tuple[str, ...]:
        """Where the account is, if it goes with the server."""
        if self.simulator.settings.ledger:
            return ()
        return ("The account is in memory and goes with the server; --ledger FILE keeps it.",)


def _made(simulator: AlpacaSimulator) -> Result[RunningSimulator, NotServing]:
    """The simulator with its account open and its port bound, not yet served."""
    settings, context = simulator.settings, simulator.context
    account = opened(settings, context, simulator.folder)
    if isinstance(account, Failure):
        return Failure(account.failure())
    desk, book = account.unwrap().desk, account.unwrap().book
    listener = listening(settings.port)
    if isinstance(listener, Failure):
        desk.exchange.ledger.close()
        return Failure(listener.failure())
    parts = parts_of(settings, desk, book, context.feed)
    ticking = Ticking(desk, parts.stage, parts.data_stream, float(settings.stream_seconds))

    async def until_closed(started: Callable[[], None]) -> None:
        try:
            await serve(parts, ticking, listener.unwrap(), started)
        finally:
            desk.exchange.ledger.close()

    return Success(
        RunningSimulator(
            simulator=simulator,
            desk=desk,
            book=book,
            parts=parts,
            port=listener.unwrap().getsockname()[1],
            until_closed=until_closed,
        )
    )


@contextmanager
def running(simulator: AlpacaSimulator) -> Iterator[RunningSimulator]:
    """Serve in a thread of its own for as long as the block lasts, on the port of the settings.

    Raises `RuntimeError` with the problems where the simulator cannot be started, and at the end
    whatever went wrong in it.
    """
    made = _made(simulator)
    if isinstance(made, Failure):
        raise RuntimeError("; ".join(str(problem) for problem in made.failure().problems()))
    served = made.unwrap()
    started = threading.Event()
    with ThreadPoolExecutor(1, thread_name_prefix="alpaca-simulator") as threads:
        ended = threads.submit(lambda: asyncio.run(served.until_closed(started.set)))
        ended.add_done_callback(lambda _: started.set())
        try:
            started.wait()
            yield served
        finally:
            served.close()
            # Whatever went wrong in the server is told here.
            ended.result()
