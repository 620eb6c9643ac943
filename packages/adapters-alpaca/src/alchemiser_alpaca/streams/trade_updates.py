"""What happens to the account's orders, as it happens: `OrderUpdates` over the vendor's stream."""

import json
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from attrs import define, field

from alchemiser_alpaca.keys import Keys
from alchemiser_alpaca.orders.parsing import read_order
from alchemiser_alpaca.reading import UnreadableError, record
from alchemiser_alpaca.streams.link import BrokenTalkError, Link, Persistence
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.ports.clock import Clock

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

MOST_WAITING = 1_000
"""Reports that nobody has asked for yet; older ones are dropped, since any of them is a hint."""

_SLICE = 0.05
"""Seconds on the wall between two looks at the clock, which may go faster."""
_STANDING = timedelta(seconds=_SLICE)


@define(eq=False)
class Mailbox:
    """Reports between the thread that hears them and the one that waits for them."""

    _reports: deque[OrderReport] = field(factory=lambda: deque(maxlen=MOST_WAITING), init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False)
    _some: threading.Event = field(factory=threading.Event, init=False)

    def put(self, report: OrderReport) -> None:
        """One report more."""
        with self._lock:
            self._reports.append(report)
            self._some.set()

    def take(self) -> tuple[OrderReport, ...]:
        """All there are, oldest first."""
        with self._lock:
            taken = tuple(self._reports)
            self._reports.clear()
            self._some.clear()
        return taken

    def wait(self, seconds: float) -> None:
        """Return when there is one, or after that time."""
        self._some.wait(seconds)


@define(eq=False)
class TradeTalk:
    """The protocol: JSON in text or binary frames."""

    keys: Keys
    tell: Callable[[OrderReport], None]

    async def begin(self, socket: "ClientConnection") -> None:
        """Say the keys, and ask for trade updates."""
        secrets = {"key_id": self.keys.key_id.reveal(), "secret_key": self.keys.secret.reveal()}
        await socket.send(json.dumps({"action": "authenticate", "data": secrets}))
        answer = _decoded(await socket.recv())
        data = answer.get("data")
        if not isinstance(data, dict) or data.get("status") != "authorized":
            raise BrokenTalkError("the stream does not accept the key")
        await socket.send(json.dumps({"action": "listen", "data": {"streams": ["trade_updates"]}}))

    def heard(self, frame: str | bytes) -> bool:
        """A report where the frame has one; anything else is left alone."""
        message = _decoded(frame)
        data = message.get("data")
        if message.get("stream") != "trade_updates" or not isinstance(data, dict):
            return False
        try:
            self.tell(read_order(record(data.get("order"))))
        except UnreadableError:
            return False  # polling finds out what this would have told
        return True


def _decoded(frame: str | bytes) -> dict[str, Any]:
    try:
        message = json.loads(frame)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


@define(eq=False)
class TradeUpdates:
    """`OrderUpdates` of an account, whose waits go by a clock that may not be the wall's."""

    link: Link
    mailbox: Mailbox
    clock: Clock

    def wait(self, until: datetime) -> tuple[OrderReport, ...]:
        """What came, as soon as something has; nothing, when the clock says `until`, or where it
        stands although it was waited on: whoever waits has other things to look at.
        """
        while True:
            reports = self.mailbox.take()
            now = self.clock.now()
            if reports or now >= until:
                return reports
            self.mailbox.wait(min(_SLICE, (until - now).total_seconds()))
            if self.clock.now() == now:
                # A clock that stands until somebody waits on it.
                self.clock.wait_until(min(until, now + _STANDING))
                if self.clock.now() == now:
                    return self.mailbox.take()

    def close(self) -> None:
        """End the stream."""
        self.link.close()


def trade_updates(url: str, keys: Keys, clock: Clock, persistence: Persistence) -> TradeUpdates:
    """The stream of an account, opened in the background."""
    mailbox = Mailbox()
    link = Link(url, {}, TradeTalk(keys, mailbox.put), persistence)
    link.open()
    return TradeUpdates(link, mailbox, clock)
