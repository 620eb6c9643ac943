"""No order takes a symbol beyond its plan."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alchemiser_core.domain.money import usd
from alchemiser_core.domain.orders.identifiers import ClientOrderId, Side
from alchemiser_core.domain.orders.intent import OrderIntent, OrderReason
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.risk.in_flight import BeyondPlan, exceeds_plan
from alchemiser_core.domain.symbol import Symbol

SPY, IDENTIFIER = Symbol("SPY"), ClientOrderId("alch-1")
INTENT = OrderIntent(SPY, Side.BUY, Decimal(10), Decimal(1), usd(10), OrderReason.OPEN, IDENTIFIER)


def request(quantity, symbol=SPY, side=Side.BUY):
    return OrderRequest(IDENTIFIER, symbol, side, Decimal(quantity))


@pytest.mark.parametrize(
    ("quantity", "committed", "exceeds"),
    [("10", "0", False), ("10.000000001", "0", True), ("6", "4", False), ("6", "4.1", True)],
)
def test_the_sum_may_reach_the_plan_and_not_pass_it(quantity, committed, exceeds):
    found = exceeds_plan(request(quantity), INTENT, Decimal(committed))
    assert (found is not None) is exceeds


def test_lesson_the_full_quantity_is_not_sent_again_after_a_partial_fill():
    found = exceeds_plan(request(10), INTENT, Decimal(4))
    assert found == BeyondPlan(request(10), Decimal(10), Decimal(4))
    (problem,) = found.problems()
    assert problem.code == "order-beyond-plan"
    assert "10 are planned, 4 of these filled" in problem.why


@pytest.mark.parametrize("other", [{"symbol": Symbol("TLT")}, {"side": Side.SELL}])
def test_another_symbol_or_side_is_not_planned_at_all(other):
    found = exceeds_plan(request(1, **other), INTENT, Decimal(0))
    assert found is not None
    assert found.planned == 0


quantities = st.integers(1, 10_000_000).map(lambda n: Decimal(n) / 1000)


@given(st.lists(quantities, max_size=12))
def test_whatever_is_sent_in_turn_the_plan_is_never_exceeded(wanted):
    sent = Decimal(0)
    for quantity in wanted:
        if exceeds_plan(request(quantity), INTENT, sent) is None:
            sent += quantity
    assert sent <= INTENT.quantity
