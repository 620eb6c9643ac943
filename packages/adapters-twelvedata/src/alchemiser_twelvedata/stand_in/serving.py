"""uvicorn, set up for the stand-in: quiet, on this machine alone, in a thread, ended in order."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from alchemiser_twelvedata.stand_in.application import application
from alchemiser_twelvedata.stand_in.state import StandIn

HOST = "127.0.0.1"
_GRACE = 2.0
"""Seconds that answers under way have at the end."""
_LONGEST_START = 30.0
_MOMENT = 0.001


@contextmanager
def running(stand_in: StandIn, port: int = 0) -> Iterator[str]:
    """The address at which the stand-in answers, until the block ends; 0 for any free port.

    Raises `OSError` where the port is taken.
    """
    listener = _listening(port)
    server = _Server(stand_in)
    thread = threading.Thread(target=server.run, args=([listener],), name="stand-in")
    thread.start()
    try:
        if not server.is_ready.wait(_LONGEST_START):
            raise RuntimeError("the stand-in does not start")
        yield f"http://{HOST}:{listener.getsockname()[1]}"
    finally:
        server.end()
        thread.join()
        listener.close()


def _listening(port: int) -> socket.socket:
    # asyncio switches Nagle's algorithm off only where the protocol is named; with it on, every
    # answer would wait 40 ms for the client's acknowledgement of its headers.
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((HOST, port))
        made.listen(128)
    except OSError:
        made.close()
        raise
    return made


class _Server(uvicorn.Server):
    """A server that ends as soon as it is told to."""

    def __init__(self, stand_in: StandIn) -> None:
        config = uvicorn.Config(
            application(stand_in),
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=75,
        )
        super().__init__(config)
        self.is_ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending = asyncio.Event()

    def end(self) -> None:
        """End it, from another thread."""
        self.should_exit = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ending.set)

    async def main_loop(self) -> None:
        """Wait for the end."""
        self._loop = asyncio.get_running_loop()
        self.is_ready.set()
        await self._ending.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close everything, answers under way first; as uvicorn does it, without its pauses."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        deadline = time.monotonic() + _GRACE
        while self.server_state.connections and time.monotonic() < deadline:
            await asyncio.sleep(_MOMENT)
        for task in list(self.server_state.tasks):
            task.cancel()
        await asyncio.gather(*self.server_state.tasks, return_exceptions=True)
