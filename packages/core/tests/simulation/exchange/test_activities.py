"""What happens to an account without orders is exact, and told once under an id of its own."""

from decimal import Decimal

import pytest

from alchemiser_core.domain.orders.report import OrderStatus
from alchemiser_core.domain.portfolio.cash import CashReason
from alchemiser_core.domain.symbol import Symbol

SPY, WHOLE = Symbol("SPY"), Symbol("WHOLE")


def test_cash_comes_and_goes_in_whole_cents(bench):
    day, exchange = bench.now.date(), bench.exchange
    exchange.deposit(Decimal("12.34"), day, bench.now)
    exchange.interest(Decimal("0.66"), day, bench.now)
    exchange.fee(Decimal("1"), day, bench.now)
    assert exchange.withdraw(Decimal("12"), day, bench.now).unwrap().amount == -12
    assert exchange.cash == Decimal("10000.00")
    found = exchange.activities(day)
    reasons = [activity.reason for activity in found]
    assert reasons == [
        CashReason.DEPOSIT,
        CashReason.INTEREST,
        CashReason.FEE,
        CashReason.WITHDRAWAL,
    ]
    assert len({activity.identifier for activity in found}) == 4
    for wrong in ("0.005", "-1", "0", "NaN"):
        with pytest.raises(ValueError, match=wrong):
            exchange.deposit(Decimal(wrong), day, bench.now)


def test_what_open_buys_hold_back_is_not_paid_out(bench):
    bench.buy("a", "90", limit="100")
    refused = bench.exchange.withdraw(Decimal("1000.01"), bench.now.date(), bench.now)
    assert "1000" in refused.failure().message
    bench.exchange.withdraw(Decimal("1000"), bench.now.date(), bench.now).unwrap()


def test_a_dividend_is_paid_on_what_is_held_rounded_down(bench):
    day = bench.now.date()
    assert bench.exchange.dividend(SPY, Decimal("1.7"), day, bench.now) is None
    bench.buy("a", "1.111")
    before = bench.exchange.cash
    paid = bench.exchange.dividend(SPY, Decimal("1.7"), day, bench.now)
    assert (paid.amount, paid.symbol) == (Decimal("1.88"), SPY)
    assert bench.exchange.cash == before + Decimal("1.88")


def test_a_split_multiplies_shares_and_cancels_orders(bench):
    day = bench.now.date()
    bench.buy("a", "2.5")
    bench.sell("b", "1", limit="900")
    bench.exchange.split(SPY, Decimal(3), day, bench.now)
    assert bench.exchange.held[SPY] == Decimal("7.5")
    assert bench.status("b") is OrderStatus.CANCELLED


def test_what_a_reverse_split_leaves_of_a_share_is_paid_in_cash(bench):
    bench.buy("a", "57", "WHOLE")
    bench.market.put(WHOLE, Decimal("100.07"))
    before = bench.exchange.cash
    activity = bench.exchange.split(WHOLE, Decimal("0.1"), bench.now.date(), bench.now)
    assert bench.exchange.held[WHOLE] == 5
    assert activity.cash_in_lieu == Decimal("70.04")
    assert bench.exchange.cash == before + Decimal("70.04")


def test_a_position_may_end_for_cash(bench):
    bench.buy("a", "10", "WHOLE")
    bench.sell("b", "10", "WHOLE", limit="90")
    bench.exchange.remove(WHOLE, Decimal("33.33"), bench.now.date(), bench.now)
    assert bench.exchange.held == {}
    assert bench.exchange.cash == Decimal("9933.33")
    assert bench.status("b") is OrderStatus.CANCELLED
    assert bench.exchange.remove(WHOLE, Decimal(1), bench.now.date(), bench.now) is None


def test_activities_are_those_since_a_day(bench):
    first = bench.now.date()
    bench.exchange.deposit(Decimal(1), first, bench.now)
    bench.wait(24 * 3600)
    bench.exchange.deposit(Decimal(2), bench.now.date(), bench.now)
    assert [a.amount for a in bench.exchange.activities(bench.now.date())] == [2]
    assert len(bench.exchange.activities(first)) == 2
