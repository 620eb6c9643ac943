"""Reads that fail, lag or lie: nothing is guessed from them."""

from decimal import Decimal

import pytest
from alpaca_scene import INCOMPLETE, NO_DATA, REFUSED

from alchemiser_core.domain.journal.events import LineEnded, OrderIntended, PlanCommitted

BARS = "/v2/stocks/bars"


@pytest.mark.parametrize("path", ["/v2/positions", "/v2/account", "/v2/orders", "/v2/stocks/bars"])
def test_case_35_a_read_that_fails_for_good_trades_nothing_over_http(second_day, path):
    with second_day() as at:
        at.fault("status", {"method": "GET", "path": path}, code=500, times=0)
        with at.at_most(seconds=30):
            done = at.trade()
        assert done.code in (NO_DATA, REFUSED), done.output
        assert not at.sent()
        at.settle()


def test_case_35_no_positions_where_some_are_held_is_not_taken_for_flat_over_http(second_day):
    with second_day() as at:
        at.fault("positions_empty", times=0)
        done = at.trade()
        assert done.code == REFUSED, done.output
        assert not at.sent()
        at.settle()


def test_case_35_positions_that_lag_behind_the_fills_buy_nothing_again_over_http(
    second_day, undisturbed
):
    with second_day() as at:
        at.fault("positions_lag", seconds="8")
        at.trade()
        assert sorted(at.sent()) == sorted(undisturbed.sent)
        at.settle()


def test_case_36_symbols_without_a_usable_quote_are_not_traded_over_http(second_day):
    odd = {"S7": "zero", "S8": "crossed", "S9": "stale", "S10": "wide", "S4": "missing"}
    with second_day() as at:
        for symbol, what in odd.items():
            at.fault("bad_quote", symbol=symbol, what=what)
        assert at.trade().code in (0, INCOMPLETE)
        assert [symbol for symbol in odd if at.sent_for(symbol)] == []
        assert at.sent_for("S1") == 1
        assert at.alerts()
        at.settle()


@pytest.mark.parametrize(
    "odd",
    [
        {"S7": "nan", "S8": "infinity", "S9": "negative", "S10": "zero"},
        {"S8": "null"},
        {"S8": "missing_symbol"},
        {"S8": "missing_bar"},
    ],
    ids=lambda odd: " ".join(odd.values()),
)
def test_case_37_bars_that_cannot_be_true_never_become_a_weight_over_http(second_day, odd):
    with second_day() as at:
        for symbol, what in odd.items():
            at.fault("bad_bar", symbol=symbol, what=what)
        done = at.trade()
        assert done.code in (0, NO_DATA, REFUSED, INCOMPLETE), done.output
        for event in at.today(PlanCommitted):
            assert all(order.quantity.is_finite() for order in event.plan.orders)
        if done.code == NO_DATA:
            assert not at.sent()
            assert at.alerts()
        at.settle()


@pytest.mark.parametrize("what", ["duplicate", "jump"])
def test_case_37_a_bar_too_much_or_ten_times_too_high_changes_no_quantity_over_http(
    second_day, undisturbed, what
):
    with second_day() as at:
        at.fault("bad_bar", symbol="S8", what=what)
        done = at.trade()
        if done.code == 0:
            assert at.account() == undisturbed.account
        else:
            assert not at.sent()
        at.settle()


def test_case_38_a_page_that_comes_again_and_again_is_not_read_for_ever_over_http(second_day):
    with second_day() as at:
        at.fault("repeat_page_token")
        with at.at_most(seconds=10):
            done = at.trade()
        assert done.code == NO_DATA, done.output
        assert len(at.struck("repeat_page_token")) <= 5
        assert not at.sent()
        at.settle()


def test_case_38_a_second_page_that_fails_once_is_read_again_over_http(second_day, undisturbed):
    with second_day(settings={"page_bytes": 4000}) as at:
        at.fault("page_fails", page=2)
        assert at.trade().code == 0
        assert at.account() == undisturbed.account
        assert {r.status for r in at.requests() if r.path == BARS} == {200, 500}
        at.settle()


def test_case_38_a_second_page_that_fails_for_good_leaves_no_half_universe_over_http(second_day):
    with second_day(settings={"page_bytes": 4000}) as at:
        at.fault("status", {"path": BARS, "nth": 2}, code=500, times=0)
        assert at.trade().code == NO_DATA
        assert not at.sent()
        at.settle()


@pytest.mark.parametrize("ratio", ["2", "0.1"])
def test_case_40_a_split_between_plan_and_order_sells_no_more_than_there_is_over_http(
    second_day, ratio
):
    with second_day() as at:
        first = {"method": "POST", "path": "/v2/orders"}
        at.fault("split", first, symbol="S4", ratio=ratio)
        at.trade()
        assert len(at.taken()) == len(set(at.taken()))
        at.settle("--adopt")


def test_case_40_a_split_over_night_is_booked_before_anything_is_planned_over_http(second_day):
    with second_day() as at:
        with at.served.desk.work() as now:
            at.exchange.split("S3", Decimal(2), now)
        done = at.trade()
        assert done.code == 0, done.output
        assert at.account()[1]["S3"] > 0
        at.settle()


def test_case_40_a_dividend_is_booked_and_spent_over_http(second_day):
    with second_day() as at:
        with at.served.desk.work() as now:
            at.exchange.dividend("S3", Decimal("0.25"), now)
        assert at.trade().code == 0
        at.settle()


def test_case_40_a_position_that_ended_for_cash_is_booked_and_the_rest_goes_on_over_http(
    second_day,
):
    with second_day() as at:
        with at.served.desk.work() as now:
            at.exchange.remove("S2", Decimal("1234.56"), now)
        done = at.trade()
        assert done.code in (0, INCOMPLETE), done.output
        assert "S2" not in at.account()[1]
        assert "S2" not in {e.request.symbol for e in at.today(OrderIntended)}
        assert at.today(LineEnded)
        at.settle()
