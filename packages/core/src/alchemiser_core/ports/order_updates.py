"""The order-updates port: what a broker tells between two polls. Hints, never the truth."""

from datetime import datetime
from typing import Protocol, runtime_checkable

from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.ports.clock import Clock


class OrderUpdates(Protocol):
    """Reports that come by themselves; any may be missing, late, repeated or out of order.

    A broken stream is a silent one: polling finds out what it did not tell, so no Result.
    """

    def wait(self, until: datetime) -> tuple[OrderReport, ...]:
        """Wait until something came or the time is there, and return what came."""
        ...


@runtime_checkable
class TellsOfOrders(Protocol):
    """A broker that can tell of orders by itself, beside the methods of its port."""

    def order_updates(self, clock: Clock) -> OrderUpdates:
        """A stream of what happens to orders from now on, whose waits go by `clock`.

        It never fails: where it cannot be opened it is silent. It ends when the broker is closed.
        """
        ...
