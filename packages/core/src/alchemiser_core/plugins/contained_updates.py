"""Order updates of somebody else's broker, kept apart: a stream that breaks is a silent one.

Updates are hints. So what a stream raises, or gives of the wrong kind, costs its hints and nothing
else: the wait goes on by the clock, and the orders are polled.
"""

from collections.abc import Callable
from datetime import datetime

from attrs import define, field
from returns.result import Success

from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.plugins.broker_words import plain_report
from alchemiser_core.plugins.containment import contained
from alchemiser_core.ports.broker import Broker
from alchemiser_core.ports.clock import Clock
from alchemiser_core.ports.order_updates import OrderUpdates, TellsOfOrders


@define(eq=False)
class ContainedUpdates:
    """`OrderUpdates` over the stream of a broker, which may have none, raise, or return early."""

    clock: Clock
    open_stream: Callable[[], OrderUpdates] | None
    """Opens the stream, when it is first waited for; `None` where the broker tells nothing."""
    _stream: OrderUpdates | None = field(default=None, init=False)

    def wait(self, until: datetime) -> tuple[OrderReport, ...]:
        """What the stream brings by then; nothing, at that time, where it is broken."""
        heard = self._heard(until)
        if not heard:
            # A stream that returned early, or that has just broken, must not become a busy loop.
            self.clock.wait_until(until)
        return heard

    def _heard(self, until: datetime) -> tuple[OrderReport, ...]:
        if self.open_stream is None:
            return ()
        opened = Success(self._stream) if self._stream else contained(self.open_stream)
        if not isinstance(opened, Success):
            self.open_stream = None
            return ()
        stream = self._stream = opened.unwrap()
        match contained(lambda: stream.wait(until)):
            case Success(tuple() as reports) if all(isinstance(r, OrderReport) for r in reports):
                return tuple(map(plain_report, reports))
            case _:
                self.open_stream = None
                return ()


def contained_updates(broker: Broker, clock: Clock) -> ContainedUpdates:
    """What a broker tells of orders by itself, if it does; waits go by `clock`."""
    if isinstance(broker, TellsOfOrders):
        return ContainedUpdates(clock, lambda: broker.order_updates(clock))
    return ContainedUpdates(clock, None)
