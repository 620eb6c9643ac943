"""uvicorn, set up for this server: quiet, on this machine alone, and ended in order by a signal."""

import asyncio
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from returns.result import Failure, Result, Success

from alchemiser_alpaca.simulator.http.application import Parts
from alchemiser_alpaca.simulator.ticking import Ticking
from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.broker_simulator import NotServing

HOST = "127.0.0.1"
_GRACE = 2
"""Real seconds that answers under way have at the end."""


def listening(port: int) -> Result[socket.socket, NotServing]:
    """A socket on this machine; 0 for any free port."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
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
            timeout_graceful_shutdown=_GRACE,
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


async def serve(
    parts: Parts, ticking: Ticking, listener: socket.socket, started: Callable[[], None]
) -> None:
    """Serve until the stage closes."""
    parts.stage.starts()
    parts.trading_stream.start()
    ticking.start()
    loops = [asyncio.create_task(ticking.advance()), asyncio.create_task(ticking.tell())]
    try:
        await QuietServer(parts, started).serve(sockets=[listener])
    finally:
        parts.stage.closing.set()
        ticking.stop()
        await asyncio.gather(*loops)
