"""The ledger: every kind of event, in any portions."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from alchemiser_core.domain.alert import Alert, Severity
from alchemiser_core.domain.allocation.policy import TradeReason
from alchemiser_core.domain.journal.account_events import (
    BooksOpened,
    CashMovedBetweenBooks,
    DifferenceAccepted,
    DiscrepancyEnded,
    DiscrepancyNoted,
    LateFillsSettled,
    OpeningBook,
    OpeningPosition,
)
from alchemiser_core.domain.journal.events import (
    AlertRaised,
    BooksSettled,
    CancelAsked,
    CycleClosed,
    CycleOpened,
    CycleOutcome,
    Halted,
    JournalOpened,
    LineEnd,
    LineEnded,
    OrderAbsent,
    OrderIntended,
    OrderRefused,
    OrderReported,
    OrderUnresolved,
    Resumed,
    StrategyDecided,
    StrategyHeld,
    Valued,
)
from alchemiser_core.domain.money import NO_MONEY, usd
from alchemiser_core.domain.orders.fill import Fill
from alchemiser_core.domain.orders.identifiers import CycleKey, Side
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport, OrderStatus
from alchemiser_core.domain.orders.submission import RejectionKind
from alchemiser_core.domain.portfolio.lot import Lot
from alchemiser_core.domain.portfolio.transfer import Transfer
from alchemiser_core.domain.symbol import CASH, Symbol
from alchemiser_core.services.bookkeeping import opening_of
from alchemiser_core.services.ledger import Ledger

DAY, NEXT = date(2024, 3, 4), date(2024, 3, 5)
KEY = CycleKey("main", "A1", DAY)
SPY = Symbol("SPY")
HALF = Decimal("0.5")


def cash_book(cash, **positions):
    held = {
        Symbol(s): OpeningPosition(Decimal(q), (Lot(Decimal(q), usd(q * 10), DAY),))
        for s, q in positions.items()
    }
    return OpeningBook(usd(cash), held, NO_MONEY, NO_MONEY, usd(cash), NO_MONEY)


OPENED = [
    JournalOpened("main", "A1", "paper", is_live=False),
    BooksOpened({"a": cash_book(600, SPY=3), "b": cash_book(400)}, "start", ("x1",)),
    CashMovedBetweenBooks((), {"a": HALF, "b": HALF}),
]
REQUEST = OrderRequest(KEY.order_id(SPY, Side.BUY), SPY, Side.BUY, Decimal(2))
SOLD = Fill(SPY, Side.SELL, Decimal(1), Decimal(12), DAY, usd("0.01"), REQUEST.client_order_id)


def told(status, filled=0):
    return OrderReported(
        OrderReport(
            REQUEST.client_order_id,
            "B1",
            SPY,
            Side.BUY,
            Decimal(2),
            status,
            Decimal(filled),
            usd(filled * 10),
        )
    )


TRADED = [
    CycleOpened(KEY, "previous-close", "market"),
    StrategyDecided("a", DAY, {SPY: HALF}, TradeReason.FIRST),
    StrategyHeld("b", DAY, "too little history"),
    OrderIntended(REQUEST),
    OrderUnresolved(REQUEST.client_order_id, "timeout"),
    OrderAbsent(REQUEST.client_order_id, resend=True),
    told(OrderStatus.OPEN),
    CancelAsked(REQUEST.client_order_id, "the end"),
    told(OrderStatus.CANCELLED, 1),
    LineEnded(SPY, LineEnd.NOT_FILLED),
    BooksSettled(SPY, {"a": (SOLD,)}),
    AlertRaised(Alert("x", Severity.INFO, "x")),
    CycleClosed(KEY, CycleOutcome.INCOMPLETE, usd(1000)),
]


def test_an_empty_journal_has_no_books():
    assert Ledger().fold([]) == Ledger()
    with pytest.raises(ValueError, match="never opened"):
        _ = Ledger().opened_books


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_a_journal_can_be_folded_in_any_portions(size):
    events = [*OPENED, *TRADED, *TRADED]
    ledger = Ledger()
    for start in range(0, len(events), size):
        ledger = ledger.fold(events[start : start + size])
    assert ledger == Ledger().fold(events)


def test_the_open_cycle_holds_what_was_written_about_its_orders():
    ledger = Ledger().fold([*OPENED, *TRADED[:11]])
    cycle = ledger.cycle
    assert cycle is not None
    assert cycle.key == KEY
    assert list(cycle.orders) == TRADED[3:10]
    assert cycle.settled == {SPY}
    assert ledger.opened_books.books["a"].portfolio.quantity(SPY) == 2


def test_a_closed_cycle_is_remembered_with_what_is_in_the_books():
    ledger = Ledger().fold([*OPENED, *TRADED])
    assert ledger.cycle is None
    assert ledger.last == TRADED[-1]
    (closed,) = ledger.closed
    progress = closed.orders[REQUEST.client_order_id]
    assert (progress.filled_quantity, progress.is_over) == (1, True)
    booked = closed.booked[REQUEST.client_order_id]
    assert (booked.quantity, booked.value, booked.cash) == (1, 12, Decimal("11.99"))
    assert closed.wishes[SPY] == {"a": 1}


def test_a_refused_order_is_over():
    refused = OrderRefused(REQUEST.client_order_id, RejectionKind.OTHER, "no")
    ledger = Ledger().fold([*OPENED, TRADED[0], OrderIntended(REQUEST), refused, TRADED[-1]])
    assert not ledger.closed[0].unfinished


def test_a_cycle_without_orders_needs_no_remembering():
    assert Ledger().fold([*OPENED, TRADED[0], TRADED[-1]]).closed == ()


def test_late_fills_change_books_and_what_is_known_of_the_order():
    more = told(OrderStatus.CANCELLED, 2).report
    late = LateFillsSettled(KEY, SPY, (more,), {"a": (SOLD,)})
    ledger = Ledger().fold([*OPENED, *TRADED, late])
    assert ledger.opened_books.books["a"].portfolio.quantity(SPY) == 1
    assert ledger.closed[0].orders[REQUEST.client_order_id].filled_quantity == 2
    assert ledger.closed[0].booked[REQUEST.client_order_id].quantity == 2


@pytest.mark.parametrize("event", [TRADED[3], TRADED[10], TRADED[12]])
def test_an_event_of_a_cycle_outside_of_any_is_a_mistake(event):
    with pytest.raises(ValueError, match="outside of any cycle"):
        Ledger().fold([*OPENED, event])


def test_strategies_decide_together_or_not():
    first = StrategyDecided("a", DAY, {SPY: HALF}, None)
    second = StrategyDecided("b", DAY, {}, None)
    ledger = Ledger().fold([*OPENED, first])
    assert ledger.all_decided is None
    ledger = ledger.fold([second, StrategyDecided("a", NEXT, {}, None)])
    assert ledger.all_decided == DAY
    assert ledger.decided["a"].as_of == NEXT


def test_a_halt_lasts_until_somebody_resumes():
    ledger = Ledger().fold([Halted("by-hand", "why")])
    assert ledger.halt == Halted("by-hand", "why")
    assert ledger.fold([Resumed("seen")]).halt is None


def valued(day, equity):
    at = datetime(day.year, day.month, day.day, 21, tzinfo=UTC)
    return Valued(day, at, usd(equity), {}, usd(0))


def test_the_valuation_before_is_of_an_earlier_session():
    ledger = Ledger().fold([valued(DAY, 1), valued(DAY, 2)])
    assert ledger.valued_before is None
    ledger = ledger.fold([valued(NEXT, 3), valued(NEXT, 4)])
    assert ledger.valued == valued(NEXT, 4)
    assert ledger.valued_before == valued(DAY, 2)


def test_discrepancies_are_noted_until_they_end():
    ledger = Ledger().fold([DiscrepancyNoted("c", "SPY", "1"), DiscrepancyNoted("c", "TLT", "2")])
    assert ledger.noted == {("c", "SPY"): "1", ("c", "TLT"): "2"}
    assert ledger.fold([DiscrepancyEnded("c", "SPY")]).noted == {("c", "TLT"): "2"}


def test_activities_from_before_the_books_count_as_booked():
    assert Ledger().fold(OPENED).activities == {"x1"}


def test_books_written_down_are_the_books():
    ledger = Ledger().fold([*OPENED, *TRADED])
    books = {name: opening_of(book) for name, book in ledger.opened_books.books.items()}
    again = ledger.fold([BooksOpened(books, "checkpoint")])
    assert again.books == ledger.books


def test_a_new_strategy_gets_a_book_and_one_that_left_closes_when_it_is_empty():
    ledger = Ledger().fold(OPENED)
    out = Transfer("b", "c", usd(400), DAY)
    shares = {"a": HALF, "c": HALF}
    moved = ledger.fold([CashMovedBetweenBooks((out,), shares)])
    assert set(moved.opened_books.books) == {"a", "c"}
    assert moved.former["b"].portfolio.contributed == 0
    assert moved.contributed == ledger.contributed == 1000
    kept = ledger.fold([CashMovedBetweenBooks((), shares)])
    assert set(kept.opened_books.books) == {"a", "b", "c"}


def test_what_a_closed_book_has_earned_still_counts_and_comes_back_with_it():
    accepted = DifferenceAccepted(CASH, {"b": Decimal(50)}, Decimal(1), DAY, False, "interest")
    leave = CashMovedBetweenBooks((Transfer("b", "a", usd(450), DAY),), {"a": Decimal(1)})
    ledger = Ledger().fold([*OPENED, accepted, leave])
    assert ledger.former["b"].portfolio.income == 50
    assert ledger.contributed == 1000
    back = ledger.fold([CashMovedBetweenBooks((), {"a": HALF, "b": HALF})])
    assert back.former == {}
    assert back.opened_books.books["b"].portfolio.contributed == -50


@pytest.mark.parametrize(
    ("amount", "is_contribution", "field"),
    [(5, True, "contributed"), (-5, True, "contributed"), (5, False, "income")],
)
def test_an_accepted_difference_of_cash_is_put_in_or_earned(amount, is_contribution, field):
    before = Ledger().fold(OPENED)
    event = DifferenceAccepted(CASH, {"a": Decimal(amount)}, Decimal(1), DAY, is_contribution, "w")
    own, after = (x.opened_books.books["a"].portfolio for x in (before, before.fold([event])))
    assert after.cash - own.cash == amount
    assert getattr(after, field) - getattr(own, field) == amount


def test_a_large_cycle_is_the_same_event_by_event_and_at_once():
    many = [OrderIntended(REQUEST)] + [told(OrderStatus.OPEN)] * 500
    start = Ledger().fold([*OPENED, TRADED[0]])
    ledger = start
    for event in many:
        ledger = ledger.fold([event])
    assert ledger == start.fold(many)
