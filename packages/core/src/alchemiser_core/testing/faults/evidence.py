"""What there is to judge by: the exchange's own ledger, the journal's records, and one sequence of
both.
"""

from collections.abc import Sequence

from attrs import define, field, frozen

from alchemiser_core.domain.journal.events import (
    CycleClosed,
    CycleOpened,
    JournalEvent,
    OrderIntended,
    PlanCommitted,
)
from alchemiser_core.domain.orders.identifiers import CycleKey, is_own
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.simulation.exchange import SimulatedExchange
from alchemiser_core.simulation.exchange.resting import ExchangeOrder
from alchemiser_core.simulation.faults.tape import Began, Note, Written


@frozen
class Intent:
    """An order as it was written down before it was sent."""

    position: int
    """In the common sequence."""
    request: OrderRequest
    cycle: CycleKey | None


@frozen
class CycleFacts:
    """A cycle as the journal has it."""

    key: CycleKey
    start: int
    """Position in the common sequence."""
    plan: PlanCommitted | None
    closed: CycleClosed | None
    closed_at: int | None


@frozen
class Evidence:
    """Everything that was seen, arranged."""

    exchange: SimulatedExchange
    notes: Sequence[Note]
    written: tuple[tuple[int, JournalEvent], ...]
    """Journal events with their positions in the common sequence."""
    intents: dict[str, Intent]
    """The first intent of each client order id."""
    cycles: tuple[CycleFacts, ...]
    processes: tuple[int, ...]
    """Positions at which processes were started."""

    def accepted(self, client_order_id: str) -> list[ExchangeOrder]:
        """The orders that the exchange accepted under an id, those that it forgot included."""
        return [o for o in self.orders if o.client_order_id == client_order_id]

    @property
    def orders(self) -> list[ExchangeOrder]:
        """Every order that the exchange ever accepted."""
        return list(self.exchange.state.orders.values())

    @property
    def own_orders(self) -> list[ExchangeOrder]:
        """Those that the program gave."""
        return [o for o in self.orders if is_own(o.client_order_id)]

    def is_forgotten(self, order: ExchangeOrder) -> bool:
        """Whether the exchange lost the order."""
        return self.exchange.state.by_client.get(order.client_order_id) is not order


@define
class _Reading:
    """The journal as it is gone through, for the open cycle."""

    cycles: list[CycleFacts] = field(factory=list)
    intents: dict[str, Intent] = field(factory=dict)
    key: CycleKey | None = None
    start: int = 0
    plan: PlanCommitted | None = None

    def take(self, position: int, event: JournalEvent) -> None:
        """The next event."""
        match event:
            case CycleOpened():
                self.leave(None, None)
                self.key, self.start, self.plan = event.cycle, position, None
            case PlanCommitted():
                self.plan = event
            case CycleClosed():
                self.leave(event, position)
            case OrderIntended():
                identifier = event.request.client_order_id
                self.intents.setdefault(identifier, Intent(position, event.request, self.key))
            case _:
                pass

    def leave(self, closed: CycleClosed | None, position: int | None) -> None:
        """The open cycle, if there is one, ends here."""
        if self.key is not None:
            self.cycles.append(CycleFacts(self.key, self.start, self.plan, closed, position))
        self.key = None


def evidence(exchange: SimulatedExchange, notes: Sequence[Note]) -> Evidence:
    """Arrange what was seen."""
    written = tuple(
        (position, note.what.entry.event)
        for position, note in enumerate(notes)
        if isinstance(note.what, Written)
    )
    reading = _Reading()
    for position, event in written:
        reading.take(position, event)
    reading.leave(None, None)
    began = tuple(p for p, note in enumerate(notes) if isinstance(note.what, Began))
    return Evidence(exchange, notes, written, reading.intents, tuple(reading.cycles), began)
