"""The ledger: what a journal adds up to. Books, the open cycle, halts and what was last decided.

It is a fold over journal events and nothing else, so a program that was killed finds itself where
it was by folding them again.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, localcontext

from attrs import evolve, field, frozen

from alchemiser_core.domain.account import CashActivity, RemovalActivity, SplitActivity
from alchemiser_core.domain.journal.events import (
    ActivityBooked,
    AlertRaised,
    BooksOpened,
    BooksSettled,
    BuysSized,
    CancelAsked,
    CashMovedBetweenBooks,
    CycleClosed,
    CycleOpened,
    DifferenceAccepted,
    DiscrepancyNoted,
    Halted,
    JournalEvent,
    JournalOpened,
    LineEnded,
    OpeningBook,
    OpeningPosition,
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
from alchemiser_core.domain.money import ARITHMETIC, ZERO, Usd
from alchemiser_core.domain.orders.fill import Fill
from alchemiser_core.domain.orders.identifiers import CycleKey, Side
from alchemiser_core.domain.portfolio.book import Book, Books
from alchemiser_core.domain.portfolio.cash import CashMovement, CashReason
from alchemiser_core.domain.portfolio.portfolio import Portfolio
from alchemiser_core.domain.portfolio.position import Position
from alchemiser_core.domain.symbol import CASH, Symbol
from alchemiser_core.ports.order_journal import JournalIdentity

OrderEvent = (
    OrderIntended
    | OrderReported
    | OrderRefused
    | OrderUnresolved
    | OrderAbsent
    | BuysSized
    | CancelAsked
    | LineEnded
)
"""What the execution of a plan writes; `alchemiser_core.execution` makes its state of them."""


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


@frozen
class StrategyMemory:
    """What a strategy last decided in a cycle, traded or not."""

    as_of: date
    weights: Mapping[Symbol, Decimal]


@frozen
class Ledger:
    """The state of one portfolio's account as its journal tells it."""

    identity: JournalIdentity | None = None
    books: Books | None = None
    """`None` until the books were opened."""
    shares: Mapping[str, Decimal] = field(factory=dict)
    """Capital shares that cash was last moved by, or that the books started with."""
    decided: Mapping[str, StrategyMemory] = field(factory=dict)
    all_decided: date | None = None
    """The last session for which every book's strategy decided."""
    cycle: OpenCycle | None = None
    last: CycleClosed | None = None
    """The last cycle that was closed."""
    halt: Halted | None = None
    activities: frozenset[str] = frozenset()
    """Identifiers of those that are booked."""
    valued: Valued | None = None
    valued_before: Valued | None = None
    """The last valuation of an earlier session than `valued`."""

    def fold(self, events: Iterable[JournalEvent]) -> "Ledger":
        """The ledger after these events."""
        ledger = self
        with localcontext(ARITHMETIC):
            for event in events:
                ledger = _after(ledger, event)
        return ledger

    @property
    def opened_books(self) -> Books:
        """The books; `ValueError` where they were never opened."""
        if self.books is None:
            raise ValueError("the books of this journal were never opened")
        return self.books


def _after(ledger: Ledger, event: JournalEvent) -> Ledger:  # one case for each kind of event
    match event:
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
            cycle = _open_cycle(ledger)
            return evolve(ledger, cycle=evolve(cycle, orders=(*cycle.orders, event)))
        case BooksSettled():
            cycle = _open_cycle(ledger)
            books = ledger.opened_books.apply(dict(event.fills)).unwrap()
            settled = evolve(cycle, settled=cycle.settled | {event.symbol})
            return evolve(ledger, books=books, cycle=settled)
        case StrategyDecided():
            return _remember(ledger, event)
        case CycleOpened():
            return evolve(ledger, cycle=OpenCycle(event.cycle))
        case PlanCommitted():
            return evolve(ledger, cycle=evolve(_open_cycle(ledger), plan=event))
        case CycleClosed():
            return evolve(ledger, cycle=None, last=event)
        case Valued():
            fresh = ledger.valued is None or ledger.valued.session < event.session
            before = ledger.valued if fresh else ledger.valued_before
            return evolve(ledger, valued=event, valued_before=before)
        case Halted():
            return evolve(ledger, halt=event)
        case Resumed():
            return evolve(ledger, halt=None)
        case JournalOpened():
            identity = JournalIdentity(event.portfolio, event.account, event.broker, event.is_live)
            return evolve(ledger, identity=identity)
        case StrategyHeld() | AlertRaised() | DiscrepancyNoted():
            return ledger
        case _:
            return _with_books(ledger, event)


def _with_books(
    ledger: Ledger,
    event: BooksOpened | CashMovedBetweenBooks | ActivityBooked | DifferenceAccepted,
) -> Ledger:
    match event:
        case BooksOpened():
            books = Books({name: _book(name, event.books[name]) for name in sorted(event.books)})
            return evolve(ledger, books=books)
        case CashMovedBetweenBooks():
            books = ledger.opened_books.transfer(event.transfers)
            return evolve(ledger, books=books, shares=dict(event.shares))
        case ActivityBooked():
            known = ledger.activities | {event.activity.identifier}
            books = _after_activity(ledger.opened_books, event)
            return evolve(ledger, books=books, activities=known)
        case DifferenceAccepted():
            return evolve(ledger, books=_after_difference(ledger.opened_books, event))


def _open_cycle(ledger: Ledger) -> OpenCycle:
    if ledger.cycle is None:
        raise ValueError("an order event stands outside of any cycle")
    return ledger.cycle


def _remember(ledger: Ledger, event: StrategyDecided) -> Ledger:
    decided = {**ledger.decided, event.strategy: StrategyMemory(event.as_of, event.weights)}
    names = ledger.opened_books.books
    together = all(name in decided and decided[name].as_of == event.as_of for name in names)
    joint = event.as_of if together else ledger.all_decided
    return evolve(ledger, decided=decided, all_decided=joint)


def _book(name: str, opening: OpeningBook) -> Book:
    positions = {s: Position(s, p.quantity, p.lots) for s, p in sorted(opening.positions.items())}
    return Book(
        name,
        Portfolio(
            opening.cash,
            positions,
            opening.realised,
            opening.costs,
            opening.contributed,
            opening.income,
        ),
    )


def opening_of(book: Book) -> OpeningBook:
    """A book as the event of its opening has it."""
    own = book.portfolio
    return OpeningBook(
        cash=own.cash,
        positions={s: OpeningPosition(p.quantity, p.lots) for s, p in own.positions.items()},
        realised=own.realised,
        costs=own.costs,
        contributed=own.contributed,
        income=own.income,
    )


def _after_activity(books: Books, event: ActivityBooked) -> Books:
    activity = event.activity
    match activity:
        case CashActivity():
            return _share_cash(books, event.shares, activity.amount, activity.reason, activity)
        case SplitActivity():
            split = {
                name: Book(name, book.portfolio.split(activity.symbol, activity.ratio))
                for name, book in books.books.items()
            }
            whole, cash = Books(split), activity.cash_in_lieu
            return _share_cash(whole, event.shares, cash, CashReason.DIVIDEND, activity)
        case RemovalActivity():
            return _remove(books, activity)


def _share_cash(
    books: Books,
    shares: Mapping[str, Decimal],
    amount: Usd,
    reason: CashReason,
    activity: CashActivity | SplitActivity,
) -> Books:
    note = activity.identifier
    for name, part in sorted(_parts(amount, shares).items()):
        if part:
            books = books.move_cash(name, CashMovement(reason, Usd(part), activity.session, note))
    return books


def _parts(amount: Decimal, shares: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """An amount by shares; what rounding leaves goes to the last, so that nothing is lost."""
    parts: dict[str, Decimal] = {}
    left = amount
    for name in sorted(shares)[:-1]:
        parts[name] = (amount * shares[name]).quantize(Decimal("1E-9"))
        left -= parts[name]
    if shares:
        parts[max(shares)] = left
    return parts


def _remove(books: Books, activity: RemovalActivity) -> Books:
    """Every book's shares of the symbol go, for their part of the cash that was paid."""
    held = {name: book.portfolio.quantity(activity.symbol) for name, book in books.books.items()}
    whole = sum(held.values(), start=ZERO)
    owners = {name: quantity / whole for name, quantity in held.items() if quantity}
    for name, cash in _parts(activity.cash, owners).items():
        # The price is for the record; the money is exact through the cost.
        price = (activity.cash / whole).quantize(Decimal("1E-9"))
        cost = Usd(held[name] * price - cash)
        fill = Fill(activity.symbol, Side.SELL, held[name], price, activity.session, cost)
        books = books.apply({name: (fill,)}).unwrap()
    return books


def _after_difference(books: Books, event: DifferenceAccepted) -> Books:
    put_in, taken = (
        (CashReason.DEPOSIT, CashReason.WITHDRAWAL)
        if event.is_contribution
        else (CashReason.INTEREST, CashReason.FEE)
    )
    for name, amount in sorted(event.amounts.items()):
        value = amount * event.price
        reason = put_in if value > 0 else taken
        movement = CashMovement(reason, Usd(value), event.session, event.why)
        books = books.move_cash(name, movement)
        if event.name != CASH:
            side = Side.BUY if amount > 0 else Side.SELL
            fill = Fill(Symbol(event.name), side, abs(amount), event.price, event.session)
            books = books.apply({name: (fill,)}).unwrap()
    return books
