"""A journal and a broker that can be made to differ in one thing at a time."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from attrs import define, evolve, field

from alchemiser_core.domain.account import Account, HeldPosition
from alchemiser_core.domain.allocation.rebalance_plan import RebalancePlan
from alchemiser_core.domain.allocation.target_weights import ALL_CASH
from alchemiser_core.domain.journal.account_events import DiscrepancyNoted
from alchemiser_core.domain.journal.codec import decode, encode, kind_of
from alchemiser_core.domain.journal.events import (
    AlertRaised,
    BooksSettled,
    CycleClosed,
    CycleOpened,
    CycleOutcome,
    JournalEvent,
    OrderIntended,
    OrderReported,
    PlanCommitted,
)
from alchemiser_core.domain.money import NO_MONEY, usd
from alchemiser_core.domain.orders.fill import Fill
from alchemiser_core.domain.orders.identifiers import CycleKey, Side
from alchemiser_core.domain.orders.intent import OrderIntent, OrderReason
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport, OrderStatus
from alchemiser_core.domain.portfolio.crossing import settle
from alchemiser_core.domain.quote import Mark, marks_of
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.ledger import Ledger
from alchemiser_core.services.reconciliation import (
    BrokerState,
    ReconcilePolicy,
    Reconciliation,
    adopt,
    reconcile,
)

TODAY, TOMORROW = date(2024, 3, 4), date(2024, 3, 5)
SHARES = {"a": Decimal("0.6"), "b": Decimal("0.4")}
PRICES = {"AAA": 100, "BBB": 50, "CCC": 10}


@define
class Desk:
    """A ledger, what the broker shows, and the reconciliation of the two."""

    ledger: Ledger = field(factory=Ledger)
    seen: BrokerState = field(factory=lambda: BrokerState("sim", Account("A1", usd(10_000))))
    policy: ReconcilePolicy = field(factory=lambda: ReconcilePolicy(SHARES))
    session: date = TODAY
    written: list[JournalEvent] = field(factory=list)

    @property
    def marks(self) -> dict[Symbol, Mark]:
        return marks_of(self.session, ((Symbol(s), Decimal(p)) for s, p in PRICES.items()))

    def write(self, *events: JournalEvent) -> None:
        """Put events into the journal; each survives being encoded."""
        for event in events:
            assert decode(kind_of(event), encode(event)).unwrap() == event
        self.written.extend(events)
        self.ledger = self.ledger.fold(events)

    def reconcile(self, *, by_hand: bool = False) -> Reconciliation:
        """Reconcile, write the events, and see that a second time there is nothing to write."""
        how = adopt if by_hand else reconcile
        found = how(self.ledger, self.seen, self.policy, self.marks, self.session)
        self.write(*found.events)
        again = reconcile(self.ledger, self.seen, self.policy, self.marks, self.session)
        assert again.events == ()
        assert by_hand or again.discrepancies == found.discrepancies
        return found

    def broker(self, *, cash: object = None, **quantities: object) -> None:
        """What the broker shows; cash is left as it is where it is not given."""
        held = [(Symbol(s), Decimal(str(q))) for s, q in sorted(quantities.items()) if q]
        positions = tuple(HeldPosition(s, q, q) for s, q in held)
        account = self.seen.account
        if cash is not None:
            account = evolve(account, cash=usd(str(cash)))
        self.seen = evolve(self.seen, positions=positions, account=account)

    def shows(self, *reports: OrderReport) -> None:
        """The orders that the broker tells of."""
        self.seen = evolve(self.seen, orders=reports)

    def agrees(self) -> bool:
        """Whether books and broker are the same."""
        whole = self.ledger.opened_books.combined()
        held = {p.symbol: p.quantity for p in self.seen.positions}
        books = {s: p.quantity for s, p in whole.positions.items()}
        return (whole.cash, books) == (self.seen.account.cash, held)

    def book(self, name: str):
        return self.ledger.opened_books.books[name].portfolio


def alerts(events: Iterable[JournalEvent]) -> list[str]:
    return [event.alert.code for event in events if isinstance(event, AlertRaised)]


def codes(found: Reconciliation) -> list[str]:
    return [discrepancy.kind.value for discrepancy in found.discrepancies]


def key(day: date = TODAY, cycle: str = "1") -> CycleKey:
    return CycleKey("main", "A1", day, cycle)


def request(symbol: str, side: Side, quantity: object, day: date = TODAY, place: int = 0):
    identifier = key(day).order_id(Symbol(symbol), side, place)
    return OrderRequest(
        identifier, Symbol(symbol), side, Decimal(str(quantity)), slice_number=place
    )


def report(
    of: OrderRequest,
    status: OrderStatus,
    filled: object = 0,
    value: object = 0,
    costs: object = 0,
) -> OrderReport:
    return OrderReport(
        of.client_order_id,
        "B-" + of.client_order_id[-6:],
        of.symbol,
        of.side,
        of.quantity,
        status,
        Decimal(str(filled)),
        None if value is None else usd(str(value)),
        usd(str(costs)),
    )


def foreign(symbol: str, status: OrderStatus = OrderStatus.OPEN) -> OrderReport:
    return OrderReport("by-hand", "B-1", Symbol(symbol), Side.BUY, Decimal(5), status)


def plan(
    requests: Iterable[OrderRequest], wishes: Mapping[str, Mapping[str, object]]
) -> PlanCommitted:
    orders = tuple(
        OrderIntent(
            r.symbol,
            r.side,
            r.quantity,
            Decimal(PRICES[r.symbol]),
            usd(r.quantity * PRICES[r.symbol]),
            OrderReason.OPEN,
            r.client_order_id,
        )
        for r in requests
    )
    wanted = {Symbol(s): {n: Decimal(str(w)) for n, w in own.items()} for s, own in wishes.items()}
    rebalance = RebalancePlan(
        TODAY,
        usd(10_000),
        usd(10_000),
        usd(10_000),
        ALL_CASH,
        orders,
        (),
        (),
        NO_MONEY,
        NO_MONEY,
    )
    return PlanCommitted(
        plan=rebalance,
        wishes=wanted,
        marks={Symbol(x): Decimal(p) for x, p in PRICES.items()},
        cash=usd(10_000),
        kept_cash=NO_MONEY,
        account_cash=usd(10_000),
    )


def cycle_of(
    requests: Iterable[OrderRequest],
    reports: Iterable[OrderReport],
    wishes: Mapping[str, Mapping[str, object]],
    day: date = TODAY,
) -> list[JournalEvent]:
    """The events of a cycle that is still open and not settled."""
    wanted = tuple(requests)
    return [
        CycleOpened(key(day), "previous-close", "market"),
        plan(wanted, wishes),
        *(OrderIntended(each) for each in wanted),
        *(OrderReported(each) for each in reports),
    ]


def settled(told: OrderReport, wishes: Mapping[str, object], day: date = TODAY) -> BooksSettled:
    """The settlement of one order as far as it is filled."""
    fills = []
    if told.filled_quantity:
        price = told.filled_value / told.filled_quantity
        cost = told.costs
        fills.append(
            Fill(
                told.symbol,
                told.side,
                told.filled_quantity,
                price,
                day,
                cost,
                told.client_order_id,
            )
        )
    wanted = {name: Decimal(str(wish)) for name, wish in wishes.items()}
    mark = Mark(told.symbol, Decimal(PRICES[told.symbol]), day)
    return BooksSettled(told.symbol, settle(wanted, fills, mark).unwrap())


def closing(outcome: CycleOutcome = CycleOutcome.COMPLETE, day: date = TODAY) -> CycleClosed:
    return CycleClosed(key(day), outcome, usd(10_000))


def noted(events: Iterable[JournalEvent]) -> list[str]:
    return [event.code for event in events if isinstance(event, DiscrepancyNoted)]
