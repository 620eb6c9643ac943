"""A server on this machine that answers as a script says, time that passes at once, and feeds."""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from attrs import define, field, frozen
from returns.result import Success

from alchemiser_core.domain.secret import Secret
from alchemiser_core.plugins import PluginContext
from alchemiser_twelvedata.building import twelvedata_feed
from alchemiser_twelvedata.connection.pace import Pace
from alchemiser_twelvedata.settings import TwelveDataSettings
from alchemiser_twelvedata.stand_in import KEY, StandIn, StandInClock, made_up, running

EVENING = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)
"""After the close of a Wednesday."""
TODAY = date(2026, 3, 4)


@frozen
class Received:
    """A request as it came."""

    method: str
    target: str
    headers: dict[str, str]


Behaviour = Callable[[socket.socket], bool]
"""Answers on a socket; true where the connection stays open."""


def reply(status: int = 200, body: object = None, **headers: str) -> Behaviour:
    """A whole answer; what is no bytes is sent as JSON, `None` as nothing."""
    data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(data)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]

    def answer(connection: socket.socket) -> bool:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + data)
        return True

    return answer


def reset(connection: socket.socket) -> bool:
    """The connection breaks after the request was read."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def hang_up(connection: socket.socket) -> bool:
    """The connection ends in good order, without an answer."""
    return False


def silence(connection: socket.socket) -> bool:
    """No answer until the client has gone."""
    with suppress(OSError):
        connection.recv(1)
    return False


def raw(data: bytes) -> Behaviour:
    """These bytes, and then the end."""

    def answer(connection: socket.socket) -> bool:
        connection.sendall(data)
        return False

    return answer


LONG_BODY = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"


def drip(seconds: float, begins: bytes = LONG_BODY, again: bytes = b" ") -> Behaviour:
    """An answer that comes a byte, or a little more, at a time and never ends."""

    def answer(connection: socket.socket) -> bool:
        with suppress(OSError):
            connection.sendall(begins)
            while True:
                connection.sendall(again)
                time.sleep(seconds)
        return False

    return answer


@define(eq=False)
class ScriptedServer:
    """Answers each request by the next behaviour of its script, the last one again and again."""

    script: list[Behaviour] = field(factory=lambda: [reply(200, {})])
    received: list[Received] = field(factory=list)
    _socket: socket.socket = field(init=False)
    _threads: list[threading.Thread] = field(factory=list, init=False)
    _open: list[socket.socket] = field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._start(self._accept)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def _start(self, target: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self._open.append(connection)
                self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while (request := read_request(connection)) is not None:
                self.received.append(request)
                place = min(len(self.received), len(self.script)) - 1
                if not self.script[place](connection):
                    return

    def close(self) -> None:
        for each in (self._socket, *self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        for thread in self._threads:
            thread.join(2)


def read_request(connection: socket.socket) -> Received | None:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    first, *lines = data.split(b"\r\n\r\n", 1)[0].decode().split("\r\n")
    headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in lines)}
    method, target, _ = first.split(" ")
    return Received(method, target, headers)


@define
class FakeTime:
    """Time that passes where somebody sleeps, and at once."""

    now: float = EVENING.timestamp()
    slept: list[float] = field(factory=list)
    chance: float = 0.5

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.slept.append(seconds)
        self.now += seconds

    def pace(self) -> Pace:
        return Pace(lambda: self.now, lambda: self.now, self.sleep, lambda: self.chance)

    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)


@frozen
class KeyStore:
    """A store that has one key."""

    key: str = KEY
    name: str = "test"

    def secret(self, name: str):
        return Success(Secret(self.key) if name == "twelvedata-api-key" else None)

    def place(self, name: str) -> str:
        return f"the place of {name}"


@define
class Feeds:
    """Builds feeds over fake time, and closes them at the end."""

    time: FakeTime
    told: list[str] = field(factory=list)
    built: list = field(factory=list)

    def __call__(self, url: str, key: str = KEY, now=None, **settings):
        context = PluginContext(secrets=KeyStore(key), tell=self.told.append)
        chosen = TwelveDataSettings(url=url, **settings)
        feed = twelvedata_feed(chosen, context, self.time.pace(), now or self.time.moment).unwrap()
        self.built.append(feed)
        return feed


@pytest.fixture
def behave():
    """The behaviours of a server."""
    return SimpleNamespace(
        reply=reply, reset=reset, hang_up=hang_up, silence=silence, raw=raw, drip=drip
    )


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    yield server
    server.close()


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def feed_of(fake_time) -> Iterator[Feeds]:
    feeds = Feeds(fake_time)
    yield feeds
    for feed in feeds.built:
        feed.close()


SYMBOLS = ("SPY", "TLT", "GLD", "BRK.B")


@pytest.fixture
def stand_in(fake_time) -> StandIn:
    """Four symbols up to an evening; its clock is that of the fake time."""
    return StandIn(made_up(SYMBOLS, TODAY, 60), clock=StandInClock(fake_time.moment))


@pytest.fixture
def url(stand_in) -> Iterator[str]:
    with running(stand_in) as url:
        yield url


@pytest.fixture
def served():
    """A stand-in of one's own, running."""
    return running
