"""uvicorn, set up for this server: quiet, on this machine alone, and ended in order by a signal."""

import asyncio
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from returns.result import Failure, Result, Success

from alchemiser_alpaca.simulator.http.application import Parts
from alchemiser_alpaca.simulator.ticking import Ticking
from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.broker_simulator import NotServing

HOST = "127.0.0.1"
_GRACE = 2.0
"""Real seconds that answers under way have at the end."""
_MOMENT = 0.001


def listening(port: int) -> Result[socket.socket, NotServing]:
    """A socket on this machine; 0 for any free port."""
    # asyncio switches Nagle's algorithm off only where the protocol is named; with it on, every
    # answer would wait 40 ms for the client's acknowledgement of its headers.
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((HOST, port))
        made.listen(128)
    except OSError as error:
        made.close()
        problem = Problem(
            "port-taken",
            f"the simulator cannot listen on {HOST}:{port}",
            "port",
            error.strerror or str(error),
            "give another --port, or 0 for any free one",
        )
        return Failure(NotServing((problem,)))
    return Success(made)


class QuietServer(uvicorn.Server):
    """A server that ends as soon as it is told to, and by Ctrl-C or SIGTERM without a trace."""

    def __init__(self, parts: Parts, started: Callable[[], None]) -> None:
        config = uvicorn.Config(
            parts.application,
            http=parts.connections.protocol(),
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=75,
        )
        super().__init__(config)
        self._closing = parts.stage.closing
        self._tell_started = started

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """In the main thread a signal ends the server, and nothing else."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop = asyncio.get_running_loop()
        signals = (signal.SIGINT, signal.SIGTERM)

        def end(number: int, frame: object) -> None:
            loop.call_soon_threadsafe(self._closing.set)

        before = {each: signal.signal(each, end) for each in signals}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    async def main_loop(self) -> None:
        """Wait for the end."""
        self._tell_started()
        await self._closing.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close everything, answers under way first; as uvicorn does it, without its pauses."""
        for server in self.servers:
            server.close()
        for each in sockets or ():
            each.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        tasks = set(self.server_state.tasks)
        if tasks:
            _, unfinished = await asyncio.wait(tasks, timeout=_GRACE)
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)
        deadline = time.monotonic() + _GRACE
        while self.server_state.connections and time.monotonic() < deadline:
            await asyncio.sleep(_MOMENT)


async def serve(
    parts: Parts, ticking: Ticking, listener: socket.socket, started: Callable[[], None]
) -> None:
    """Serve until the stage closes."""
    parts.stage.starts()
    parts.trading_stream.start()
    ticking.start()
    loops = [asyncio.create_task(ticking.advance()), asyncio.create_task(ticking.tell())]
    for each in loops:
        # One that fails takes the server with it, and is told by `gather` below.
        each.add_done_callback(lambda _: parts.stage.closing.set())
    try:
        await QuietServer(parts, started).serve(sockets=[listener])
    finally:
        parts.stage.closing.set()
        ticking.stop()
        await asyncio.gather(*loops)
