"""Plans of an account that may only lower its positions."""

from decimal import Decimal

from attrs import evolve

from alchemiser_core.domain.money import usd
from alchemiser_core.domain.risk.trading_state import reduced
from alchemiser_core.domain.symbol import Symbol


def test_sells_stay_buys_are_left_out_and_cash_and_costs_are_those_of_the_sells(plan):
    whole = evolve(
        plan({"TLT": -3000, "SPY": 1000}, {"SPY": "1"}),
        expected_cash=usd(1996),  # 3000 less 1000 less 0.1 % of both
        expected_costs=usd(4),
    )
    kept = reduced(whole)
    assert [order.symbol for order in kept.plan.orders] == ["TLT"]
    assert [order.symbol for order in kept.left_out] == ["SPY"]
    assert (kept.plan.expected_cash, kept.plan.expected_costs) == (2997, 3)
    assert kept.plan.target == whole.target


def test_a_plan_of_sells_is_left_as_it_is(plan):
    sells = plan({"TLT": -3000})
    assert reduced(sells).plan == sells
    assert reduced(sells).left_out == ()
    assert reduced(plan()).plan == plan()


def test_what_is_left_out_is_the_order_itself(plan):
    (left,) = reduced(plan({"SPY": 1000})).left_out
    assert (left.symbol, left.quantity) == (Symbol("SPY"), Decimal(10))
