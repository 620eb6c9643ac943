"""Quotes as they are made, over the vendor's data stream: at most as good as polled ones."""

import threading
from collections.abc import Callable, Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from alchemiser_alpaca.data.latest_quotes import read_quote
from alchemiser_alpaca.keys import Keys
from alchemiser_alpaca.streams.link import BrokenTalkError, Link, Persistence
from alchemiser_alpaca.symbols import askable
from alchemiser_core.domain.quote import Quote
from alchemiser_core.domain.symbol import Symbol

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

YOUNG = 5.0
"""Seconds since it was heard, for which a quote of the stream spares a poll."""

_HEADERS = {"Content-Type": "application/msgpack"}
"""By this the server speaks msgpack, both ways."""
_TIMES_AS_DATETIMES = 3


@frozen
class Heard:
    """A quote, and when it was heard by a clock that nobody can set."""

    quote: Quote
    at: float


@define(eq=False)
class QuoteBoard:
    """The newest quote of each symbol, between the thread that hears and the one that asks."""

    steady: Callable[[], float]
    _heard: dict[Symbol, Heard] = field(factory=dict, init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False)

    def put(self, quote: Quote) -> None:
        """A quote; one that is older than the one there is, is left alone."""
        with self._lock:
            known = self._heard.get(quote.symbol)
            if known is None or known.quote.at <= quote.at:
                self._heard[quote.symbol] = Heard(quote, self.steady())

    def young(self, symbol: Symbol) -> Quote | None:
        """The quote of a symbol where it was heard a moment ago."""
        with self._lock:
            heard = self._heard.get(symbol)
        if heard is None or self.steady() - heard.at > YOUNG:
            return None
        return heard.quote


@define(eq=False)
class QuoteTalk:
    """The protocol: lists of messages in msgpack."""

    keys: Keys
    symbols: tuple[Symbol, ...]
    tell: Callable[[Quote], None]

    async def begin(self, socket: "ClientConnection") -> None:
        """Wait for the greeting, say the keys, and ask for quotes."""
        _expect(await socket.recv(), "connected")
        secrets = {"key": self.keys.key_id.reveal(), "secret": self.keys.secret.reveal()}
        await socket.send(_packed({"action": "auth", **secrets}))
        _expect(await socket.recv(), "authenticated")
        await socket.send(_packed({"action": "subscribe", "quotes": list(self.symbols)}))

    def heard(self, frame: str | bytes) -> bool:
        """The quotes of a frame; anything else is left alone."""
        news = False
        for message in _messages(frame):
            symbol = message.get("S")
            if message.get("T") == "q" and symbol in self.symbols:
                at = message.get("t")
                told = {**message, "t": at.isoformat() if isinstance(at, datetime) else at}
                quote = read_quote(symbol, told)
                if quote is not None:
                    self.tell(quote)
                    news = True
        return news


def quote_stream(
    url: str,
    keys: Keys,
    symbols: Collection[Symbol],
    persistence: Persistence,
    steady: Callable[[], float],
) -> tuple[Link, QuoteBoard]:
    """A stream of quotes, opened in the background, and the board that it writes on."""
    board = QuoteBoard(steady)
    talk = QuoteTalk(keys, tuple(askable(symbols)), board.put)
    link = Link(url, dict(_HEADERS), talk, persistence)
    link.open()
    return link, board


def _packed(message: dict[str, Any]) -> bytes:
    packed: bytes = _msgpack().packb(message)
    return packed


def _messages(frame: str | bytes) -> list[dict[str, Any]]:
    msgpack = _msgpack()
    try:
        found = msgpack.unpackb(frame, timestamp=_TIMES_AS_DATETIMES)
    except (ValueError, TypeError, OverflowError, msgpack.exceptions.UnpackException):
        return []
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _msgpack() -> Any:
    import msgpack  # type: ignore[import-untyped]  # it ships no types

    return msgpack


def _expect(frame: str | bytes, word: str) -> None:
    first = next(iter(_messages(frame)), {})
    if (first.get("T"), first.get("msg")) != ("success", word):
        raise BrokenTalkError(f"the stream does not say that it has {word}")
