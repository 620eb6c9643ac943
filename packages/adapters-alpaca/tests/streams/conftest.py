"""A WebSocket server on this machine that plays a scripted part."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress

import pytest
from attrs import define, field
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

Part = Callable[[ServerConnection], Awaitable[None]]


@define(eq=False)
class StreamServer:
    """Plays one part a connection, the last one again and again."""

    parts: list[Part] = field(factory=list)
    connections: int = 0
    refuse: tuple[int, dict[str, str]] | None = None
    _ready: threading.Event = field(factory=threading.Event)
    _loop: asyncio.AbstractEventLoop | None = None
    _stop: asyncio.Event | None = None
    _thread: threading.Thread | None = None
    port: int = 0

    def start(self) -> None:
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main()))
        self._thread.start()
        self._ready.wait(5)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(5)

    def url(self, path: str = "/stream") -> str:
        return f"ws://127.0.0.1:{self.port}{path}"

    async def _main(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        async with serve(
            self._play,
            "127.0.0.1",
            0,
            close_timeout=0.2,
            compression=None,
            process_request=self._refused,
        ) as server:
            self.port = server.sockets[0].getsockname()[1]
            self._ready.set()
            await self._stop.wait()
            server.close(close_connections=True)

    def _refused(self, connection, request):
        self.connections += 1
        if self.refuse is None:
            return None
        status, headers = self.refuse
        response = connection.respond(status, "no\n")
        for name, value in headers.items():
            response.headers[name] = value
        return response

    async def _play(self, connection: ServerConnection) -> None:
        part = self.parts[min(self.connections, len(self.parts)) - 1]
        with suppress(ConnectionClosed):
            await part(connection)


def started() -> Iterator[StreamServer]:
    server = StreamServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def stream_server() -> Iterator[StreamServer]:
    yield from started()


@pytest.fixture
def other_server() -> Iterator[StreamServer]:
    """A server that nobody was told to go to."""
    yield from started()
