"""The open connections of the server, so that a fault can cut one, all of them, or refuse new ones.

uvicorn shows its transports to the protocol alone; a protocol of our own remembers them.
"""

import asyncio
import socket
import struct
import time
from collections.abc import Callable
from typing import cast

from attrs import define, field
from uvicorn.protocols.http.h11_impl import H11Protocol

Address = tuple[str, int]

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@define(eq=False)
class Connections:
    """Transports by the address of their client. For the server's own thread alone."""

    steady: Callable[[], float] = time.monotonic
    _open: dict[Address, asyncio.Transport] = field(factory=dict)
    _refusing_until: float = 0.0

    def protocol(self) -> type[asyncio.Protocol]:
        """The protocol that uvicorn speaks, with its connections watched."""
        connections = self

        class WatchedProtocol(H11Protocol):
            """HTTP/1.1 whose connections are known."""

            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
                super().connection_made(transport)
                connections.opened(transport)

        return WatchedProtocol

    def opened(self, transport: asyncio.Transport) -> None:
        """A client has connected; while the server is down it is thrown out at once."""
        if self.is_refusing:
            reset(transport)
            return
        if len(self._open) > 64:
            self._open = {a: t for a, t in self._open.items() if not t.is_closing()}
        self._open[cast(Address, transport.get_extra_info("peername")[:2])] = transport

    @property
    def is_refusing(self) -> bool:
        """Whether the server plays dead."""
        return self.steady() < self._refusing_until

    def refuse_for(self, seconds: float) -> None:
        """Cut every connection, and every new one for so many real seconds."""
        self._refusing_until = self.steady() + seconds
        for transport in self._open.values():
            reset(transport)
        self._open.clear()

    def cut(self, client: Address, with_reset: bool) -> None:
        """End the connection of a client: with a reset, or in order once all is written."""
        transport = self._open.pop(client, None)
        if transport is None:
            return
        if with_reset:
            reset(transport)
        else:
            transport.close()


def reset(transport: asyncio.Transport) -> None:
    """Close at once and tell the other side by a reset, as a crashed server does."""
    connection = transport.get_extra_info("socket")
    if connection is not None and not transport.is_closing():
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    transport.abort()
