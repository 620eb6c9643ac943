from datetime import date
from decimal import Decimal

import pytest

from alchemiser_app.reports.events import event_line
from alchemiser_core.domain.journal.account_events import (
    CashMovedBetweenBooks,
    DiscrepancyEnded,
    LateFillAccepted,
    LateFillsSettled,
    OrderAdopted,
)
from alchemiser_core.domain.journal.events import BooksSettled, LineEnd, LineEnded, OrderReported
from alchemiser_core.domain.orders.fill import Fill
from alchemiser_core.domain.orders.identifiers import CycleKey, Side
from alchemiser_core.domain.orders.report import OrderReport, OrderStatus
from alchemiser_core.domain.portfolio.transfer import Transfer
from alchemiser_core.testing.journal_events import one_of_each

DAY = date(2025, 3, 3)


@pytest.mark.parametrize("event", one_of_each(), ids=lambda event: type(event).__name__)
def test_every_event_has_a_line_of_words_or_none(event):
    line = event_line(event)
    assert line is None or (line.strip() and "\n" not in line)


def test_what_was_filled_after_a_cycle_is_told():
    key = CycleKey("mine", "PA1", DAY)
    fills = {
        name: (Fill("SPY", Side.BUY, Decimal(shares), Decimal(100), DAY, Decimal(0)),)
        for name, shares in (("one", "1.5"), ("two", "0.5"))
    }
    line = event_line(LateFillsSettled(key, "SPY", (), fills))
    assert line == "  SPY filled 2 more after the cycle of 2025-03-03"
    assert event_line(LateFillsSettled(key, "SPY", (), {})) is None


def test_a_late_fill_that_was_accepted_unbooked_is_told():
    fill = Fill("SPY", Side.SELL, Decimal("1.50"), Decimal(100), DAY, Decimal(0))
    line = event_line(LateFillAccepted(CycleKey("mine", "PA1", DAY), fill))
    assert line == "  late fill accepted that no book could take: sell 1.5 SPY"


def test_an_order_that_ends_with_a_part_filled_is_not_told_as_filled_again():
    part = {"filled_quantity": Decimal(2), "filled_value": Decimal(50), "costs": Decimal("0.5")}
    lines = [
        event_line(
            OrderReported(OrderReport("alch-1", "b1", "SPY", Side.BUY, Decimal(3), status, **part))
        )
        for status in (OrderStatus.OPEN, OrderStatus.CANCELLED)
    ]
    assert lines == [
        "       SPY filled 2 of 3 at 25 = 50.00, costs 0.50",
        "       SPY cancelled, filled 2 of 3 at 25 = 50.00, costs 0.50",
    ]


def test_a_crossing_says_who_sells_and_who_buys():
    sold, bought = (
        Fill("SPY", side, Decimal(3), Decimal(9), DAY) for side in (Side.SELL, Side.BUY)
    )
    sent = Fill("SPY", Side.BUY, Decimal(5), Decimal(9), DAY, client_order_id="alch-1")
    line = event_line(BooksSettled("SPY", {"one": (sold,), "two": (bought, sent)}))
    assert line == "  SPY crossed between books: one sells 3, two buys 3"
    assert event_line(BooksSettled("SPY", {"two": (sent,)})) is None


def test_transfers_are_told_one_after_the_other():
    moves = (Transfer("one", "two", Decimal(5), DAY), Transfer("six", "two", Decimal(7), DAY))
    line = event_line(CashMovedBetweenBooks(moves, {}))
    assert line == "  5.00 from one to two, 7.00 from six to two"


def test_an_adopted_order_is_told_with_the_word_that_adopted_it():
    report = OrderReport("alch-1", "b1", "SPY", Side.SELL, Decimal(1), OrderStatus.FILLED)
    line = event_line(OrderAdopted(report, "by hand"))
    assert line == "  order accepted that the journal did not know: sell SPY filled (by hand)"


def test_the_end_of_a_discrepancy_is_told():
    assert event_line(DiscrepancyEnded("cash-differs", "CASH")) == (
        "  differs no more: cash differs, CASH"
    )


@pytest.mark.parametrize("end", LineEnd)
def test_a_symbol_that_ends_short_of_its_plan_is_told_with_the_reason(end):
    line = event_line(LineEnded("SPY", end, "because"))
    if end in (LineEnd.FILLED, LineEnd.NOT_NEEDED):
        assert line is None
    else:
        assert line == f"  SPY ends without all that was planned: {end}: because"
