"""Orders: reports of the open cycle, fills after the close, orders the journal does not know."""

from datetime import timedelta
from decimal import Decimal

import pytest
from attrs import evolve
from reconciliation_stage import (
    TODAY,
    TOMORROW,
    alerts,
    closing,
    codes,
    cycle_of,
    foreign,
    report,
    request,
    settled,
)

from alchemiser_core.domain.account import SplitActivity
from alchemiser_core.domain.journal.account_events import LateFillsSettled, OrderAdopted
from alchemiser_core.domain.journal.events import (
    CycleOutcome,
    OrderAbsent,
    OrderIntended,
    OrderReported,
    OrderUnresolved,
)
from alchemiser_core.domain.money import ZERO
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.orders.report import OrderStatus
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.closed_cycles import LONGEST, REMEMBERED_DAYS
from alchemiser_core.services.reconciliation import DiscrepancyKind

AAA = Symbol("AAA")
OPEN, CANCELLING = OrderStatus.OPEN, OrderStatus.CANCELLING
CANCELLED, FILLED = OrderStatus.CANCELLED, OrderStatus.FILLED
WISHES = {"a": 6, "b": 4}


def closed_with(desk, side, told, wishes, quantity=10):
    """A cycle of one order that was closed as it was told then."""
    order = request("AAA", side, quantity)
    reports = [report(order, *each) for each in told]
    desk.write(
        *cycle_of([order], reports, {"AAA": wishes}),
        *([settled(reports[-1], wishes)] if reports and reports[-1].filled_value else []),
        closing(CycleOutcome.INCOMPLETE),
    )
    return order


@pytest.mark.parametrize("last", [OPEN, CANCELLING])
def test_case_33_what_fills_over_the_close_is_booked_the_next_day(desk, last):
    order = closed_with(desk, Side.BUY, [(last, 4, 400, "0.10")], WISHES)
    desk.broker(cash="9599.90", AAA=4)
    desk.shows(report(order, last, 4, 400, "0.10"))
    found = desk.reconcile()
    assert codes(found) == ["stale-order"]
    assert not found.blocking
    assert found.left_alone == {AAA}
    assert [r.client_order_id for r in found.stale] == [order.client_order_id]

    desk.session = TOMORROW
    desk.broker(cash="9008.80", AAA=10)
    desk.shows(report(order, FILLED, 10, Decimal("991.00"), "0.20"))
    found = desk.reconcile()
    assert not found.discrepancies
    assert not found.stale
    assert desk.agrees()
    assert alerts(found.events) == ["late-fill"]
    assert desk.book("a").quantity(AAA) == 6
    assert desk.book("b").quantity(AAA) == 4
    late = next(e for e in found.events if isinstance(e, LateFillsSettled))
    assert {f.price for fills in late.fills.values() for f in fills} == {Decimal("98.5")}


def test_case_31_a_cancel_that_was_confirmed_and_a_fill_that_came_first(desk):
    order = closed_with(desk, Side.BUY, [(CANCELLED, 4, 400, 0)], WISHES)
    desk.broker(cash="9299.93", AAA=7)
    desk.shows(report(order, CANCELLED, 7, "700.00", "0.07"))
    assert not desk.reconcile().discrepancies
    assert desk.agrees()
    assert desk.book("a").quantity(AAA) == Decimal("4.2")


def test_lesson_fills_after_the_last_look_are_counted(desk):
    """The books never had any of the order; all of it comes later, in several steps."""
    order = closed_with(desk, Side.BUY, [(OPEN, 0, 0, 0)], WISHES)
    for filled in (1, 4, 10):
        desk.broker(cash=10_000 - filled * 100, AAA=filled)
        desk.shows(report(order, OPEN, filled, filled * 100))
        desk.reconcile()
        assert desk.agrees()
    assert desk.book("a").quantity(AAA) == 6


def test_late_fills_go_to_those_who_still_want_them_and_crossings_count(desk):
    order = closed_with(desk, Side.BUY, [(OPEN, 0, 0, 0)], {"a": 10}, quantity=10)
    desk.shows(report(order, FILLED, 10, 1000))
    desk.broker(cash=9000, AAA=10)
    desk.reconcile()
    second = evolve(
        request("AAA", Side.BUY, 2, TOMORROW), client_order_id=order.client_order_id[:-1] + "x"
    )
    wishes = {"a": -4, "b": 6}
    first = report(second, OPEN, 0, 0)
    desk.write(
        *cycle_of([second], [first], {"AAA": wishes}, TOMORROW),
        settled(first, wishes, TOMORROW),
        closing(CycleOutcome.INCOMPLETE, TOMORROW),
    )
    assert desk.book("b").quantity(AAA) == 4
    desk.session = TOMORROW
    desk.shows(report(order, FILLED, 10, 1000), report(second, FILLED, 2, 200))
    desk.broker(cash=8800, AAA=12)
    assert not desk.reconcile().discrepancies
    assert desk.agrees()
    assert desk.book("a").quantity(AAA) == 6
    assert desk.book("b").quantity(AAA) == 6


def sold_late(invested, wishes, filled, value):
    invested.session = TOMORROW
    order = request("AAA", Side.SELL, 10, TOMORROW)
    told = report(order, CANCELLING, 0, 0)
    invested.write(
        *cycle_of([order], [told], {"AAA": wishes}, TOMORROW),
        closing(CycleOutcome.INCOMPLETE, TOMORROW),
    )
    invested.shows(*invested.seen.orders, report(order, CANCELLED, filled, value, "0.01"))
    invested.broker(cash=Decimal("7999.79") + value, AAA=10 - filled, BBB=20)
    found = invested.reconcile()
    assert not found.discrepancies
    assert invested.agrees()


def test_late_sells_come_out_of_the_books_that_wanted_to_sell(invested):
    sold_late(invested, {"a": -6, "b": 0}, 5, 511)
    assert invested.book("a").quantity(AAA) == 1
    assert invested.book("b").quantity(AAA) == 4


def test_late_sells_beyond_all_wishes_come_out_of_all_that_hold(invested):
    sold_late(invested, {"a": -2}, 5, 511)
    assert invested.book("a").quantity(AAA) == 3
    assert invested.book("b").quantity(AAA) == 2


def test_a_late_sell_of_more_than_the_books_hold_blocks(desk):
    order = closed_with(desk, Side.SELL, [(OPEN, 0, 0, 0)], {"a": -10})
    desk.shows(report(order, FILLED, 10, 1000))
    found = desk.reconcile()
    assert codes(found) == ["unbookable-fill"]
    assert found.blocking


def oversold(invested):
    """A sell of 20 that was open when its cycle was closed, of books that hold 10."""
    invested.session = TOMORROW
    order = request("AAA", Side.SELL, 20, TOMORROW)
    invested.write(
        *cycle_of([order], [report(order, CANCELLING)], {"AAA": {"a": -6, "b": -4}}, TOMORROW),
        closing(CycleOutcome.INCOMPLETE, TOMORROW),
    )
    return order


@pytest.mark.parametrize(
    ("sold", "value", "cash", "left"),
    [
        (15, 1500, "9499.75", {"BBB": 20}),
        (15, 1500, "7999.80", {"AAA": 10, "BBB": 20}),
        (11, "1100.37", "9100.17", {"AAA": "0.5", "BBB": 20}),
        (20, 2000, "9999.80", {"BBB": 7, "CCC": 3}),
    ],
)
def test_on_a_persons_word_a_sell_that_no_book_can_take_counts_as_booked(
    invested, sold, value, cash, left
):
    order = oversold(invested)
    invested.shows(*invested.seen.orders, report(order, CANCELLED, sold, value, "0.05"))
    invested.broker(cash=cash, **left)
    assert "unbookable-fill" in codes(invested.reconcile())
    by_hand = invested.reconcile(by_hand=True)
    assert not by_hand.discrepancies
    assert "late-fill" in alerts(by_hand.events)
    assert invested.agrees()
    assert not invested.reconcile().events
    assert not invested.reconcile(by_hand=True).events
    invested.session = TOMORROW + timedelta(days=1)
    assert not invested.reconcile().events


def test_of_a_sell_that_was_accepted_unbooked_only_what_is_new_is_booked_later(invested):
    order = oversold(invested)
    earlier = invested.seen.orders
    invested.shows(*earlier, report(order, CANCELLING, 15, 1500))
    invested.broker(cash=8000, AAA=8, BBB=20)
    assert codes(invested.reconcile(by_hand=True)) == ["stale-order"]
    assert invested.agrees()
    invested.shows(*earlier, report(order, CANCELLED, 17, 1690))
    invested.broker(cash=8190, AAA=6, BBB=20)
    assert not invested.reconcile().discrepancies
    assert invested.agrees()


def test_a_policy_that_adopts_does_not_accept_a_sell_that_no_book_can_take(invested):
    order = oversold(invested)
    invested.policy = evolve(invested.policy, adopt=True)
    invested.shows(*invested.seen.orders, report(order, CANCELLED, 15, 1500))
    invested.broker(cash=9500, BBB=20)
    assert codes(invested.reconcile()) == ["unbookable-fill"]


def test_late_buys_of_a_symbol_nobody_wished_go_by_capital_shares(desk):
    order = closed_with(desk, Side.BUY, [(OPEN, 0, 0, 0)], {"a": -1})
    desk.shows(report(order, FILLED, 10, 1000))
    desk.broker(cash=9000, AAA=10)
    desk.reconcile()
    assert desk.book("b").quantity(AAA) == 4
    assert desk.agrees()


def test_lesson_a_late_fill_without_a_price_waits_for_it(desk):
    order = closed_with(desk, Side.BUY, [(OPEN, 0, 0, 0)], WISHES)
    desk.broker(cash=9000, AAA=10)
    desk.shows(report(order, FILLED, 10, None))
    found = desk.reconcile()
    assert codes(found) == ["unpriced-fill"]
    assert found.blocking
    assert found.retry
    desk.shows(report(order, FILLED, 10, 1000))
    assert not desk.reconcile().discrepancies
    assert desk.agrees()


def test_case_40_a_split_waits_for_the_price_of_a_fill_before_it(desk):
    order = closed_with(desk, Side.BUY, [(OPEN, 0, 0, 0)], WISHES)
    desk.broker(cash=9000, AAA=20)
    desk.shows(report(order, FILLED, 10, None))
    split = SplitActivity("s1", AAA, Decimal(2), TODAY)
    desk.seen = evolve(desk.seen, activities=(split,))
    assert codes(desk.reconcile()) == ["unpriced-fill"]
    desk.shows(report(order, FILLED, 10, 1000))
    assert not desk.reconcile().discrepancies
    assert desk.agrees()


def test_an_order_that_ended_with_nothing_more_is_forgotten(desk):
    order = closed_with(desk, Side.BUY, [(CANCELLING, 0, 0, 0)], WISHES)
    desk.shows(report(order, CANCELLING))
    assert desk.reconcile().stale
    desk.shows(report(order, CANCELLED))
    found = desk.reconcile()
    assert not found.discrepancies
    assert [type(e).__name__ for e in found.events] == ["LateFillsSettled", "DiscrepancyEnded"]


@pytest.mark.parametrize("known", [True, False])
def test_case_45_an_order_that_the_broker_forgot_is_named_and_not_sent_again(desk, known):
    order = request("AAA", Side.BUY, 10)
    what = OrderReported(report(order, OPEN)) if known else None
    unknown = OrderUnresolved(order.client_order_id, "timeout")
    desk.write(*cycle_of([order], [], {"AAA": WISHES}), what or unknown, closing())
    found = desk.reconcile()
    assert codes(found) == ["vanished-order"]
    assert not found.blocking
    assert alerts(found.events) == ["vanished-order"]


def test_an_order_that_is_proven_absent_is_no_discrepancy(desk):
    order = request("AAA", Side.BUY, 10)
    absent = OrderAbsent(order.client_order_id, resend=False)
    desk.write(*cycle_of([order], [], {"AAA": WISHES}), absent, closing())
    assert not desk.reconcile().discrepancies


@pytest.mark.parametrize("filled", [0, 4])
def test_an_order_that_turns_up_after_it_was_given_up_is_cancelled_and_its_symbol_left(
    desk, filled
):
    order = request("AAA", Side.BUY, 10)
    absent = OrderAbsent(order.client_order_id, resend=False)
    desk.write(*cycle_of([order], [], {"AAA": WISHES}), absent, closing())
    desk.broker(cash=10_000 - 100 * filled, **({"AAA": filled} if filled else {}))
    desk.shows(report(order, OPEN, filled, 100 * filled))
    found = desk.reconcile()
    assert codes(found) == ["stale-order"]
    assert [r.client_order_id for r in found.stale] == [order.client_order_id]
    assert found.left_alone == {AAA}
    assert desk.agrees()
    desk.shows(report(order, CANCELLED, filled, 100 * filled))
    assert not desk.reconcile().stale


def test_an_old_word_of_an_order_that_is_over_does_not_open_it_again(desk):
    closed_with(desk, Side.BUY, [(OPEN, 0, 0), (CANCELLED, 0, 0)], WISHES)
    desk.shows(report(request("AAA", Side.BUY, 10), OPEN))
    assert not desk.reconcile().discrepancies


def test_reports_that_tell_more_of_the_open_cycle_are_taken_in(desk):
    order = request("AAA", Side.BUY, 10)
    desk.write(*cycle_of([order], [report(order, OPEN)], {"AAA": WISHES}))
    desk.shows(report(order, OPEN, 4, 400))
    desk.broker(cash=9600, AAA=4)
    found = desk.reconcile()
    assert [type(e) for e in found.events] == [OrderReported]
    assert not found.discrepancies


@pytest.mark.parametrize("place", [0, 3])
def test_case_25_an_order_of_the_open_cycle_that_the_journal_lost_is_taken_in(desk, place):
    planned, sent = request("AAA", Side.BUY, 10), request("AAA", Side.BUY, 10, place=place)
    desk.write(*cycle_of([planned], [], {"AAA": WISHES})[:2])
    desk.shows(report(sent, FILLED, 10, 1000))
    desk.broker(cash=9000, AAA=10)
    found = desk.reconcile()
    assert [type(e) for e in found.events[:2]] == [OrderIntended, OrderReported]
    assert found.events[0].request == sent
    assert alerts(found.events) == ["order-recovered"]
    assert not found.discrepancies


@pytest.mark.parametrize("side", [Side.SELL, Side.BUY])
def test_case_25_an_own_order_of_no_known_cycle_blocks(desk, side):
    if side is Side.SELL:
        desk.write(*cycle_of([request("AAA", Side.BUY, 10)], [], {"AAA": WISHES})[:2])
    desk.shows(report(request("AAA", side, 1), OPEN))
    found = desk.reconcile()
    assert codes(found) == ["unknown-order"]
    assert found.blocking
    assert not found.stale


def test_case_25_what_an_unknown_order_did_is_accepted_by_policy(desk):
    desk.policy = evolve(desk.policy, adopt=True)
    lost = request("AAA", Side.BUY, 10)
    desk.shows(report(lost, OPEN, 4, 400))
    desk.broker(cash=9600, AAA=4)
    found = desk.reconcile()
    assert codes(found) == ["stale-order"]
    assert [e.report.filled_quantity for e in found.events if isinstance(e, OrderAdopted)] == [4]
    assert desk.agrees()
    desk.shows(report(lost, FILLED, 10, 1000))
    desk.broker(cash=9000, AAA=10)
    found = desk.reconcile()
    assert not found.discrepancies
    assert [e.report.filled_quantity for e in found.events if isinstance(e, OrderAdopted)] == [10]
    assert desk.agrees()


def test_an_unknown_order_that_did_nothing_is_no_discrepancy(desk):
    desk.shows(report(request("AAA", Side.BUY, 1), OrderStatus.REJECTED))
    assert not desk.reconcile().events


def test_case_46_a_foreign_order_is_named_left_alone_and_never_cancelled(desk):
    desk.shows(foreign("CCC"))
    found = desk.reconcile()
    assert codes(found) == ["foreign-order"]
    assert not found.blocking
    assert found.left_alone == {"CCC"}
    assert not found.stale
    desk.shows(foreign("CCC", CANCELLED))
    assert not desk.reconcile().left_alone


def test_orders_of_the_last_days_are_remembered_and_unfinished_ones_longer(desk):
    days = [TODAY + timedelta(days=n) for n in range(LONGEST.days + 2)]
    stuck = request("BBB", Side.BUY, 1, days[0])
    desk.write(
        *cycle_of([stuck], [report(stuck, CANCELLING)], {"BBB": {"a": 1}}, days[0]),
        closing(day=days[0]),
    )
    for n, day in enumerate(days[1:], 1):
        order = request("AAA", Side.BUY, 1, day)
        over = report(order, CANCELLED)
        desk.write(*cycle_of([order], [over], {"AAA": {"a": 1}}, day), closing(day=day))
        kept = {cycle.key.trading_day for cycle in desk.ledger.closed}
        recent = set(days[max(0, n + 1 - REMEMBERED_DAYS) : n + 1])
        # The broker is asked for all orders since the oldest, so that all since it are known.
        assert kept == (set(days[: n + 1]) if n <= LONGEST.days else recent)
    assert all(not c.unfinished for c in desk.ledger.closed)


def test_orders_after_one_that_never_ends_are_not_taken_for_unknown(desk):
    days = [TODAY + timedelta(days=n) for n in range(REMEMBERED_DAYS + 3)]
    stuck = request("BBB", Side.BUY, 1, days[0])
    desk.write(
        *cycle_of([stuck], [report(stuck, CANCELLING)], {"BBB": {"a": 1}}, days[0]),
        closing(day=days[0]),
    )
    reports = [report(stuck, CANCELLING)]
    for day in days[1:]:
        order = request("AAA", Side.BUY, 1, day)
        reports.append(report(order, FILLED, 1, 50))
        bought = cycle_of([order], [reports[-1]], {"AAA": {"a": 1}}, day)
        desk.write(*bought, closing(day=day))
    desk.shows(*reports)
    found = desk.reconcile()
    assert DiscrepancyKind.UNKNOWN_ORDER not in {d.kind for d in found.discrepancies}


def test_nothing_is_lost_of_a_late_fill_of_awkward_numbers(desk):
    order = closed_with(desk, Side.BUY, [(OPEN, "0.333333333", "33.37", "0.01")], WISHES)
    cash, value = Decimal("9966.62"), ZERO
    for filled, value in (("3.000000001", "301.11"), ("7.123456789", "713.77")):
        cash = 10_000 - Decimal(value) - Decimal("0.05")
        desk.broker(cash=cash, AAA=filled)
        desk.shows(report(order, OPEN, filled, value, "0.05"))
        desk.reconcile()
        assert desk.agrees()
    assert value


def test_late_sells_never_take_more_from_a_book_than_it_holds(invested):
    sold_late(invested, {"a": -8, "b": -2}, 10, 1001)
    assert AAA not in invested.ledger.opened_books.combined().positions


def test_lost_orders_are_taken_in_in_the_order_in_which_they_were_sent(desk):
    planned, then = request("AAA", Side.BUY, 10), request("AAA", Side.BUY, 6, place=1)
    desk.write(*cycle_of([planned], [], {"AAA": WISHES})[:2])
    desk.shows(report(then, OPEN), report(planned, CANCELLED, 4, 400))
    found = desk.reconcile()
    sent = [e.request for e in found.events if isinstance(e, OrderIntended)]
    assert sent == [planned, then]


@pytest.mark.parametrize(("held", "kind"), [(6, "lagging"), (11, "quantity-differs")])
def test_case_33_positions_may_be_ahead_of_an_order_that_is_still_open(desk, held, kind):
    order = closed_with(desk, Side.BUY, [(OPEN, 4, 400, 0)], WISHES)
    desk.session = TOMORROW
    desk.shows(report(order, OPEN, 4, 400))
    desk.broker(cash=9600, AAA=held)
    assert set(codes(desk.reconcile())) == {"stale-order", kind}
