"""The stream of market data: arrays of messages, for the channels and symbols subscribed to."""

import asyncio
from collections.abc import Mapping
from typing import Any

from attrs import define, field
from starlette.websockets import WebSocket

from alchemiser_alpaca.simulator.desk import Desk
from alchemiser_alpaca.simulator.faults.book import FaultBook
from alchemiser_alpaca.simulator.faults.fault import Drop, Outgoing, StreamName
from alchemiser_alpaca.simulator.http.authority import Authority
from alchemiser_alpaca.simulator.streams.codec import Codec, codec_of
from alchemiser_alpaca.simulator.streams.members import Member, Members, received
from alchemiser_alpaca.simulator.streams.tape import CHANNELS, Tape

Message = dict[str, Any]
ALL = "*"


def _error(code: int, words: str) -> Message:
    return {"T": "error", "code": code, "msg": words}


def _success(words: str) -> Message:
    return {"T": "success", "msg": words}


@define(eq=False)
class Subscriber:
    """One client, and what it wants to hear of."""

    member: Member
    is_authorised: bool = False
    channels: dict[str, set[str]] = field(factory=lambda: {name: set() for name in CHANNELS})

    def wants(self, channel: str, symbol: str) -> bool:
        """Whether it subscribed to that."""
        return bool(self.channels[channel] & {symbol, ALL})

    def told(self) -> Message:
        """All of its subscriptions."""
        return {"T": "subscription", **{name: sorted(s) for name, s in self.channels.items()}}


@define(eq=False)
class DataStream:
    """`/v2/iex`, `/v2/sip`."""

    desk: Desk
    book: FaultBook
    authority: Authority
    members: Members
    tape: Tape
    _subscribers: list[Subscriber] = field(factory=list)

    async def serve(self, socket: WebSocket) -> None:
        """One connection, from the handshake to its end."""
        await socket.accept()
        codec = codec_of(socket.headers.get("content-type", ""))
        host, port = socket.scope["client"]
        subscriber = Subscriber(Member((host, port)))
        writing = self.members.write(socket, subscriber.member, _encoder(codec))
        writer = asyncio.create_task(writing)
        subscriber.member.put([_success("connected")])
        try:
            while (frame := await received(socket)) is not None:
                answers = self._answers(subscriber, _read(codec, frame))
                subscriber.member.put(answers)
        finally:
            self.members.leave(subscriber.member)
            if subscriber in self._subscribers:
                self._subscribers.remove(subscriber)
            writer.cancel()

    def _answers(self, subscriber: Subscriber, asked: Message) -> list[Outgoing]:
        match asked.get("action"):
            case "auth":
                return self._authenticated(subscriber, asked)
            case "subscribe" | "unsubscribe" if not subscriber.is_authorised:
                return [_error(401, "not authenticated")]
            case "subscribe" | "unsubscribe" as action:
                return [_changed(subscriber, asked, action == "subscribe")]
            case _:
                return [_error(400, "invalid syntax")]

    def _authenticated(self, subscriber: Subscriber, asked: Message) -> list[Outgoing]:
        if subscriber.is_authorised:
            return [_error(403, "already authenticated")]
        if not self.authority.knows(asked.get("key"), asked.get("secret")):
            return [_error(402, "auth failed")]
        if self.members.is_full:
            return [_error(406, "connection limit exceeded")]
        subscriber.is_authorised = True
        self.members.join(subscriber.member)
        self._subscribers.append(subscriber)
        return [_success("authenticated")]

    def tick(self) -> None:
        """Tell everybody what is new; called in the server's thread."""
        wanted = self._wanted()
        if not any(wanted.values()):
            return
        with self.desk.work() as at:
            news = [
                (channel, message["S"], out)
                for channel, message in self.tape.news(wanted, at)
                for out in self.book.on_stream(
                    StreamName.DATA, message, message["T"], message["S"], at
                )
            ]
        for subscriber in tuple(self._subscribers):
            heard = [out for channel, symbol, out in news if subscriber.wants(channel, symbol)]
            subscriber.member.put(heard)

    def _wanted(self) -> Mapping[str, frozenset[str]]:
        listed = self.desk.exchange.assets.by_symbol
        wanted = {}
        for channel in CHANNELS:
            symbols = {s for each in self._subscribers for s in each.channels[channel]}
            wanted[channel] = frozenset(listed) if ALL in symbols else frozenset(symbols)
        return wanted


def _changed(subscriber: Subscriber, asked: Message, subscribes: bool) -> Message:
    for channel in CHANNELS:
        symbols = asked.get(channel)
        if not isinstance(symbols, list):
            continue
        named = {str(symbol) for symbol in symbols}
        if subscribes:
            subscriber.channels[channel] |= named
        else:
            subscriber.channels[channel] -= named
    return subscriber.told()


def _read(codec: Codec, frame: str | bytes) -> Message:
    try:
        content = codec.decode(frame)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _encoder(codec: Codec) -> Any:
    def encode(outgoing: Outgoing) -> str | bytes:
        if isinstance(outgoing, bytes | Drop):
            return outgoing if isinstance(outgoing, bytes) else b""
        return codec.encode([outgoing])

    return encode
