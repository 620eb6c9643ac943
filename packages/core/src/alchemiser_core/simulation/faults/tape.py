"""The tape: what happened between the program and the outside, in one sequence.

Written where it happens (the order request at the moment in which the exchange takes it, the
journal entry at the moment in which it is durable), so that before and after can be told apart
even where both have the same time.
"""

from collections import Counter
from datetime import datetime

from attrs import define, field, frozen

from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.domain.orders.submission import SubmissionFailure
from alchemiser_core.ports.clock import Clock
from alchemiser_core.ports.order_journal import JournalEntry
from alchemiser_core.simulation.faults.kinds import FaultKind, Operation


@frozen
class Began:
    """A process was started."""

    day: int
    process: int
    """From 1 on each day."""


@frozen
class Finished:
    """A process ended by itself, or was killed."""

    how: str


@frozen
class Struck:
    """A fault took effect."""

    kind: FaultKind
    text: str = ""


@frozen
class ReachedBroker:
    """An order request reached the broker; the next thing that happens to it is at the broker."""

    request: OrderRequest


@frozen
class ReachedOtherAccount:
    """An order request went to an account that is not the journal's."""

    request: OrderRequest


@frozen
class Told:
    """What the program was told of a submission."""

    client_order_id: str
    answer: OrderReport | SubmissionFailure


@frozen
class ToldOfOrder:
    """What the program was told when it looked an order up; `None` for "no such order"."""

    client_order_id: str
    report: OrderReport | None


@frozen
class CancelSent:
    """The program asked for a cancel."""

    broker_order_id: str


@frozen
class Written:
    """A journal entry is durable."""

    entry: JournalEntry


@frozen
class Asked:
    """A call of the broker that is none of the others, or that was not answered."""

    operation: Operation
    answered: bool


Happening = (
    Began
    | Finished
    | Struck
    | ReachedBroker
    | ReachedOtherAccount
    | Told
    | ToldOfOrder
    | CancelSent
    | Written
    | Asked
)


@frozen
class Note:
    """Something that happened, and when by the true clock of the simulation."""

    at: datetime
    what: Happening


@define
class Tape:
    """Everything that happened, in the sequence in which it did."""

    clock: Clock
    notes: list[Note] = field(factory=list)
    fired: Counter[FaultKind] = field(factory=Counter)
    """How often each kind of fault really took effect."""

    def note(self, what: Happening) -> None:
        """Write something down."""
        self.notes.append(Note(self.clock.now(), what))

    def struck(self, kind: FaultKind, text: str = "") -> None:
        """Count a fault that takes effect now."""
        self.fired[kind] += 1
        self.note(Struck(kind, text))
