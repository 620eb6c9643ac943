"""The order-updates port: what a broker tells between two polls. Hints, never the truth."""

from datetime import datetime
from typing import Protocol

from alchemiser_core.domain.orders.report import OrderReport


class OrderUpdates(Protocol):
    """Reports that come by themselves; any may be missing, late, repeated or out of order.

    A broken stream is a silent one: polling finds out what it did not tell, so no Result.
    """

    def wait(self, until: datetime) -> tuple[OrderReport, ...]:
        """Wait until something came or the time is there, and return what came."""
        ...
