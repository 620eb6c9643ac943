"""The cycles of a journal, each with what it came to, and the alerts that belong to none."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from attrs import evolve, field, frozen

from alchemiser_core.domain.alert import Alert
from alchemiser_core.domain.journal.account_events import LateFillsSettled
from alchemiser_core.domain.journal.events import (
    AlertRaised,
    CycleClosed,
    CycleOpened,
    CycleOutcome,
)
from alchemiser_core.domain.money import ZERO, Usd
from alchemiser_core.domain.orders.identifiers import ClientOrderId, CycleKey
from alchemiser_core.execution.progress import OrderProgress, Stage
from alchemiser_core.execution.state import OrderEvent
from alchemiser_core.ports.order_journal import JournalEntry
from alchemiser_core.services.closed_cycles import progress_of


@frozen
class DatedAlert:
    """An alert and when it was raised."""

    number: int
    """Of its entry in the journal."""
    at: datetime
    alert: Alert


@frozen
class CycleSummary:
    """One cycle: how it ended, and what its orders did."""

    key: CycleKey
    number: int
    """Of its first entry in the journal."""
    opened: datetime
    closed: datetime | None = None
    """`None` where it is open: it runs, or was cut off."""
    outcome: CycleOutcome | None = None
    equity: Usd | None = None
    """US dollars after it, at the prices of the session; `None` where it is not known."""
    orders: tuple[OrderProgress, ...] = ()
    alerts: tuple[DatedAlert, ...] = ()

    @property
    def open_orders(self) -> tuple[OrderProgress, ...]:
        """Orders that may still fill, as far as the journal knows."""
        return tuple(order for order in self.orders if order.stage is not Stage.OVER)

    @property
    def filled(self) -> int:
        """Orders of which at least a part was filled."""
        return sum(order.filled_quantity > 0 for order in self.orders)

    @property
    def value_traded(self) -> Usd | None:
        """Quantity times price of all fills, US dollars; `None` where a price is not known yet."""
        values = [order.filled_value for order in self.orders]
        return None if None in values else Usd(sum((v for v in values if v), start=ZERO))

    @property
    def costs(self) -> Usd:
        """Of all fills, US dollars."""
        return Usd(sum((order.costs for order in self.orders), start=Decimal(0)))


@frozen
class CycleHistory:
    """Everything that a journal says of cycles, the oldest first."""

    cycles: tuple[CycleSummary, ...]
    between: tuple[DatedAlert, ...] = field(default=())
    """Alerts raised outside of any cycle, as when one was refused before it began."""


def cycle_history(entries: Sequence[JournalEntry]) -> CycleHistory:
    """The cycles of a journal and the alerts between them."""
    cycles: list[CycleSummary] = []
    between: list[DatedAlert] = []
    for own in _parts(entries):
        first = own[0].event
        if isinstance(first, CycleOpened):
            cycles.append(_summary(first, own))
        else:
            between += _alerts(own)
    late = [entry.event for entry in entries if isinstance(entry.event, LateFillsSettled)]
    return CycleHistory(tuple(_with_late_fills(each, late) for each in cycles), tuple(between))


def _parts(entries: Iterable[JournalEntry]) -> Iterator[list[JournalEntry]]:
    """What lies in a cycle, from its opening to its end, and what lies between two."""
    own: list[JournalEntry] = []
    for entry in entries:
        over = bool(own) and isinstance(own[-1].event, CycleClosed)
        if own and (over or isinstance(entry.event, CycleOpened)):
            yield own
            own = []
        own.append(entry)
    if own:
        yield own


def _summary(first: CycleOpened, own: Sequence[JournalEntry]) -> CycleSummary:
    closed = next((entry for entry in own if isinstance(entry.event, CycleClosed)), None)
    end = closed.event if closed is not None else None
    orders = progress_of(entry.event for entry in own if isinstance(entry.event, OrderEvent))
    return CycleSummary(
        key=first.cycle,
        number=own[0].record.number,
        opened=own[0].record.at,
        closed=closed.record.at if closed is not None else None,
        outcome=end.outcome if isinstance(end, CycleClosed) else None,
        equity=end.equity if isinstance(end, CycleClosed) else None,
        orders=tuple(orders.values()),
        alerts=tuple(_alerts(own)),
    )


def _alerts(entries: Iterable[JournalEntry]) -> Iterator[DatedAlert]:
    for entry in entries:
        if isinstance(entry.event, AlertRaised):
            yield DatedAlert(entry.record.number, entry.record.at, entry.event.alert)


def _with_late_fills(cycle: CycleSummary, late: Iterable[LateFillsSettled]) -> CycleSummary:
    """A cycle whose orders have filled after its end, with those fills."""
    orders = {order.request.client_order_id: order for order in cycle.orders}
    for event in late:
        if event.cycle == cycle.key:
            for report in event.reports:
                name = ClientOrderId(report.client_order_id)
                orders[name] = orders[name].told(report)
    return evolve(cycle, orders=tuple(orders.values()))
