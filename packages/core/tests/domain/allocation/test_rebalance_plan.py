import json
from datetime import date
from decimal import Decimal

from alchemiser_core.domain.allocation.constraints import Adjustment, Limit
from alchemiser_core.domain.allocation.rebalance_plan import RebalancePlan, Skipped, SkipReason
from alchemiser_core.domain.allocation.target_weights import target_weights
from alchemiser_core.domain.money import usd
from alchemiser_core.domain.orders.identifiers import ClientOrderId, Side
from alchemiser_core.domain.orders.intent import OrderIntent, OrderReason
from alchemiser_core.domain.symbol import Symbol

SPY, TLT, GLD = Symbol("SPY"), Symbol("TLT"), Symbol("GLD")


def order(symbol, side, reason):
    return OrderIntent(
        symbol, side, Decimal("2.50"), Decimal("400.1"), usd("1000.25"), reason, ClientOrderId("id")
    )


PLAN = RebalancePlan(
    as_of=date(2026, 3, 2),
    equity=usd("10000.005"),
    equity_after_costs=usd(9999),
    investable=usd(9000),
    target=target_weights({SPY: Decimal("0.5")}).unwrap(),
    orders=(order(TLT, Side.SELL, OrderReason.EXIT), order(SPY, Side.BUY, OrderReason.OPEN)),
    skipped=(
        Skipped(GLD, SkipReason.NOT_TRADABLE, usd(0)),
        Skipped(SPY, SkipReason.BELOW_MINIMUM, usd("-3.5")),
    ),
    adjusted=(Adjustment(SPY, Decimal("0.6"), Decimal("0.5"), Limit.CAP),),
    expected_cash=usd("123.456"),
    expected_costs=usd("0.2"),
)


def test_a_plan_is_data_with_strings_for_all_numbers():
    assert json.loads(json.dumps(PLAN.as_data())) == {
        "as_of": "2026-03-02",
        "equity": "10000.005",
        "equity_after_costs": "9999",
        "investable": "9000",
        "target": {"SPY": "0.5"},
        "orders": [
            {
                "symbol": symbol,
                "side": side,
                "quantity": "2.5",
                "price": "400.1",
                "value": "1000.25",
                "reason": reason,
                "client_order_id": "id",
            }
            for symbol, side, reason in (("TLT", "sell", "exit"), ("SPY", "buy", "open"))
        ],
        "skipped": [
            {"symbol": "GLD", "reason": "not tradable", "value": "0"},
            {"symbol": "SPY", "reason": "below the minimum trade", "value": "-3.5"},
        ],
        "adjusted": [{"symbol": "SPY", "wanted": "0.6", "allowed": "0.5", "limit": "cap"}],
        "expected_cash": "123.456",
        "expected_costs": "0.2",
    }


def test_a_plan_reads_as_text():
    assert str(PLAN).splitlines() == [
        "plan of 2026-03-02: equity 10,000.00",
        "sell 2.5 TLT at 400.1 = 1,000.25 (exit)",
        "buy 2.5 SPY at 400.1 = 1,000.25 (open)",
        "skip GLD: not tradable (0.00)",
        "skip SPY: below the minimum trade (-3.50)",
        "limit SPY: 0.6 to 0.5 (cap)",
        "cash after 123.46, costs 0.20",
    ]


def test_sells_and_buys_of_a_plan():
    assert [o.symbol for o in PLAN.sells] == [TLT]
    assert [o.symbol for o in PLAN.buys] == [SPY]


def test_what_the_account_is_to_hold_and_what_cannot_be_traded():
    assert PLAN.target_values == {SPY: 4500}
    assert PLAN.untradable == {GLD}
