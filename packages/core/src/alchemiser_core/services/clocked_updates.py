"""Order updates of a broker without a stream: time passes, and nothing is ever told."""

from datetime import datetime

from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.ports.clock import Clock


class ClockedUpdates:
    """`OrderUpdates` over a clock alone; the execution then lives by polling."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def wait(self, until: datetime) -> tuple[OrderReport, ...]:
        """Wait on the clock, and bring nothing."""
        self._clock.wait_until(until)
        return ()
