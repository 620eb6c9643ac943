"""Answers that have to come within a time, head and body, however slowly they drip.

The time limit of a socket begins anew with every byte; so a server, or something on the way to it,
could make a call last for ever a byte at a time. Only functions import this module, as `client`.
"""

import ssl
from collections.abc import Callable, Iterable
from typing import Any

import httpcore2
from attrs import define, field


@define(eq=False)
class Deadline:
    """The moment until which the request under way may last."""

    seconds: float
    steady: Callable[[], float]
    _until: float = field(default=float("inf"), init=False)

    def begin(self) -> None:
        """A request begins now."""
        self._until = self.steady() + self.seconds

    def cut(self, timeout: float | None) -> float:
        """A time limit, no longer than what is left. Raises `ReadTimeout` where nothing is."""
        left = self._until - self.steady()
        if left <= 0:
            raise httpcore2.ReadTimeout("the answer did not end in time")
        return left if timeout is None else min(left, timeout)


class BoundedBackend(httpcore2.NetworkBackend):
    """Sockets that keep a deadline."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """A connection; `timeout` seconds, or what is left of the deadline."""
        left = self._deadline.cut(timeout)
        stream = self._sockets.connect_tcp(host, port, left, local_address, socket_options)
        return _BoundedStream(stream, self._deadline)


class _BoundedStream(httpcore2.NetworkStream):
    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.cut(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.cut(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        left = self._deadline.cut(timeout)
        encrypted = self._stream.start_tls(ssl_context, server_hostname, left)
        return _BoundedStream(encrypted, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
