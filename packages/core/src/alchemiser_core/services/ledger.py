"""The ledger: what a journal adds up to. Books, the open cycle, halts and what was last decided.

It is a fold over journal events and nothing else, so a program that was killed finds itself where
it was by folding them again.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, localcontext

from attrs import field, frozen

from alchemiser_core.domain.alert import Alert
from alchemiser_core.domain.changing import changed
from alchemiser_core.domain.journal.account_events import (
    ActivityBooked,
    BooksOpened,
    CashMovedBetweenBooks,
    DifferenceAccepted,
    DiscrepancyEnded,
    DiscrepancyNoted,
    LateFillAccepted,
    LateFillsSettled,
    OrderAdopted,
)
from alchemiser_core.domain.journal.events import (
    AlertRaised,
    BooksSettled,
    BuysSized,
    CancelAsked,
    CycleClosed,
    CycleOpened,
    Halted,
    JournalEvent,
    JournalOpened,
    LineEnded,
    OrderAbsent,
    OrderIntended,
    OrderRefused,
    OrderReported,
    OrderUnresolved,
    PlanCommitted,
    Resumed,
    StrategyDecided,
    StrategyHeld,
    Valued,
)
from alchemiser_core.domain.money import ARITHMETIC, NO_MONEY, Usd
from alchemiser_core.domain.orders.identifiers import CycleKey
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.domain.portfolio.book import Book, Books
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.execution.state import OrderEvent
from alchemiser_core.ports.order_journal import JournalIdentity
from alchemiser_core.services.bookkeeping import (
    after_activity,
    after_difference,
    after_transfers,
    opened,
)
from alchemiser_core.services.closed_cycles import ClosedCycle, closed_cycle, remembered


@frozen
class OpenCycle:
    """A cycle that began and is not closed."""

    key: CycleKey
    plan: PlanCommitted | None = None
    """`None` until a plan is committed: then nothing was sent."""
    orders: tuple[OrderEvent, ...] = ()
    """Everything written about its orders, in order."""
    settled: frozenset[Symbol] = frozenset()
    """Symbols whose fills and crossings are in the books."""
    settlements: tuple[BooksSettled, ...] = ()
    """What brought them there."""


@frozen
class StrategyMemory:
    """What a strategy last decided in a cycle, traded or not."""

    as_of: date
    weights: Mapping[Symbol, Decimal]


@frozen(slots=False)
class Ledger:
    """The state of one portfolio's account as its journal tells it."""

    identity: JournalIdentity | None = None
    books: Books | None = None
    """`None` until the books were opened."""
    former: Mapping[str, Book] = field(factory=dict)
    """Books that were closed: nothing is left in them but what they did."""
    shares: Mapping[str, Decimal] = field(factory=dict)
    """Capital shares that cash was last moved by, or that the books started with."""
    decided: Mapping[str, StrategyMemory] = field(factory=dict)
    all_decided: date | None = None
    """The last session for which every book's strategy decided."""
    cycle: OpenCycle | None = None
    last: CycleClosed | None = None
    """The last cycle that was closed."""
    closed: tuple[ClosedCycle, ...] = ()
    """Cycles whose orders may still be heard of, the oldest first."""
    halt: Halted | None = None
    activities: frozenset[str] = frozenset()
    """Identifiers of those that are booked."""
    adopted: Mapping[str, OrderReport] = field(factory=dict)
    """Orders of Alchemiser's that the journal did not know and that were accepted, by id."""
    noted: Mapping[tuple[str, str], str] = field(factory=dict)
    """Discrepancies that were noted and are not known to have ended: code and subject, to text."""
    told: frozenset[Alert] = frozenset()
    """Alerts since a cycle was last closed or trading was halted or resumed."""
    valued: Valued | None = None
    valued_before: Valued | None = None
    """The last valuation of an earlier session than `valued`."""

    def fold(self, events: Iterable[JournalEvent]) -> "Ledger":
        """The ledger after these events.

        `ValueError` where they cannot follow one another, as a fill without a cycle.
        """
        with localcontext(ARITHMETIC):
            ledger = self
            orders: list[OrderEvent] = []
            for event in events:
                # The orders of a cycle are many: they are put down together.
                if isinstance(event, OrderEvent):
                    orders.append(event)
                    continue
                ledger = _after(_with_orders(ledger, orders), event)
                orders = []
            return _with_orders(ledger, orders)

    @property
    def contributed(self) -> Usd:
        """Deposits less withdrawals so far, US dollars, with those of books that are closed."""
        with localcontext(ARITHMETIC):
            books = (*self.opened_books.books.values(), *self.former.values())
            return Usd(sum((book.portfolio.contributed for book in books), start=NO_MONEY))

    @property
    def opened_books(self) -> Books:
        """The books; `ValueError` where they were never opened."""
        if self.books is None:
            raise ValueError("the books of this journal were never opened")
        return self.books


def _with_orders(ledger: Ledger, events: list[OrderEvent]) -> Ledger:
    if not events:
        return ledger
    cycle = _open_cycle(ledger)
    orders = (*cycle.orders, *events)
    return changed(
        ledger,
        cycle=OpenCycle(cycle.key, cycle.plan, orders, cycle.settled, cycle.settlements),
    )


def _after(ledger: Ledger, event: JournalEvent) -> Ledger:
    match event:
        case CycleOpened() | PlanCommitted() | BooksSettled() | CycleClosed():
            return _after_cycle(ledger, event)
        case StrategyDecided():
            return _remember(ledger, event)
        case DiscrepancyNoted() | DiscrepancyEnded():
            return _note(ledger, event)
        case Valued():
            return _value(ledger, event)
        case Halted():
            return changed(ledger, halt=event, told=frozenset())
        case Resumed():
            return changed(ledger, halt=None, told=frozenset())
        case AlertRaised():
            return changed(ledger, told=ledger.told | {event.alert})
        case JournalOpened():
            identity = JournalIdentity(event.portfolio, event.account, event.broker, event.is_live)
            return changed(ledger, identity=identity)
        case OrderAdopted():
            adopted = {**ledger.adopted, event.report.client_order_id: event.report}
            return changed(ledger, adopted=adopted)
        case LateFillAccepted():
            return changed(ledger, closed=_told_late(ledger.closed, event))
        case StrategyHeld():
            return ledger
        case (
            BooksOpened()
            | CashMovedBetweenBooks()
            | ActivityBooked()
            | DifferenceAccepted()
            | LateFillsSettled()
        ):
            return _with_books(ledger, event)
        case (
            OrderIntended()
            | OrderReported()
            | OrderRefused()
            | OrderUnresolved()
            | OrderAbsent()
            | BuysSized()
            | CancelAsked()
            | LineEnded()
        ):
            return _with_orders(ledger, [event])


def _value(ledger: Ledger, event: Valued) -> Ledger:
    fresh = ledger.valued is None or ledger.valued.session < event.session
    before = ledger.valued if fresh else ledger.valued_before
    return changed(ledger, valued=event, valued_before=before)


def _note(ledger: Ledger, event: DiscrepancyNoted | DiscrepancyEnded) -> Ledger:
    noted = dict(ledger.noted)
    if isinstance(event, DiscrepancyNoted):
        noted[event.code, event.subject] = event.text
    else:
        noted.pop((event.code, event.subject), None)
    return changed(ledger, noted=noted)


def _after_cycle(
    ledger: Ledger, event: CycleOpened | PlanCommitted | BooksSettled | CycleClosed
) -> Ledger:
    if isinstance(event, CycleOpened):
        return changed(ledger, cycle=OpenCycle(event.cycle))
    cycle = _open_cycle(ledger)
    match event:
        case PlanCommitted():
            return changed(ledger, cycle=changed(cycle, plan=event))
        case BooksSettled():
            books = ledger.opened_books.apply(dict(event.fills)).unwrap()
            settled = cycle.settled | {event.symbol}
            settlements = (*cycle.settlements, event)
            new = OpenCycle(cycle.key, cycle.plan, cycle.orders, settled, settlements)
            return changed(ledger, books=books, cycle=new)
        case CycleClosed():
            closed = ledger.closed
            if cycle.orders:
                wishes = cycle.plan.wishes if cycle.plan is not None else {}
                over = closed_cycle(cycle.key, cycle.orders, wishes, cycle.settlements)
                closed = remembered((*closed, over))
            return changed(ledger, cycle=None, last=event, closed=closed, told=frozenset())


def _with_books(
    ledger: Ledger,
    event: BooksOpened
    | CashMovedBetweenBooks
    | ActivityBooked
    | DifferenceAccepted
    | LateFillsSettled,
) -> Ledger:
    match event:
        case BooksOpened():
            books = Books({name: opened(name, event.books[name]) for name in sorted(event.books)})
            known = ledger.activities.union(event.activities)
            return changed(ledger, books=books, activities=known)
        case CashMovedBetweenBooks():
            books, former = after_transfers(ledger.opened_books, ledger.former, event)
            return changed(ledger, books=books, former=former, shares=dict(event.shares))
        case ActivityBooked():
            known = ledger.activities | {event.activity.identifier}
            return changed(
                ledger, books=after_activity(ledger.opened_books, event), activities=known
            )
        case DifferenceAccepted():
            return changed(ledger, books=after_difference(ledger.opened_books, event))
        case LateFillsSettled():
            books = ledger.opened_books.apply(dict(event.fills)).unwrap()
            return changed(ledger, books=books, closed=_told_late(ledger.closed, event))


def _told_late(
    closed: tuple[ClosedCycle, ...], event: LateFillsSettled | LateFillAccepted
) -> tuple[ClosedCycle, ...]:
    return tuple(cycle.after(event) if cycle.key == event.cycle else cycle for cycle in closed)


def _open_cycle(ledger: Ledger) -> OpenCycle:
    if ledger.cycle is None:
        raise ValueError("an event of a cycle stands outside of any cycle")
    return ledger.cycle


def _remember(ledger: Ledger, event: StrategyDecided) -> Ledger:
    decided = {**ledger.decided, event.strategy: StrategyMemory(event.as_of, event.weights)}
    names = ledger.opened_books.books
    together = all(name in decided and decided[name].as_of == event.as_of for name in names)
    joint = event.as_of if together else ledger.all_decided
    return changed(ledger, decided=decided, all_decided=joint)
