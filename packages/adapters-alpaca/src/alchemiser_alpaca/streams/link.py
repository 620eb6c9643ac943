"""A WebSocket that is opened again and again in a thread of its own, until it is closed.

The vendor's own stream classes stop only after five seconds of waiting, and stand on a part of
`websockets` that is to be removed; the protocols are small enough to be spoken here. Whatever goes
wrong costs the hints that were missed and nothing else: the thread waits and connects anew.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from attrs import define, field, frozen

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

_LONGEST_FRAME = 1024 * 1024
_CLOSING = 0.5
"""Seconds that a server has to say goodbye."""
_JOINING = 1.0


class BrokenTalkError(Exception):
    """The server did not say what it has to, e.g. that the key is accepted."""


class Talk(Protocol):
    """A protocol over an open socket."""

    async def begin(self, socket: "ClientConnection") -> None:
        """Say who we are and what we want; raises `BrokenTalkError` where that is refused."""
        ...

    def heard(self, frame: str | bytes) -> bool:
        """Take in a frame, whatever it is; whether it was news."""
        ...


@frozen(eq=False)
class Persistence:
    """When to try again; seconds. The first wait doubles up to the last, half of it by chance."""

    chance: Callable[[], float]
    first: float = 1.0
    last: float = 30.0
    opening: float = 5.0
    """For connecting, and for each word of the greeting."""

    def wait(self, failed: int) -> float:
        """Seconds after so many failures in a row, 1 or more."""
        whole = min(self.first * 2.0 ** min(failed - 1, 16), self.last)
        return whole * (0.5 + self.chance() / 2)


@define(eq=False)
class Link:
    """The thread, its socket, and how it ends."""

    url: str
    headers: dict[str, str]
    talk: Talk
    persistence: Persistence
    trouble: str = field(default="not connected yet", init=False)
    """Why nothing is heard; empty while the connection stands."""
    _had_news: bool = field(default=False, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)
    _begun: threading.Event = field(factory=threading.Event, init=False)
    _loop: asyncio.AbstractEventLoop | None = field(default=None, init=False)
    _stop: asyncio.Event | None = field(default=None, init=False)

    def open(self) -> None:
        """Start; returns at once, whether or not the server is there."""
        self._thread = threading.Thread(target=self._run, name="alpaca-stream", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End, within about a second; a second call does nothing."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._begun.wait(_JOINING)
        if self._loop is not None and self._stop is not None:
            # The loop is closed where the thread has ended already.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._stop.set)
        thread.join(_JOINING)

    def _run(self) -> None:
        asyncio.run(self._until_stopped())

    async def _until_stopped(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._begun.set()
        work = asyncio.create_task(self._again_and_again())
        stopped = asyncio.create_task(self._stop.wait())
        await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work

    async def _again_and_again(self) -> None:
        from websockets.exceptions import WebSocketException

        failed = 0
        while True:
            self._had_news = False
            try:
                await self._listen()
            except (OSError, EOFError, TimeoutError, WebSocketException, BrokenTalkError) as error:
                self.trouble = f"{type(error).__name__}: {error}"
            failed = 1 if self._had_news else failed + 1
            await asyncio.sleep(self.persistence.wait(failed))

    async def _listen(self) -> None:
        """Connect and take in frames until the connection ends."""
        async with await self._connected() as socket:
            await asyncio.wait_for(self.talk.begin(socket), self.persistence.opening)
            self.trouble = ""
            async for frame in socket:
                self._had_news = self.talk.heard(frame) or self._had_news
        self.trouble = "the server has ended the stream"

    async def _connected(self) -> "ClientConnection":
        from websockets.asyncio.client import connect

        place = urlsplit(self.url)
        try:
            return await connect(
                self.url,
                # Named once more, so that nobody can point the keys to another server.
                host=place.hostname,
                port=place.port or (443 if place.scheme == "wss" else 80),
                additional_headers=self.headers,
                compression=None,
                proxy=None,
                open_timeout=self.persistence.opening,
                close_timeout=_CLOSING,
                max_size=_LONGEST_FRAME,
            )
        except ValueError as error:
            raise BrokenTalkError("the server points somewhere else") from error
