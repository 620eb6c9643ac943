"""A stream of order updates from the simulated exchange: what changed, as soon as it does."""

from datetime import datetime

from attrs import define, field

from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.simulation.exchange import SimulatedExchange
from alchemiser_core.simulation.virtual_clock import VirtualClock


@define
class ExchangeStream:
    """`OrderUpdates` of one process: it tells of orders of the running session that have changed
    since it was opened.
    """

    exchange: SimulatedExchange
    clock: VirtualClock
    _seen: dict[str, OrderReport] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self._changed()

    def wait(self, until: datetime) -> tuple[OrderReport, ...]:
        """Time passes until something happens at the exchange, or the time is there."""
        changed = self._changed()
        if changed:
            return changed
        self.clock.wait_until(min(until, self._next() or until))
        self.exchange.advance(self.clock.now())
        return self._changed()

    def _next(self) -> datetime | None:
        """When something is due at the exchange; `None` where nothing is."""
        times: list[datetime] = []
        for order in self.exchange.state.open.values():
            times += [part.due for part in order.waiting[:1]]
            if order.cancel_due is not None:
                times.append(order.cancel_due)
        now = self.clock.now()
        return min((at for at in times if at > now), default=None)

    def _changed(self) -> tuple[OrderReport, ...]:
        session = self.exchange.session
        if session is None:
            return ()
        reports = self.exchange.orders(session.day)
        changed = tuple(r for r in reports if self._seen.get(r.broker_order_id) is not r)
        for report in changed:
            self._seen[report.broker_order_id] = report
        return changed
