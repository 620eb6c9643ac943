from datetime import date
from decimal import Decimal, localcontext

import pytest
from attrs import evolve

from alchemiser_core.domain.allocation.blend import blend
from alchemiser_core.domain.allocation.book_wishes import book_wishes
from alchemiser_core.domain.allocation.constraints import Constraints, Limit
from alchemiser_core.domain.allocation.plan_error import NothingToInvest
from alchemiser_core.domain.allocation.plan_rules import MarkPolicy, PlanRules, TradingCosts
from alchemiser_core.domain.allocation.rebalance_plan import SkipReason
from alchemiser_core.domain.allocation.target_weights import target_weights
from alchemiser_core.domain.instrument import (
    Instrument,
    fractional_shares,
    whole_shares,
    without_increments,
)
from alchemiser_core.domain.money import ARITHMETIC, Usd, usd
from alchemiser_core.domain.orders.fill import Fill
from alchemiser_core.domain.orders.identifiers import CycleKey, Side
from alchemiser_core.domain.orders.intent import OrderReason
from alchemiser_core.domain.portfolio.book import open_books
from alchemiser_core.domain.portfolio.crossing import settle
from alchemiser_core.domain.portfolio.portfolio import funded, holding
from alchemiser_core.domain.quote import Mark, marks_of
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.plan_rebalance import plan_rebalance

SPY, TLT, GLD = SYMBOLS = Symbol("SPY"), Symbol("TLT"), Symbol("GLD")
DAY = date(2026, 3, 2)
CYCLE = CycleKey("main", "PA123", DAY)
MARKS = marks_of(DAY, [(SPY, Decimal(400)), (TLT, Decimal(100)), (GLD, Decimal(250))])
WHOLE = PlanRules(whole_shares(SYMBOLS))
EXACT = PlanRules(without_increments(SYMBOLS))
ONE_PERCENT = TradingCosts(cost_bps=Decimal(60), slippage_bps=Decimal(40))


def target(**weights):
    return target_weights({Symbol(s): Decimal(w) for s, w in weights.items()}).unwrap()


def held(cash, **quantities):
    return holding(usd(cash), {Symbol(s): Decimal(q) for s, q in quantities.items()}).unwrap()


def plan_of(portfolio, targets, rules=WHOLE, marks=MARKS):
    return plan_rebalance(portfolio, targets, marks, rules, CYCLE).unwrap()


def orders_of(plan):
    return [(o.side.value, o.symbol, o.quantity, o.reason) for o in plan.orders]


def skips_of(plan):
    return {s.symbol: s.reason for s in plan.skipped}


# --- what is traded ----------------------------------------------------------------------------


def test_cash_is_turned_into_the_target():
    plan = plan_of(held(10_000), target(SPY="0.6", TLT="0.4"))
    assert orders_of(plan) == [
        ("buy", SPY, 15, OrderReason.OPEN),
        ("buy", TLT, 40, OrderReason.OPEN),
    ]
    assert plan.equity == plan.equity_after_costs == 10_000
    assert plan.expected_cash == 0


def test_sells_come_before_buys_and_pay_for_them():
    plan = plan_of(held(0, SPY=25, TLT=10), target(SPY="0.5", TLT="0.2", GLD="0.3"))
    assert orders_of(plan) == [
        ("sell", SPY, 11, OrderReason.REDUCE),
        ("buy", GLD, 13, OrderReason.OPEN),
        ("buy", TLT, 11, OrderReason.INCREASE),
    ]
    assert plan.expected_cash == 11 * 400 - 13 * 250 - 11 * 100


def test_a_full_exit_sells_the_exact_held_quantity():
    plan = plan_of(held(0, SPY="2.123456789012", TLT=10), target(TLT="1"))
    assert orders_of(plan)[0] == ("sell", SPY, Decimal("2.123456789012"), OrderReason.EXIT)


def test_an_empty_target_sells_everything():
    plan = plan_of(held(0, SPY=2, TLT=1), target())
    assert orders_of(plan) == [
        ("sell", SPY, 2, OrderReason.EXIT),
        ("sell", TLT, 1, OrderReason.EXIT),
    ]
    assert plan.expected_cash == 900


def test_what_is_as_wanted_is_left_alone_without_a_word():
    plan = plan_of(held(600, TLT=4), target(TLT="0.4"), EXACT)
    assert (plan.orders, plan.skipped) == ((), ())


def test_rounding_noise_is_no_reason_to_trade():
    plan = plan_of(held("600.00000000002", TLT=4), target(TLT="0.4"), EXACT)
    assert (plan.orders, plan.skipped) == ((), ())


def test_without_increments_the_target_is_hit():
    third = repr(1 / 3)
    plan = plan_of(held(0, SPY=10), target(SPY=third, TLT=third, GLD=third), EXACT)
    by_symbol = {o.symbol: o for o in plan.orders}
    for symbol, value in ((TLT, Decimal(4000) / 3), (GLD, Decimal(4000) / 3)):
        assert abs(by_symbol[symbol].value - value) < Decimal("1E-11")
    assert 0 <= plan.expected_cash < Decimal("1E-11")


def test_fractions_are_rounded_down_to_nine_decimals():
    rules = PlanRules(fractional_shares(SYMBOLS))
    plan = plan_of(held(1000), target(SPY=repr(1 / 3)), rules)
    assert plan.orders[0].quantity == Decimal("0.833333333")


def test_a_third_of_three_thousand_buys_ten_shares_at_a_hundred():
    marks = marks_of(DAY, [(s, Decimal(100)) for s in SYMBOLS])
    third = repr(1 / 3)
    plan = plan_of(held(3000), target(SPY=third, TLT=third, GLD=third), marks=marks)
    assert [o.quantity for o in plan.orders] == [10, 10, 10]


def test_a_share_that_only_noise_would_pay_for_is_not_bought():
    # 9.9999999999995 shares count as ten, but the cash for the tenth is not there.
    plan = plan_of(held("999.99999999995"), target(TLT="1"))
    assert orders_of(plan) == [("buy", TLT, 9, OrderReason.OPEN)]


# --- costs -------------------------------------------------------------------------------------


def test_targets_apply_to_equity_after_costs():
    plan = plan_of(held(1010), target(SPY="1"), evolve(EXACT, costs=ONE_PERCENT))
    assert plan.equity == 1010
    assert abs(plan.equity_after_costs - 1000) < Decimal("1E-25")
    assert abs(plan.orders[0].value - 1000) < Decimal("1E-15")
    assert abs(plan.expected_costs - 10) < Decimal("1E-15")
    assert 0 <= plan.expected_cash < Decimal("1E-15")


def test_costs_of_a_switch_are_paid_on_both_sides():
    plan = plan_of(held(0, SPY=1), target(TLT="1"), evolve(EXACT, costs=ONE_PERCENT))
    after = Decimal(400) * Decimal("0.99") / Decimal("1.01")
    assert abs(plan.equity_after_costs - after) < Decimal("1E-24")


def test_whole_shares_leave_cash_for_their_costs():
    plan = plan_of(held(1000), target(TLT="1"), evolve(WHOLE, costs=ONE_PERCENT))
    assert plan.orders[0].quantity == 9
    assert plan.expected_cash == 1000 - 909


def test_lesson_no_stray_factor_makes_every_buy_smaller():
    plan = plan_of(held(100_000), target(TLT="1"))
    assert plan.orders[0].value == 100_000


def test_lesson_the_cash_buffer_is_read():
    limits = Constraints(cash_buffer=Decimal("0.05"))
    plan = plan_of(held(100_000), target(TLT="1"), evolve(WHOLE, constraints=limits))
    assert plan.orders[0].value == 95_000
    assert plan.expected_cash == 5_000
    assert [a.limit for a in plan.adjusted] == [Limit.CASH_BUFFER]


# --- limits ------------------------------------------------------------------------------------


def test_the_buffer_limits_buys_even_where_sells_fall_short():
    # SPY cannot be sold, so the buys would take the cash that is to stay.
    rules = PlanRules(
        {**whole_shares(SYMBOLS), SPY: Instrument(SPY, tradable=False)},
        constraints=Constraints(cash_buffer=Decimal("0.1")),
    )
    plan = plan_of(held(2000, SPY=20), target(TLT="0.5", GLD="0.4"), rules)
    assert plan.expected_cash >= 1000
    assert skips_of(plan) == {SPY: SkipReason.NOT_TRADABLE}


def test_buys_that_cash_cannot_pay_are_all_lowered_by_the_same_factor():
    rules = PlanRules({**without_increments(SYMBOLS), SPY: Instrument(SPY, tradable=False)})
    plan = plan_of(held(2000, SPY=20), target(TLT="0.6", GLD="0.4"), rules)
    values = {o.symbol: o.value for o in plan.orders}
    assert abs(values[TLT] - 1200) < Decimal("1E-12")
    assert abs(values[GLD] - 800) < Decimal("1E-12")


def short_of_cash(cash, targets, **changes):
    """A plan in which SPY cannot be sold, so that the buys want more cash than there is."""
    instruments = {**whole_shares(SYMBOLS), SPY: Instrument(SPY, tradable=False)}
    rules = PlanRules({**instruments, **changes.get("instruments", {})}, costs=ONE_PERCENT)
    marks = {**MARKS, SPY: evolve(MARKS[SPY], price=Decimal(changes.get("price", 625)))}
    plan = plan_of(held(cash, SPY=1), targets, rules, marks)
    return [(o.symbol, o.quantity) for o in plan.orders], plan.expected_cash


def test_short_cash_is_shared_with_the_costs_of_buying():
    # With costs a share of GLD takes 252.50, of TLT 101: 3.01 and 11.29 shares.
    orders, cash = short_of_cash(1900, target(GLD="0.4", TLT="0.6"))
    assert orders == [(GLD, 3), (TLT, 11)]
    assert cash == Decimal("31.50")


def test_what_rounding_leaves_over_buys_further_shares_in_the_order_of_the_symbols():
    # 3.95 GLD and 14.81 TLT leave 321.90: enough for one more GLD, then for no more TLT.
    orders, cash = short_of_cash("2493.40", target(GLD="0.4", TLT="0.6"))
    assert orders == [(GLD, 4), (TLT, 14)]
    assert cash == Decimal("69.40")


def test_further_shares_never_exceed_what_was_wanted():
    # 4.75 GLD leave 189.88 for TLT, whose target of 1,250 after costs is 12.5 shares.
    fine = Instrument(TLT, Decimal("0.001"), fractionable=True)
    orders, _ = short_of_cash(
        "2400", target(GLD="0.5", TLT="0.5"), price="125", instruments={TLT: fine}
    )
    assert orders == [(GLD, 4), (TLT, Decimal("12.5"))]


def test_without_cash_nothing_is_bought_and_everything_is_said():
    rules = PlanRules({**whole_shares(SYMBOLS), SPY: Instrument(SPY, tradable=False)})
    plan = plan_of(held(0, SPY=20), target(TLT="0.6", GLD="0.4"), rules)
    assert plan.orders == ()
    assert skips_of(plan) == {
        GLD: SkipReason.NO_CASH,
        SPY: SkipReason.NOT_TRADABLE,
        TLT: SkipReason.NO_CASH,
    }


def test_the_reserve_is_not_invested():
    limits = Constraints(reserve_cash=usd(1000))
    plan = plan_of(held(10_000), target(TLT="0.5"), evolve(WHOLE, constraints=limits))
    assert plan.orders[0].value == 4500
    assert plan.equity_after_costs == 10_000
    assert plan.investable == 9000


def test_a_cap_limits_a_symbol_and_is_named():
    limits = Constraints(caps={TLT: Decimal("0.25")})
    plan = plan_of(held(10_000), target(TLT="1"), evolve(WHOLE, constraints=limits))
    assert plan.orders[0].value == 2500
    assert plan.adjusted[0].limit is Limit.CAP


def test_unmanaged_symbols_are_never_sold_and_never_counted():
    limits = Constraints(unmanaged=frozenset({SPY}))
    portfolio = held(1000, SPY=100, TLT=1)
    # No price of an unmanaged symbol is needed.
    plan = plan_of(portfolio, target(TLT="1"), evolve(WHOLE, constraints=limits), {TLT: MARKS[TLT]})
    assert orders_of(plan) == [("buy", TLT, 10, OrderReason.INCREASE)]
    assert plan.equity == 1100


def test_a_target_in_an_unmanaged_symbol_is_not_bought():
    limits = Constraints(unmanaged=frozenset({SPY}))
    plan = plan_of(held(1000), target(SPY="1"), evolve(WHOLE, constraints=limits))
    assert plan.orders == ()
    assert [a.limit for a in plan.adjusted] == [Limit.UNMANAGED]


def test_a_denied_symbol_that_is_held_is_sold():
    limits = Constraints(denied=frozenset({SPY}))
    plan = plan_of(held(0, SPY=1), target(SPY="1"), evolve(WHOLE, constraints=limits))
    assert orders_of(plan) == [("sell", SPY, 1, OrderReason.EXIT)]


# --- what is skipped ---------------------------------------------------------------------------


def test_a_difference_within_the_band_is_left_alone():
    rules = evolve(WHOLE, drift_band=Decimal("0.05"))
    plan = plan_of(held(650, TLT=3, GLD=0), target(TLT="0.35"), rules)
    assert plan.orders == ()
    assert skips_of(plan) == {TLT: SkipReason.WITHIN_BAND}
    assert plan.skipped[0].value == Decimal("32.5")


def test_a_full_exit_passes_band_and_minimum():
    rules = evolve(WHOLE, drift_band=Decimal("0.5"), minimum_trade=usd(10_000))
    plan = plan_of(held(900, TLT=1), target(), rules)
    assert orders_of(plan) == [("sell", TLT, 1, OrderReason.EXIT)]


def test_a_trade_below_the_minimum_is_skipped_on_both_sides():
    rules = evolve(WHOLE, minimum_trade=usd(101))
    plan = plan_of(held(100, TLT=8, GLD="0.4"), target(TLT="0.7", GLD="0.3"), rules)
    assert skips_of(plan) == {GLD: SkipReason.BELOW_INCREMENT, TLT: SkipReason.BELOW_MINIMUM}
    assert [s.value for s in plan.skipped] == [200, -100]


def test_band_and_minimum_at_their_edge():
    plan = plan_of(held(700, TLT=3), target(TLT="0.4"), evolve(WHOLE, drift_band=Decimal("0.1")))
    assert skips_of(plan) == {TLT: SkipReason.WITHIN_BAND}
    plan = plan_of(held(700, TLT=3), target(TLT="0.4"), evolve(WHOLE, minimum_trade=usd(100)))
    assert orders_of(plan) == [("buy", TLT, 1, OrderReason.INCREASE)]


def test_less_than_one_share_is_skipped():
    plan = plan_of(held(399), target(SPY="1"))
    assert skips_of(plan) == {SPY: SkipReason.BELOW_INCREMENT}


def test_the_minimum_order_of_the_broker_holds_for_exits_too():
    instruments = fractional_shares(SYMBOLS, minimum_order_value=usd(1))
    plan = plan_of(held(100, TLT="0.009"), target(), PlanRules(instruments))
    assert plan.orders == ()
    assert skips_of(plan) == {TLT: SkipReason.BELOW_MINIMUM_ORDER}


def test_an_order_of_exactly_the_brokers_minimum_is_sent():
    instruments = fractional_shares(SYMBOLS, minimum_order_value=usd(1))
    plan = plan_of(held(100, TLT="0.01"), target(), PlanRules(instruments))
    assert orders_of(plan) == [("sell", TLT, Decimal("0.01"), OrderReason.EXIT)]


def test_a_symbol_without_instrument_is_skipped_and_the_rest_goes_on():
    rules = PlanRules(whole_shares([TLT]))
    plan = plan_of(held(1000), target(SPY="0.5", TLT="0.5"), rules)
    assert orders_of(plan) == [("buy", TLT, 5, OrderReason.OPEN)]
    assert skips_of(plan) == {SPY: SkipReason.UNKNOWN_INSTRUMENT}
    assert plan.untradable == {SPY}


# --- prices ------------------------------------------------------------------------------------


@pytest.mark.parametrize("price", [None, "NaN", "Infinity", "0", "-1"])
def test_a_target_without_a_usable_price_is_skipped_and_the_rest_goes_on(price):
    marks = {TLT: MARKS[TLT]}
    if price is not None:
        marks[SPY] = Mark(SPY, Decimal(price), DAY)
    plan = plan_of(held(1000), target(SPY="0.5", TLT="0.5"), marks=marks)
    assert orders_of(plan) == [("buy", TLT, 5, OrderReason.OPEN)]
    assert skips_of(plan) == {SPY: SkipReason.NO_PRICE}


def test_a_plan_can_be_refused_where_prices_are_missing_with_all_of_them_named():
    rules = evolve(WHOLE, bad_marks=MarkPolicy.REFUSE)
    marks = {TLT: evolve(MARKS[TLT], age=1)}
    refused = plan_rebalance(held(1000), target(SPY="0.5", TLT="0.5"), marks, rules, CYCLE)
    problems = refused.failure().problems()
    assert [(p.code, p.where) for p in problems] == [
        ("unusable-mark", "SPY"),
        ("unusable-mark", "TLT"),
    ]


def test_lesson_a_held_symbol_that_left_the_target_is_valued_at_its_price():
    bought = Fill(SPY, Side.BUY, Decimal(10), Decimal(100), DAY)
    portfolio = funded(usd(1000)).apply(bought).unwrap()
    plan = plan_of(portfolio, target(TLT="1"))
    assert plan.equity == 4000
    assert orders_of(plan)[1] == ("buy", TLT, 40, OrderReason.OPEN)


def test_a_holding_without_any_price_refuses_the_plan():
    refused = plan_rebalance(held(0, SPY=1, GLD=1), target(TLT="1"), {}, WHOLE, CYCLE).failure()
    assert [(p.code, p.where) for p in refused.problems()] == [
        ("unvalued-holding", "GLD"),
        ("unvalued-holding", "SPY"),
    ]


def test_a_last_price_values_a_holding_but_does_not_trade_it():
    marks = {**MARKS, SPY: evolve(MARKS[SPY], age=3)}
    plan = plan_of(held(600, SPY=1), target(TLT="0.5"), marks=marks)
    assert plan.equity == 1000
    assert orders_of(plan) == [("buy", TLT, 5, OrderReason.OPEN)]
    assert skips_of(plan) == {SPY: SkipReason.NO_PRICE_TODAY}


def test_an_exit_at_the_last_price_is_forced_and_says_so():
    rules = evolve(WHOLE, exit_at_last_price=True)
    marks = {**MARKS, SPY: evolve(MARKS[SPY], age=9), GLD: evolve(MARKS[GLD], age=1)}
    plan = plan_of(held(0, SPY=1, GLD=1), target(GLD="0.1"), rules, marks)
    assert orders_of(plan) == [("sell", SPY, 1, OrderReason.FORCED_EXIT)]
    assert skips_of(plan) == {GLD: SkipReason.NO_PRICE_TODAY}


@pytest.mark.parametrize("cash", ["0", "-5", "1000"])
def test_equity_that_does_not_exceed_the_reserve_refuses_the_plan(cash):
    rules = evolve(WHOLE, constraints=Constraints(reserve_cash=usd(1000)))
    refused = plan_rebalance(held(cash), target(TLT="1"), MARKS, rules, CYCLE).failure()
    assert [p.code for p in refused.problems()] == ["nothing-to-invest"]


def test_what_there_is_to_invest_is_named_without_exponents():
    refused = NothingToInvest(Usd(Decimal("0E-14")), Usd(Decimal("1E+3")))
    assert refused.problems()[0].what == "equity is 0, 1000 of it is reserved"


# --- the same plan -----------------------------------------------------------------------------


def test_the_same_inputs_give_the_same_plan_and_ids_in_any_context():
    portfolio, rules = held(777, SPY=3, GLD=2), evolve(EXACT, costs=ONE_PERCENT)
    first = plan_of(portfolio, target(SPY="0.3", TLT="0.7"), rules)
    with localcontext() as context:
        context.prec = 6
        again = plan_of(
            held(777, GLD=2, SPY=3),
            target(TLT="0.7", SPY="0.3"),
            rules,
            dict(reversed(MARKS.items())),
        )
    assert again == first
    assert str(again) == str(first)
    assert len({o.client_order_id for o in first.orders}) == len(first.orders) == 3


def test_another_cycle_gives_other_ids_and_nothing_else():
    first = plan_of(held(1000), target(TLT="1"))
    cycle = evolve(CYCLE, cycle="2")
    second = plan_rebalance(held(1000), target(TLT="1"), MARKS, WHOLE, cycle).unwrap()
    assert first.orders[0].client_order_id != second.orders[0].client_order_id
    kept = first.orders[0].client_order_id
    assert evolve(second, orders=(evolve(second.orders[0], client_order_id=kept),)) == first


# --- several strategies ------------------------------------------------------------------------


def traded(books, targets, rules, fraction=Decimal(1)):
    """One cycle of several books: plan the blend, fill a fraction of it, settle it to the books."""
    equity = books.equity(MARKS).unwrap()
    plan = plan_of(books.combined(), blend(targets, equity).unwrap(), rules)
    account, rate = books.combined(), rules.costs.rate
    with localcontext(ARITHMETIC):
        fills = [
            Fill(
                o.symbol,
                o.side,
                o.quantity * fraction,
                o.price,
                DAY,
                Usd(o.value * fraction * rate),
            )
            for o in plan.orders
        ]
    wishes = book_wishes(books, targets, equity, plan, MARKS)
    for symbol, wanted in wishes.items():
        own = [f for f in fills if f.symbol == symbol and f.quantity]
        books = books.apply(settle(wanted, own, MARKS[symbol]).unwrap()).unwrap()
    return plan, books, account.apply_all(fills).unwrap()


def spy_in_both_books():
    buy = Fill(SPY, Side.BUY, Decimal(2), Decimal(400), DAY)
    books = open_books(usd(1600), {"a": Decimal("0.5"), "b": Decimal("0.5")})
    return books.apply({"a": (buy,), "b": (buy,)}).unwrap()


def test_lesson_an_exit_by_one_strategy_leaves_what_the_others_hold():
    targets = {"a": target(TLT="1"), "b": target(SPY="1")}
    plan, books, account = traded(spy_in_both_books(), targets, EXACT)
    assert orders_of(plan)[0] == ("sell", SPY, 2, OrderReason.REDUCE)
    assert books.books["a"].portfolio.quantity(SPY) == 0
    assert books.books["b"].portfolio.quantity(SPY) == 2
    assert abs(books.books["a"].portfolio.quantity(TLT) - 8) < Decimal("1E-15")
    assert books.differences(account) == ()


def test_opposite_wishes_never_reach_the_market():
    books = open_books(usd(800), {"a": Decimal("0.5"), "b": Decimal("0.5")})
    books = books.apply({"a": (Fill(SPY, Side.BUY, Decimal(1), Decimal(400), DAY),)}).unwrap()
    rules = evolve(EXACT, costs=ONE_PERCENT)
    plan, books, account = traded(books, {"a": target(), "b": target(SPY="1")}, rules)
    assert plan.orders == ()
    assert books.books["a"].portfolio.cash == 400
    assert books.books["b"].portfolio.quantity(SPY) == 1
    assert account.costs == 0


@pytest.mark.parametrize("fraction", ["0", "0.3", "1"])
def test_books_add_up_whatever_the_market_fills(fraction):
    targets = {"a": target(TLT="0.7", GLD="0.3"), "b": target(SPY="0.5", GLD="0.2")}
    rules = evolve(EXACT, costs=ONE_PERCENT)
    _, books, account = traded(spy_in_both_books(), targets, rules, Decimal(fraction))
    whole = books.combined()
    assert abs(whole.cash - account.cash) < Decimal("1E-18")
    for symbol in SYMBOLS:
        assert abs(whole.quantity(symbol) - account.quantity(symbol)) < Decimal("1E-18")
