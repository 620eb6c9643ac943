"""The clients of a stream: what waits to be sent to each, and who may join."""

import asyncio
from collections.abc import Callable, Iterable, Iterator

from attrs import define, field
from starlette.websockets import WebSocket, WebSocketDisconnect

from alchemiser_alpaca.simulator.faults.fault import Drop, Outgoing
from alchemiser_alpaca.simulator.http.connections import Address, Connections

WAITING = 10_000
"""Messages that wait for a client; one that is slower is cut off."""


@define(eq=False)
class Member:
    """One connected client."""

    client: Address
    waiting: "asyncio.Queue[Outgoing]" = field(factory=lambda: asyncio.Queue(WAITING))

    def put(self, outgoing: Iterable[Outgoing]) -> None:
        """Send these, in this order."""
        for each in outgoing:
            if self.waiting.full():
                return
            self.waiting.put_nowait(each)


@define(eq=False)
class Members:
    """All clients of a stream. For the server's own thread alone."""

    connections: Connections
    one_only: bool
    _joined: list[Member] = field(factory=list)

    @property
    def is_full(self) -> bool:
        """Whether another client is one too many."""
        return self.one_only and bool(self._joined)

    def __len__(self) -> int:
        return len(self._joined)

    def __iter__(self) -> Iterator[Member]:
        return iter(tuple(self._joined))

    def join(self, member: Member) -> None:
        """The client gets what is sent from now on."""
        self._joined.append(member)

    def leave(self, member: Member) -> None:
        """The client is gone."""
        if member in self._joined:
            self._joined.remove(member)

    async def write(
        self, socket: WebSocket, member: Member, encode: Callable[[Outgoing], str | bytes]
    ) -> None:
        """Send what waits, until the connection ends."""
        try:
            while True:
                outgoing = await member.waiting.get()
                if outgoing is Drop.DROP:
                    self.leave(member)
                    self.connections.cut(member.client, with_reset=False)
                    return
                encoded = encode(outgoing)
                if isinstance(encoded, bytes):
                    await socket.send_bytes(encoded)
                else:
                    await socket.send_text(encoded)
        except (WebSocketDisconnect, RuntimeError):
            # The reading side sees the end of the connection and ends the session.
            self.leave(member)


async def received(socket: WebSocket) -> str | bytes | None:
    """The next frame of a client; `None` at the end of the connection."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        return None
    data: str | bytes | None = message.get("bytes")
    return message.get("text", "") if data is None else data
