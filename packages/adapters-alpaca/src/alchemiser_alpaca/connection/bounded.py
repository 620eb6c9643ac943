"""Answers that have to come within a time, head and body, however slowly they drip.

The time limit of a socket begins anew with every byte; so a server, or something on the way to it,
could make a call last for ever a byte at a time. Only functions import this module, as `client`.
"""

from collections.abc import Callable
from http.client import HTTPResponse
from io import BufferedReader, RawIOBase
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

Steady = Callable[[], float]


class _Bounded(RawIOBase):
    """What comes from a socket until a moment; after it, `TimeoutError`."""

    def __init__(self, inner: RawIOBase, until: float, steady: Steady) -> None:
        self._inner, self._until, self._steady = inner, until, steady

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._steady() > self._until:
            raise TimeoutError("the answer did not end in time")
        return self._inner.readinto(buffer)

    def close(self) -> None:
        self._inner.close()
        super().close()


def bounded_pools(seconds: float, steady: Steady) -> dict[str, type]:
    """Pools of connections, by scheme, whose answers end within so many seconds, or break."""

    class Response(HTTPResponse):
        def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
            super().__init__(sock, *args, **kwargs)
            self.fp = BufferedReader(_Bounded(self.fp.detach(), steady() + seconds, steady))

    class Plain(HTTPConnection):
        response_class = Response

    class Encrypted(HTTPSConnection):
        response_class = Response

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class EncryptedPool(HTTPSConnectionPool):
        ConnectionCls = Encrypted

    return {"http": PlainPool, "https": EncryptedPool}
