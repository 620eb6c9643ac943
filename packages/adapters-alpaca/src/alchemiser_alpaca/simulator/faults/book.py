"""The faults that wait for their moment, and which of them strike now."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from attrs import define, field

from alchemiser_alpaca.simulator.faults.fault import (
    ExchangeFault,
    Fault,
    Outgoing,
    StreamFault,
    StreamName,
    WireFault,
)
from alchemiser_alpaca.simulator.faults.when import read
from alchemiser_alpaca.simulator.http.calls import Call


@define(eq=False)
class Armed:
    """A fault, and how far its conditions have come true."""

    fault: Fault
    left: int = field(init=False)
    """How often it still strikes; below 0 for ever."""
    order_came: bool = field(init=False)
    seen: int = 0
    """Requests or messages that fitted so far."""

    def __attrs_post_init__(self) -> None:
        times = self.fault.usual_times if self.fault.times is None else self.fault.times
        self.left = times or -1
        self.order_came = not self.fault.at.names_orders

    @property
    def is_over(self) -> bool:
        """Whether it never strikes again."""
        return self.left == 0

    def is_ready(self, now: datetime) -> bool:
        """Whether its order and its time have come."""
        return not self.is_over and self.order_came and self.fault.at.has_come(now)

    def meets(self, number: int = 0) -> bool:
        """Count one thing that fits; whether it is struck."""
        self.seen += 1
        at = self.fault.at
        if self.seen < at.nth or number < at.nth_call:
            return False
        self.left -= 1
        return True


@define(eq=False)
class FaultBook:
    """Used under the desk's lock alone."""

    _armed: list[Armed] = field(factory=list)
    _due: list[ExchangeFault] = field(factory=list)

    def put(self, faults: Iterable[Fault]) -> None:
        """Let these wait for their moment too."""
        self._armed += [Armed(fault) for fault in faults]

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._armed.clear()
        self._due.clear()

    def __iter__(self) -> Iterator[Armed]:
        return iter(tuple(self._armed))

    def saw_order(self, state: str, symbol: str) -> None:
        """An order has come into a state."""
        for each in self._armed:
            if each.fault.at.names_orders and each.fault.at.fits_order(state, symbol):
                each.order_came = True

    def on_the_way(self, call: Call, now: datetime) -> list[WireFault]:
        """The faults that strike a request, the outermost first."""
        struck = []
        for each in self._of(WireFault, now):
            fault = each.fault
            if fault.at.fits_call(call, fault.methods, fault.paths) and each.meets(call.number):
                struck.append(fault)
        return [fault for fault in struck if isinstance(fault, WireFault)]

    def after_call(self, call: Call, now: datetime) -> None:
        """A request was done: what was to happen then is due."""
        for each in self._of(ExchangeFault, now):
            at = each.fault.at
            if at.names_requests and at.fits_call(call, (), ("/v*",)) and each.meets(call.number):
                self._add(each.fault)

    def take_due(self, now: datetime) -> list[ExchangeFault]:
        """What happens to the exchange now."""
        for each in self._of(ExchangeFault, now):
            if not each.fault.at.names_requests:
                each.left -= 1
                each.order_came = not each.fault.at.names_orders
                self._add(each.fault)
        due, self._due = self._due, []
        self._armed = [each for each in self._armed if not each.is_over]
        return due

    def next_time(self) -> datetime | None:
        """The next time for which a fault waits."""
        times = [read(each.fault.at.time) for each in self._armed if each.fault.at.time]
        return min(times, default=None)

    def on_stream(
        self, stream: StreamName, message: dict[str, Any], state: str, symbol: str, now: datetime
    ) -> list[Outgoing]:
        """What is sent in place of one message."""
        outgoing: list[Outgoing] = [message]
        for each in self._of(StreamFault, now):
            fault = each.fault
            if not isinstance(fault, StreamFault) or fault.stream != stream:
                continue
            if fault.at.fits_order(state, symbol) and each.meets():
                outgoing = [new for old in outgoing for new in fault.altered(old)]
        return outgoing

    def _of(self, kind: type[Fault], now: datetime) -> list[Armed]:
        return [e for e in self._armed if isinstance(e.fault, kind) and e.is_ready(now)]

    def _add(self, fault: Fault) -> None:
        if isinstance(fault, ExchangeFault):
            self._due.append(fault)
