"""Faults of the streams: they break, fall silent, repeat, mix up and garble what they tell."""

from typing import ClassVar

from attrs import field, frozen

from alchemiser_alpaca.simulator.faults.fault import Drop, Outgoing, StreamFault
from alchemiser_core.config import must_be

_COUNT = must_be("2 or more", lambda value: value >= 2)


@frozen(kw_only=True)
class StreamDrop(StreamFault):
    """The connection breaks in place of a message; what follows is lost until a client is back."""

    kind: ClassVar[str] = "stream_drop"

    def altered(self, outgoing: Outgoing) -> list[Outgoing]:
        """The end."""
        return [Drop.DROP]


@frozen(kw_only=True)
class StreamMute(StreamFault):
    """The connection stays, and nothing more comes."""

    kind: ClassVar[str] = "stream_mute"
    usual_times: ClassVar[int] = 0

    def altered(self, outgoing: Outgoing) -> list[Outgoing]:
        """Nothing."""
        return []


@frozen(kw_only=True)
class StreamDuplicate(StreamFault):
    """Messages come several times."""

    kind: ClassVar[str] = "stream_duplicate"
    usual_times: ClassVar[int] = 0

    copies: int = field(default=2, validator=_COUNT)
    other_execution_id: bool = False
    """The copies of an execution have identifiers of their own."""

    def altered(self, outgoing: Outgoing) -> list[Outgoing]:
        """The message and its copies."""
        return [outgoing, *(self._copy(outgoing, n) for n in range(1, self.copies))]

    def _copy(self, outgoing: Outgoing, number: int) -> Outgoing:
        if not self.other_execution_id or not isinstance(outgoing, dict):
            return outgoing
        data = outgoing.get("data", {})
        if not data.get("execution_id"):
            return outgoing
        other = f"{number:08x}{data['execution_id'][8:]}"
        return {**outgoing, "data": {**data, "execution_id": other}}


@frozen(kw_only=True)
class StreamReorder(StreamFault):
    """Messages are held back until there are several, and then come the newest first."""

    kind: ClassVar[str] = "stream_reorder"
    usual_times: ClassVar[int] = 0

    size: int = field(default=2, validator=_COUNT)
    _held: list[Outgoing] = field(init=False, factory=list, eq=False, repr=False)

    def altered(self, outgoing: Outgoing) -> list[Outgoing]:
        """All that were held back, once there are enough."""
        self._held.append(outgoing)
        if len(self._held) < self.size:
            return []
        released = self._held[::-1]
        self._held.clear()
        return released


@frozen(kw_only=True)
class StreamMalformed(StreamFault):
    """Bytes come that nobody can read, in place of a message."""

    kind: ClassVar[str] = "stream_malformed"

    def altered(self, outgoing: Outgoing) -> list[Outgoing]:
        """Neither JSON nor msgpack."""
        return [b'\xc1{"stream":"trade_upd']


@frozen(kw_only=True)
class StreamUnknownEvent(StreamFault):
    """A message of a kind that no client knows yet comes before the true one."""

    kind: ClassVar[str] = "stream_unknown_event"

    event: str = "under_review"
    status: str = ""
    """Of the order in it; as it is where it is not given."""

    def altered(self, outgoing: Outgoing) -> list[Outgoing]:
        """Both."""
        if not isinstance(outgoing, dict):
            return [outgoing]
        if "data" not in outgoing:
            return [{**outgoing, "T": self.event}, outgoing]
        data = {**outgoing["data"], "event": self.event}
        if self.status:
            data["order"] = {**data["order"], "status": self.status}
        return [{**outgoing, "data": data}, outgoing]
