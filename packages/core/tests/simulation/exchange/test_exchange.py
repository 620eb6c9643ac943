"""The simulated exchange takes, fills and refuses orders as a broker with a cash account does."""

from datetime import timedelta
from decimal import Decimal

import pytest

from alchemiser_core.domain.allocation.plan_rules import TradingCosts
from alchemiser_core.domain.orders.report import OrderStatus
from alchemiser_core.domain.orders.submission import Rejected, RejectionKind
from alchemiser_core.domain.session import TradingSession
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.simulation.exchange import Part, ScriptedFills

SPY = Symbol("SPY")


def session_around(now, *, starts_in=timedelta(hours=-6), lasts=timedelta(hours=6, minutes=30)):
    opens = now + starts_in
    return TradingSession(opens.date(), opens, opens + lasts)


def test_market_orders_are_filled_at_the_far_side_of_the_quote(bench):
    bench.market.put(SPY, Decimal("499"), Decimal("501"))
    assert bench.buy("a", "2").unwrap().filled_value == 1002
    assert bench.sell("b", "2").unwrap().filled_value == 998


def test_costs_and_rounding_to_the_cent_stand_in_the_costs(bench):
    bench.behaviour.costs = TradingCosts(Decimal(2), Decimal(1))
    report = bench.buy("a", "1.111").unwrap()
    # 1.111 x 500.257 = 555.785527; 3 bp of it are 0.1667356581; the charge is 555.96.
    assert report.filled_value == Decimal("555.785527")
    assert report.costs == Decimal("555.96") - Decimal("555.785527")
    assert bench.exchange.cash == Decimal("9444.04")
    sold = bench.sell("b", "1.111").unwrap()
    assert bench.exchange.cash == Decimal("9444.04") + sold.filled_value - sold.costs
    assert sold.filled_value - sold.costs == Decimal("555.61")


def test_limit_orders_wait_for_their_price_and_get_the_better_one(bench):
    assert bench.buy("a", "1", limit="400").unwrap().status is OrderStatus.OPEN
    bench.wait(60)
    assert bench.status("a") is OrderStatus.OPEN
    bench.market.put(SPY, Decimal("399.5"))
    bench.wait(60)
    assert bench.exchange.order("a").filled_value == Decimal("399.5")


def test_open_buys_hold_cash_back_with_collar_and_costs(bench):
    bench.behaviour.collar = Decimal("0.04")
    bench.behaviour.halted.add(SPY)
    bench.behaviour.costs = TradingCosts(Decimal(10))
    assert bench.buy("a", "19", "SPY").unwrap().status is OrderStatus.OPEN
    # 19 x 500.257 x 1.041 = 9894.583203, so 105.41 are free.
    assert bench.buy("b", "1", "TLT", limit="105.40").failure().kind is (
        RejectionKind.INSUFFICIENT_CASH
    )
    assert bench.buy("c", "1", "TLT", limit="105.30").unwrap()


def test_a_cancel_frees_what_was_held_back(bench):
    resting = bench.buy("a", "100", limit="100").unwrap()
    assert bench.buy("b", "1").failure().kind is RejectionKind.INSUFFICIENT_CASH
    bench.exchange.cancel(resting.broker_order_id, bench.now)
    assert bench.buy("c", "1").unwrap().status is OrderStatus.FILLED


@pytest.mark.parametrize(
    ("quantity", "symbol", "limit", "kind"),
    [
        ("1", "NOSUCH", None, RejectionKind.NOT_TRADABLE),
        ("10", "OLD", None, RejectionKind.NOT_TRADABLE),
        ("2.5", "WHOLE", None, RejectionKind.NOT_FRACTIONABLE),
        ("2", "WHOLE", None, RejectionKind.BELOW_MINIMUM),
        ("3", "WHOLE", "9.995", RejectionKind.BAD_PRICE),
        ("1.0000000001", "SPY", None, RejectionKind.OTHER),
        ("20", "SPY", None, RejectionKind.INSUFFICIENT_CASH),
    ],
)
def test_what_cannot_be_traded_is_refused(bench, quantity, symbol, limit, kind):
    assert bench.buy("a", quantity, symbol, limit).failure().kind is kind
    assert bench.exchange.order("a") is None
    assert bench.exchange.received[0].refusal.kind is kind


def test_a_buy_without_a_market_is_refused_and_a_sell_waits(bench):
    bench.buy("a", "1")
    bench.market.drop(SPY)
    assert bench.buy("b", "1").failure().kind is RejectionKind.NOT_TRADABLE
    assert bench.sell("c", "1").unwrap().status is OrderStatus.OPEN
    bench.market.put(SPY, Decimal(400))
    bench.wait(1)
    assert bench.exchange.order("c").filled_value == 400


def test_every_request_is_kept_with_its_answer_also_duplicates(bench):
    bench.buy("a", "1")
    bench.buy("a", "1")
    bench.sell("b", "5")
    kinds = [None if r.refusal is None else r.refusal.kind for r in bench.exchange.received]
    assert kinds == [None, RejectionKind.DUPLICATE_ID, RejectionKind.INSUFFICIENT_QUANTITY]
    assert bench.exchange.received[1].refusal.related == bench.exchange.received[0].broker_order_id
    assert len(bench.exchange.executions) == 1


def test_latency_delays_the_fill(bench):
    bench.behaviour.latency = timedelta(seconds=3)
    assert bench.buy("a", "1").unwrap().status is OrderStatus.OPEN
    bench.wait(2)
    assert bench.status("a") is OrderStatus.OPEN
    bench.wait(10)
    (execution,) = bench.exchange.executions
    assert execution.at == bench.now - timedelta(seconds=9)


def test_parts_are_filled_one_after_the_other_and_the_rest_never(bench):
    parts = (Part(Decimal("0.25")), Part(Decimal("0.5"), timedelta(seconds=5)))
    bench.behaviour.fills = ScriptedFills({"SPY": parts})
    assert bench.buy("a", "4").unwrap().filled_quantity == 1
    bench.wait(5)
    assert bench.exchange.order("a").filled_quantity == 3
    bench.wait(500)
    assert bench.exchange.order("a").filled_quantity == 3
    assert bench.status("a") is OrderStatus.OPEN


def test_parts_are_whole_increments(bench):
    bench.behaviour.fills = ScriptedFills({"WHOLE": (Part(Decimal("0.3")), Part(Decimal("0.7")))})
    assert bench.buy("a", "7", "WHOLE").unwrap().status is OrderStatus.FILLED
    assert [e.quantity for e in bench.exchange.executions] == [2, 5]


def test_a_halted_symbol_is_filled_when_it_is_resumed(bench):
    bench.behaviour.halted.add(SPY)
    assert bench.buy("a", "1").unwrap().status is OrderStatus.OPEN
    bench.wait(60)
    assert bench.status("a") is OrderStatus.OPEN
    bench.behaviour.halted.clear()
    bench.wait(1)
    assert bench.status("a") is OrderStatus.FILLED


def test_an_accepted_order_may_be_rejected_later(bench):
    bench.behaviour.latency = timedelta(seconds=1)
    bench.behaviour.rejecting[SPY] = "not today"
    assert bench.buy("a", "1").unwrap().status is OrderStatus.OPEN
    bench.wait(1)
    report = bench.exchange.order("a")
    assert (report.status, report.reason) == (OrderStatus.REJECTED, "not today")
    assert bench.exchange.cash == 10_000


def test_symbols_may_be_refused_at_once(bench):
    bench.behaviour.refusing[SPY] = Rejected(RejectionKind.OTHER, "no")
    assert bench.buy("a", "1").failure().message == "no"


def test_a_fill_may_win_against_a_cancel(bench):
    bench.behaviour.latency = timedelta(seconds=1)
    bench.behaviour.cancel_delay = timedelta(seconds=2)
    bench.behaviour.fills = ScriptedFills({"a": (Part(Decimal("0.5")),)})
    for identifier in ("a", "b"):
        report = bench.buy(identifier, "2").unwrap()
        cancelled = bench.exchange.cancel(report.broker_order_id, bench.now)
        assert cancelled.status is OrderStatus.CANCELLING
    bench.wait(10)
    assert bench.exchange.order("a").status is OrderStatus.CANCELLED
    assert bench.exchange.order("a").filled_quantity == 1
    assert bench.exchange.order("b").status is OrderStatus.FILLED


def test_a_cancel_may_hang_even_over_the_close(bench):
    bench.exchange.open_session(session_around(bench.now))
    bench.behaviour.cancels_hang = True
    report = bench.buy("a", "1", limit="1").unwrap()
    bench.exchange.cancel(report.broker_order_id, bench.now)
    bench.wait(24 * 3600)
    assert bench.status("a") is OrderStatus.CANCELLING


def test_orders_of_the_day_expire_at_the_close(bench):
    session = session_around(bench.now)
    bench.exchange.open_session(session)
    bench.buy("a", "1", limit="1")
    bench.wait(24 * 3600)
    assert bench.status("a") is OrderStatus.EXPIRED
    assert not bench.exchange.is_open(bench.now)


def test_an_unscheduled_end_of_the_session_closes_the_market(bench):
    bench.exchange.open_session(session_around(bench.now))
    bench.buy("a", "1", limit="1")
    bench.exchange.end_session(bench.now)
    assert bench.status("a") is OrderStatus.EXPIRED
    assert bench.buy("b", "1").failure().kind is RejectionKind.MARKET_CLOSED


def test_orders_that_come_early_are_refused_or_wait_for_the_open(bench):
    bench.exchange.open_session(session_around(bench.now, starts_in=timedelta(hours=1)))
    assert bench.buy("a", "1").failure().kind is RejectionKind.MARKET_CLOSED
    bench.behaviour.takes_orders_when_closed = True
    assert bench.buy("b", "1").unwrap().status is OrderStatus.OPEN
    bench.wait(7200)
    (execution,) = bench.exchange.executions
    assert execution.at == bench.exchange.session.opens


def test_a_market_that_ran_away_ends_an_order_that_the_cash_does_not_cover(bench):
    bench.behaviour.latency = timedelta(seconds=1)
    bench.buy("a", "19")
    bench.market.put(SPY, Decimal(600))
    bench.wait(1)
    assert bench.status("a") is OrderStatus.REJECTED
    assert bench.exchange.cash == 10_000


def test_account_and_positions_may_lag_behind_the_orders(bench):
    bench.behaviour.read_lag = timedelta(seconds=10)
    bench.wait(60)
    assert bench.buy("a", "1").unwrap().status is OrderStatus.FILLED
    bench.wait(9)
    assert bench.exchange.positions() == ()
    assert bench.exchange.account().cash == 10_000
    bench.wait(1)
    (held,) = bench.exchange.positions()
    assert held.quantity == 1
    assert bench.exchange.account().cash == bench.exchange.cash == Decimal("9499.74")


def test_time_that_goes_back_stands_still(bench):
    bench.wait(60)
    bench.behaviour.latency = timedelta(seconds=1)
    bench.now -= timedelta(hours=1)
    bench.buy("a", "1")
    assert bench.exchange.received[0].at == bench.now + timedelta(seconds=3600)


def test_orders_are_those_since_a_day_and_open_ones(bench):
    bench.buy("old-open", "1", limit="1")
    bench.buy("old", "1")
    bench.wait(24 * 3600)
    bench.buy("new", "1")
    found = bench.exchange.orders(bench.now.date())
    assert [order.client_order_id for order in found] == ["old-open", "new"]


def test_a_blocked_account_takes_no_orders(bench):
    bench.exchange.is_blocked = True
    assert bench.buy("a", "1").failure().kind is RejectionKind.OTHER
    assert bench.exchange.account().is_blocked


def test_the_account_starts_once(bench):
    with pytest.raises(ValueError, match="already started"):
        bench.exchange.fund(Decimal(1), bench.now)


def test_a_cancel_may_win_against_a_fill(bench):
    bench.behaviour.latency = timedelta(seconds=2)
    bench.behaviour.cancel_delay = timedelta(seconds=1)
    report = bench.buy("a", "2").unwrap()
    bench.exchange.cancel(report.broker_order_id, bench.now)
    bench.wait(10)
    assert bench.status("a") is OrderStatus.CANCELLED
    assert bench.exchange.executions == []


def test_what_is_due_happens_in_the_order_of_time(bench):
    bench.behaviour.latency = timedelta(seconds=5)
    bench.buy("slow", "1")
    bench.behaviour.latency = timedelta(seconds=1)
    bench.buy("fast", "1", "TLT")
    bench.wait(60)
    assert [e.client_order_id for e in bench.exchange.executions] == ["fast", "slow"]


def test_an_accepted_order_can_be_rejected_by_hand_and_keeps_what_was_filled(bench):
    bench.behaviour.fills = ScriptedFills({"SPY": (Part(Decimal("0.5")),)})
    report = bench.buy("a", "2").unwrap()
    bench.exchange.reject(report.broker_order_id, "margin", bench.now)
    after = bench.exchange.order("a")
    assert (after.status, after.filled_quantity) == (OrderStatus.REJECTED, 1)
