"""The stream of trade updates: JSON in binary frames, one client of the account at a time."""

import asyncio
import json
from typing import Any

from attrs import define, field
from starlette.responses import Response
from starlette.websockets import WebSocket

from alchemiser_alpaca.simulator.desk import Desk
from alchemiser_alpaca.simulator.exchange.updates import TradeUpdate
from alchemiser_alpaca.simulator.faults.book import FaultBook
from alchemiser_alpaca.simulator.faults.fault import Outgoing, StreamName
from alchemiser_alpaca.simulator.http.answers import as_json
from alchemiser_alpaca.simulator.http.authority import Authority
from alchemiser_alpaca.simulator.streams.members import Member, Members, received
from alchemiser_alpaca.simulator.wire.orders import update_json

UPDATES = "trade_updates"


@define(eq=False)
class _Session:
    """What one client has said so far."""

    member: Member
    is_authorised: bool = False


@define(eq=False)
class TradingStream:
    """`/stream`."""

    desk: Desk
    book: FaultBook
    authority: Authority
    members: Members
    _loop: asyncio.AbstractEventLoop | None = None
    _connected: int = field(default=0)

    def start(self) -> None:
        """Listen to the exchange; called in the server's thread."""
        self._loop = asyncio.get_running_loop()
        self.desk.exchange.listeners.append(self._tell)

    def _tell(self, update: TradeUpdate) -> None:
        """Called under the desk's lock, in whatever thread is at work."""
        order = update.order
        outgoing = self.book.on_stream(
            StreamName.TRADING, update_json(update), str(order.status), order.symbol, update.at
        )
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._publish, outgoing)

    def _publish(self, outgoing: list[Outgoing]) -> None:
        for member in self.members:
            member.put(outgoing)

    async def serve(self, socket: WebSocket) -> None:
        """One connection, from the handshake to its end."""
        if self.members.one_only and self._connected:
            await socket.send_denial_response(Response("too many connections", 429))
            return
        self._connected += 1
        host, port = socket.scope["client"]
        session = _Session(Member((host, port)))
        writer = asyncio.create_task(self.members.write(socket, session.member, _encoded))
        try:
            await socket.accept()
            while (frame := await received(socket)) is not None:
                session.member.put(self._answers(session, _read(frame)))
        finally:
            self._connected -= 1
            self.members.leave(session.member)
            writer.cancel()

    def _answers(self, session: _Session, asked: dict[str, Any]) -> list[Outgoing]:
        data = asked.get("data")
        data = data if isinstance(data, dict) else {}
        match asked.get("action"):
            case "authenticate":
                session.is_authorised = self.authority.knows(
                    data.get("key_id"), data.get("secret_key")
                )
                return [_authorization(session.is_authorised, "authenticate")]
            case "auth":
                session.is_authorised = self.authority.knows(asked.get("key"), asked.get("secret"))
                return [_authorization(session.is_authorised, "authenticate")]
            case "listen" if not session.is_authorised:
                return [_authorization(False, "listen")]
            case "listen":
                return [self._listening(session.member, data.get("streams"))]
            case _:
                return [{"stream": "error", "data": {"error": "invalid message"}}]

    def _listening(self, member: Member, streams: object) -> Outgoing:
        wanted = isinstance(streams, list) and UPDATES in streams
        self.members.leave(member)
        if wanted:
            self.members.join(member)
        return {"stream": "listening", "data": {"streams": [UPDATES] if wanted else []}}


def _authorization(authorised: bool, action: str) -> Outgoing:
    status = "authorized" if authorised else "unauthorized"
    return {"stream": "authorization", "data": {"status": status, "action": action}}


def _read(frame: str | bytes) -> dict[str, Any]:
    try:
        content = json.loads(frame)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _encoded(outgoing: Outgoing) -> bytes:
    return outgoing if isinstance(outgoing, bytes) else as_json(outgoing)
