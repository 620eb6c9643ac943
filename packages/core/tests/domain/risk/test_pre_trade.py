"""Every limit of the risk gate, at it and just beyond it, and all breaches together."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from alchemiser_core.domain.journal.events import CycleOpened, OrderIntended, OrderReported, Valued
from alchemiser_core.domain.money import usd
from alchemiser_core.domain.orders.identifiers import CycleKey, Side
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport, OrderStatus
from alchemiser_core.domain.risk.breach import (
    EquityDropped,
    LimitCode,
    LimitExceeded,
    OnlyReducing,
    RiskRefused,
    SellsMoreThanHeld,
    SymbolBarred,
)
from alchemiser_core.domain.risk.day_traded import DayTraded
from alchemiser_core.domain.risk.limits import RiskLimits
from alchemiser_core.domain.risk.pre_trade import pre_trade_breaches
from alchemiser_core.domain.risk.trading_state import TradingState, reduced
from alchemiser_core.domain.symbol import Symbol

DAY = date(2026, 3, 2)


def codes(plan, account, state=TradingState.ACTIVE, quotes=None, **limits):
    found = pre_trade_breaches(plan, quotes or {}, account, RiskLimits(**limits), state)
    return [str(breach.code) for breach in found]


def valued(equity, contributed, session=date(2026, 2, 27)):
    at = datetime(2026, 2, 27, 21, tzinfo=UTC)
    return Valued(session, at, usd(equity), {}, usd(contributed))


def bought(value, symbol="GLD", cycle="1"):
    """What the journal says of a cycle of that day which bought one symbol."""
    key = CycleKey("main", "account", DAY, cycle)
    one = (Symbol(symbol), Side.BUY, Decimal(1))
    identifier = key.order_id(*one[:2])
    report = OrderReport(identifier, "b", *one, OrderStatus.FILLED, Decimal(1), usd(value))
    opened = CycleOpened(key, "previous-close", "market")
    return (opened, OrderIntended(OrderRequest(identifier, *one)), OrderReported(report))


# --- one limit after the other -------------------------------------------------------------------


def test_a_plan_within_all_limits_has_no_breach(plan, account):
    rotation = plan({"TLT": -10_000, "SPY": 10_000}, {"SPY": "1"})
    assert codes(rotation, account({"TLT": 10_000})) == []


def test_turnover_is_the_value_of_all_orders_by_equity(plan, account):
    rotation, before = plan({"TLT": -4000, "SPY": 5000}), account({"TLT": 4000})
    assert codes(rotation, before, max_turnover=Decimal("0.9")) == []
    assert codes(rotation, before, max_turnover=Decimal("0.89")) == ["turnover-above-limit"]


def test_turnover_is_of_the_whole_account_though_some_books_do_not_trade(plan, account):
    part = plan({"SPY": 4000}, {"SPY": "1"}, investable=4000)
    assert codes(part, account(), max_turnover=Decimal("0.4")) == []


def test_each_order_above_its_value_is_named(plan, account):
    orders = plan({"SPY": 3000, "TLT": 2000, "GLD": 3001})
    found = pre_trade_breaches(orders, {}, account(), RiskLimits(max_order_value=usd(2500)))
    assert sorted((b.code, b.symbol, b.measured, b.allowed) for b in found) == [
        (LimitCode.ORDER_VALUE, "GLD", 3001, 2500),
        (LimitCode.ORDER_VALUE, "SPY", 3000, 2500),
    ]
    assert codes(orders, account(), max_order_value=usd(3001)) == []


def test_an_order_is_measured_as_a_fraction_of_equity(plan, account):
    orders = plan({"SPY": 3000})
    assert codes(orders, account(), max_order_fraction=Decimal("0.3")) == []
    assert codes(orders, account(), max_order_fraction=Decimal("0.299")) == [
        "order-fraction-above-limit"
    ]


def test_an_order_is_measured_by_the_whole_account_though_some_books_do_not_trade(plan, account):
    part = plan({"SPY": 4000}, {"SPY": "1"}, investable=4000)
    assert codes(part, account(), max_order_fraction=Decimal("0.4")) == []


def test_orders_are_counted(plan, account):
    orders = plan({"SPY": 1000, "TLT": 1000, "GLD": 1000})
    assert codes(orders, account(), max_orders=3) == []
    assert codes(orders, account(), max_orders=2) == ["too-many-orders"]


def test_what_the_day_has_traded_counts_towards_its_limits(plan, account):
    orders, day = plan({"SPY": 1000}), account(traded=DayTraded().fold(bought(500)))
    assert codes(orders, day, max_day_value=usd(1500), max_orders=2) == []
    assert codes(orders, day, max_day_value=usd(1499)) == ["day-value-above-limit"]
    assert codes(orders, day, max_orders=1) == ["too-many-orders"]
    assert codes(orders, day, max_turnover=Decimal("0.15")) == []
    assert codes(orders, day, max_turnover=Decimal("0.149")) == ["turnover-above-limit"]


def test_a_plan_without_orders_breaks_no_limit_of_the_day(plan, account):
    day = account(traded=DayTraded().fold(bought(500)))
    limits = {"max_day_value": usd(1), "max_orders": 0, "max_turnover": Decimal("0.01")}
    assert codes(plan(), day, **limits) == []


def test_the_target_weight_of_a_symbol_is_limited(plan, account):
    wanted = plan({}, {"SPY": "0.6", "TLT": "0.4"})
    assert codes(wanted, account({"SPY": 6000}), max_weight=Decimal("0.6")) == []
    (breach,) = pre_trade_breaches(wanted, {}, account(), RiskLimits(max_weight=Decimal("0.5")))
    assert breach == LimitExceeded(LimitCode.WEIGHT, Decimal("0.6"), Decimal("0.5"), Symbol("SPY"))


def test_a_weight_counts_what_books_hold_that_do_not_trade(plan, account):
    half = plan({"SPY": 2000}, {"SPY": "0.4"}, investable=5000)
    held = account({"SPY": 4000})
    assert codes(half, held, max_weight=Decimal("0.6")) == []
    assert codes(half, held, max_weight=Decimal("0.59")) == ["weight-above-limit"]


def test_a_symbol_that_is_bought_without_a_target_is_limited_too(plan, account):
    assert codes(plan({"SPY": 6000}), account(), max_weight=Decimal("0.5")) == [
        "weight-above-limit"
    ]


def test_an_excess_that_a_plan_lowers_is_not_the_plans(plan, account):
    lower = plan({"SPY": -1000}, {"SPY": "0.5"})
    assert codes(lower, account({"SPY": 9000}), max_weight=Decimal("0.5")) == []
    assert codes(lower, account({"SPY": 9000}), max_gross=Decimal("0.5")) == []


def test_noise_of_rounding_is_no_breach(plan, account):
    noisy = plan({}, {"SPY": "0.5000000009"})
    assert codes(noisy, account(), max_weight=Decimal("0.5")) == []
    beyond = plan({}, {"SPY": "0.5000000011"})
    assert codes(beyond, account(), max_weight=Decimal("0.5")) == ["weight-above-limit"]


def test_orders_that_invest_more_than_there_is_are_refused_without_any_setting(plan, account):
    assert codes(plan({"SPY": 4000}), account({"TLT": 6000})) == []
    assert codes(plan({"SPY": 4001}), account({"TLT": 6000})) == ["gross-above-limit"]


def test_weights_above_one_never_pass(plan, account):
    heavy = plan({}, {"SPY": "0.6", "TLT": "0.400001"})
    assert codes(heavy, account()) == ["weights-above-one", "gross-above-limit"]
    assert codes(plan({}, {"SPY": "0.6", "TLT": "0.4000000001"}), account()) == []


def test_leveraged_funds_are_limited_together(plan, account):
    wanted = plan({}, {"TQQQ": "0.2", "UVXY": "0.2", "SPY": "0.6"})
    assert codes(wanted, account(), max_leveraged_weight=Decimal("0.4")) == []
    assert codes(wanted, account(), max_leveraged_weight=Decimal("0.39")) == [
        "leveraged-weight-above-limit"
    ]


def test_exposure_counts_the_daily_multiple(plan, account):
    wanted = plan({}, {"TQQQ": "0.2", "SQQQ": "0.1", "UVXY": "0.2", "SPY": "0.4"})
    assert codes(wanted, account(), max_exposure=Decimal("1.6")) == []
    assert codes(wanted, account(), max_exposure=Decimal("1.59")) == ["exposure-above-limit"]


def test_the_list_of_leveraged_funds_can_be_another(plan, account):
    wanted, none = plan({}, {"SPY": "1"}), Decimal(0)
    own = {Symbol("SPY"): Decimal(2), Symbol("TQQQ"): Decimal(1)}
    limits = {"leveraged_funds": own, "max_leveraged_weight": none}
    assert codes(wanted, account(), **limits) == ["leveraged-weight-above-limit"]
    assert codes(plan({}, {"TQQQ": "1"}), account(), **limits) == []


def test_symbols_that_are_denied_or_not_allowed_are_not_bought_but_can_be_sold(plan, account):
    orders, held = plan({"TLT": -1000, "SPY": 1000}), account({"TLT": 1000})
    spy, tlt = Symbol("SPY"), Symbol("TLT")
    assert codes(orders, held, denied=frozenset({tlt}), allowed=frozenset({spy})) == []
    found = pre_trade_breaches(
        orders, {}, held, RiskLimits(denied=frozenset({spy}), allowed=frozenset())
    )
    assert found == (SymbolBarred(spy, is_denied=True), SymbolBarred(spy, is_denied=False))


def test_spreads_are_looked_at_where_they_are_limited(plan, account, quote):
    orders, held = plan({"TLT": -1000, "SPY": 1000}), account({"TLT": 1000})
    quotes = {Symbol("SPY"): quote("SPY", 99, 101), Symbol("TLT"): quote("TLT", 100, 100)}
    assert codes(orders, held, quotes=quotes) == []
    assert codes(orders, held, quotes=quotes, max_spread=Decimal("0.02")) == []
    assert codes(orders, held, quotes=quotes, max_spread=Decimal("0.019")) == ["spread-above-limit"]


@pytest.mark.parametrize("prices", [(0, 101), (99, 0), (101, 99), ("NaN", 100), (99, "Infinity")])
def test_without_a_usable_quote_a_limited_spread_is_not_known(plan, account, quote, prices):
    orders = plan({"SPY": 1000})
    quotes = {Symbol("SPY"): quote("SPY", *prices)}
    assert codes(orders, account(), quotes=quotes, max_spread=Decimal(1)) == ["spread-unknown"]
    assert codes(orders, account(), max_spread=Decimal(1)) == ["spread-unknown"]


# --- equity ------------------------------------------------------------------------------------


def test_a_loss_since_the_session_before_is_limited(plan, account):
    fell = account(earlier=valued(20_000, 10_000))
    assert codes(plan(), fell, max_equity_drop=Decimal("0.5")) == []
    (breach,) = pre_trade_breaches(plan(), {}, fell, RiskLimits(max_equity_drop=Decimal("0.49")))
    assert breach == EquityDropped(usd(20_000), usd(10_000), Decimal("0.5"), Decimal("0.49"))


def test_a_withdrawal_is_no_loss_and_a_deposit_hides_none(plan, account):
    withdrawn = account(earlier=valued(20_000, 20_000))
    assert codes(plan(), withdrawn, max_equity_drop=Decimal(0)) == []
    topped_up = account(earlier=valued(10_000, 6000))  # 4000 came in, and 4000 were lost
    assert codes(plan(), topped_up, max_equity_drop=Decimal("0.2")) == ["equity-dropped"]
    assert codes(plan(), topped_up, max_equity_drop=Decimal("0.29")) == []


def test_nothing_earlier_and_a_gain_are_no_loss(plan, account):
    assert codes(plan(), account(), max_equity_drop=Decimal(0)) == []
    gained = account(earlier=valued(9000, 10_000))
    assert codes(plan(), gained, max_equity_drop=Decimal(0)) == []
    all_out = account(earlier=valued(9000, 30_000))
    assert codes(plan(), all_out, max_equity_drop=Decimal(0)) == []


def test_an_account_that_is_worth_nothing_is_refused(plan, account):
    assert codes(plan(), account(equity=usd(0))) == ["no-equity"]
    below = account(equity=usd(-1), earlier=valued(10_000, 20_000))
    assert codes(plan(), below, max_equity_drop=Decimal(0)) == ["no-equity"]


# --- states, all at once, and what a person is told ----------------------------------------------


def test_a_halted_account_takes_no_order(plan, account):
    held = account({"TLT": 1000})
    assert codes(plan({"TLT": -1000}), held, TradingState.HALTED) == ["trading-halted"]
    assert codes(plan(), held, TradingState.HALTED) == []


def test_a_reducing_account_takes_sells_alone(plan, account):
    held, both = account({"TLT": 1000}), plan({"TLT": -1000, "SPY": 1000})
    found = pre_trade_breaches(both, {}, held, RiskLimits(), TradingState.REDUCING)
    assert found == (OnlyReducing((Symbol("SPY"),)),)
    assert codes(reduced(both).plan, held, TradingState.REDUCING) == []


def test_more_than_is_held_is_not_sold(plan, account):
    found = pre_trade_breaches(plan({"TLT": -1001}), {}, account({"TLT": 1000}), RiskLimits())
    assert found == (SellsMoreThanHeld(Symbol("TLT"), Decimal("10.01"), Decimal(10)),)
    assert codes(plan({"TLT": -1}), account()) == ["sells-more-than-held"]


def test_case_48_all_breaches_are_found_at_once_and_each_says_what_to_do(plan, account):
    absurd = plan({"TLT": -9000, "TQQQ": 9000, "SPY": 9000}, {"TQQQ": "0.9", "SPY": "0.9"})
    found = pre_trade_breaches(
        absurd,
        {},
        account(earlier=valued(20_000, 10_000)),
        RiskLimits(
            max_turnover=Decimal(1),
            max_order_value=usd(8000),
            max_order_fraction=Decimal("0.8"),
            max_day_value=usd(20_000),
            max_orders=2,
            max_weight=Decimal("0.5"),
            max_leveraged_weight=Decimal("0.1"),
            max_exposure=Decimal(2),
            max_equity_drop=Decimal("0.1"),
            max_spread=Decimal("0.01"),
            allowed=frozenset({Symbol("TQQQ")}),
            denied=frozenset({Symbol("TQQQ")}),
        ),
        TradingState.HALTED,
    )
    assert {str(breach.code) for breach in found} == {
        *(code.value for code in LimitCode if code is not LimitCode.SPREAD),
        "trading-halted",
        "symbol-barred",
        "sells-more-than-held",
        "spread-unknown",
        "equity-dropped",
        "weights-above-one",
    }
    problems = RiskRefused(found).problems()
    assert len(problems) == len(found) == 23
    for breach, problem in zip(found, problems, strict=True):
        assert problem.code == str(breach.code)
        assert problem.what
        assert problem.where
        assert problem.hint


def test_a_breach_names_its_numbers_and_its_setting(plan, account):
    (breach,) = pre_trade_breaches(
        plan({"SPY": 3000}), {}, account(), RiskLimits(max_order_value=usd(2500))
    )
    assert str(breach.problems()[0]) == (
        "SPY: an order of 3000.00 US dollars (risk.max_order_value is 2500.00); "
        "look at the plan; if it is right, raise max_order_value in [risk]"
    )


def test_lesson_limits_of_a_day_are_facts_of_the_account_not_of_an_object_made_anew(plan, account):
    events = []
    limits = RiskLimits(max_orders=2, max_day_value=usd(2500))
    refused = []
    for number in range(3):
        # Each cycle begins with nothing but the journal, as after a restart of the program.
        facts = account(traded=DayTraded().fold(events))
        found = pre_trade_breaches(plan({"SPY": 1000}), {}, facts, limits)
        refused.append([breach.code for breach in found])
        events += bought(1000, "SPY", str(number))
    assert refused == [[], [], [LimitCode.ORDERS, LimitCode.DAY_VALUE]]
