"""From which state an order comes into which, when, and what is told of it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from alchemiser_alpaca.simulator.exchange.order import Status
from alchemiser_alpaca.simulator.exchange.queries import OrderQuery
from alchemiser_alpaca.simulator.exchange.switches import DayEnd

TUESDAY = date(2026, 11, 24)
SLOW = {"pending_new_ms": 100, "fill_ms": 200, "next_part_ms": 1000, "cancel_ms": 300}


def test_the_answer_is_the_order_as_it_was_taken(world):
    taken = world.ask("buy", "FLAT", 2).unwrap()
    assert (taken.status, taken.filled_qty) == (Status.PENDING_NEW, 0)
    assert taken.submitted_at == taken.created_at == world.at
    assert taken.filled_avg_price is None
    assert world.exchange.order(taken.id, world.at).status is Status.FILLED
    assert taken.status is Status.PENDING_NEW


def test_an_order_comes_to_the_exchange_and_is_filled_in_its_time(build):
    world = build(**SLOW)
    order, start = world.buy("FLAT", 2), world.at
    assert world.told == ["pending_new"]
    world.go(start + timedelta(milliseconds=99))
    assert order.status is Status.PENDING_NEW
    assert world.exchange.next_due() == start + timedelta(milliseconds=100)
    world.go(start + timedelta(milliseconds=100))
    assert (order.status, world.told) == (Status.NEW, ["new"])
    world.go(start + timedelta(seconds=5))
    assert (order.status, world.told) == (Status.FILLED, ["fill"])
    assert order.filled_at == start + timedelta(milliseconds=300)


def test_updates_carry_what_the_stream_tells(world):
    world.buy("FLAT", 2)
    pending, new, fill = world.updates
    assert (pending.event, pending.execution_id, pending.order.status) == (
        "pending_new",
        None,
        "pending_new",
    )
    assert (new.event, new.order.status, new.price) == ("new", "new", None)
    assert new.execution_id not in (None, fill.execution_id)
    assert (fill.price, fill.qty, fill.position_qty) == (20, 2, 2)
    assert (fill.order.filled_qty, fill.order.filled_avg_price) == (2, 20)
    assert new.order.filled_qty == 0


def test_outside_of_the_session_an_order_waits_as_accepted(build, clock, monday):
    world = build(at=clock(monday, 18), pending_new_ms=100)
    order = world.buy("FLAT", 2)
    assert (order.status, order.session) == (Status.ACCEPTED, TUESDAY)
    assert order.expires_at == clock(TUESDAY, 16)
    assert world.told == ["accepted"]
    world.go(clock(TUESDAY, 9, 29))
    assert order.status is Status.ACCEPTED
    assert world.exchange.next_due() == clock(TUESDAY, 9, 30)
    world.go(clock(TUESDAY, 9, 30))
    assert (order.status, world.told) == (Status.PENDING_NEW, ["pending_new"])
    world.go(seconds=1)
    assert (order.status, world.told) == (Status.FILLED, ["new", "fill"])


def test_an_order_before_the_open_waits_for_the_same_day(build, clock, monday):
    world = build(at=clock(monday, 8))
    order = world.buy("FLAT", 2)
    assert (order.status, order.session) == (Status.ACCEPTED, monday)
    world.go(clock(monday, 9, 30))
    assert order.filled_at == clock(monday, 9, 30)


def test_an_order_of_the_day_expires_at_the_close(world, clock, monday):
    order = world.buy("FLAT", 2, limit_price=15)
    world.go(clock(monday, 15, 59))
    assert order.status is Status.NEW
    world.go(clock(monday, 16))
    assert (order.status, order.expired_at) == (Status.EXPIRED, clock(monday, 16))
    assert world.told == ["pending_new", "new", "expired"]


def test_an_order_of_the_day_expires_early_on_a_half_day(build, clock, half_day):
    world = build(at=clock(half_day, 10))
    order = world.buy("FLAT", 2, limit_price=15)
    assert order.expires_at == clock(half_day, 13)
    world.go(clock(half_day, 14))
    assert order.expired_at == clock(half_day, 13)


def test_the_end_of_a_day_can_be_canceled(build, clock, monday):
    world = build(day_end_status=DayEnd.CANCELED)
    order = world.buy("FLAT", 2, limit_price=15)
    world.go(clock(monday, 16))
    assert (order.status, order.canceled_at) == (Status.CANCELED, clock(monday, 16))


def test_a_limit_is_reached_when_the_price_crosses_it(world, clock, monday):
    start = clock(monday, 9, 30)
    order = world.buy("DOWN", 2, limit_price=45)
    assert order.status is Status.NEW
    due = world.exchange.next_due()
    assert timedelta(minutes=194) < due - start < timedelta(minutes=195)
    world.go(due - timedelta(milliseconds=5))
    assert order.status is Status.NEW
    world.go(clock(monday, 15))
    assert (order.status, order.filled_avg_price) == (Status.FILLED, 45)
    assert order.filled_at == due


def test_a_limit_that_is_reached_already_is_filled_at_the_better_price(world):
    order = world.buy("FLAT", 2, limit_price=25)
    assert (order.status, order.filled_avg_price) == (Status.FILLED, 20)


def test_buys_pay_the_ask_and_sells_get_the_bid(build):
    world = build(spread_bps="20")
    assert world.buy("FLAT", 2).filled_avg_price == Decimal("20.02")
    assert world.sell("FLAT", 2).filled_avg_price == Decimal("19.98")


def test_a_market_buy_is_not_filled_above_its_collar(build, clock, monday):
    world = build(at=clock(monday, 8), market_collar=Decimal("0.025"))
    world.exchange.put_price("FLAT", Decimal(100), world.at)
    order = world.buy("FLAT", 1)
    assert order.cap == Decimal("102.5")
    world.exchange.put_price("FLAT", Decimal("102.51"), world.at)
    world.go(clock(monday, 10))
    assert order.status is Status.NEW
    world.exchange.put_price("FLAT", Decimal("102.5"), world.at)
    assert (order.status, order.filled_avg_price) == (Status.FILLED, Decimal("102.5"))


def test_an_order_can_be_rejected_after_it_was_taken(build, clock, monday):
    world = build(pending_new_ms=100)
    world.exchange.reject_next("FLAT", "no borrow", world.at)
    order = world.buy("FLAT", 2)
    assert order.status is Status.PENDING_NEW
    world.go(seconds=1)
    assert (order.status, order.reject_reason) == (Status.REJECTED, "no borrow")
    assert order.failed_at is not None
    assert world.told == ["pending_new", "rejected"]
    world.exchange.reject_next("FLAT", None, world.at)
    assert world.exchange.account(world.at).buying_power == world.cash
    order = world.buy("FLAT", 2)
    world.go(seconds=1)
    assert order.status is Status.FILLED


def test_an_open_order_can_be_rejected_at_any_time(world):
    order = world.buy("FLAT", 2, limit_price=15)
    assert world.exchange.reject(order.id, "halted for news", world.at)
    assert (order.status, order.reject_reason) == (Status.REJECTED, "halted for news")
    assert not world.exchange.reject(order.id, "again", world.at)


@pytest.mark.parametrize("end", ["filled", "canceled", "expired", "rejected"])
def test_an_order_that_is_over_never_changes_again(world, clock, end):
    order = world.buy("FLAT", 2, **({} if end == "filled" else {"limit_price": 15}))
    if end == "canceled":
        world.cancel(order).unwrap()
    if end == "rejected":
        world.exchange.reject(order.id, "no", world.at)
    world.go(clock(date(2026, 11, 23), 17))
    assert order.status == end
    before = order.snapshot()
    world.cancel(order)
    world.exchange.put_price("FLAT", Decimal(5), world.at)
    world.exchange.reject(order.id, "no", world.at)
    world.go(days=10)
    assert order == before


def test_a_halt_leaves_orders_new_and_they_are_filled_after_it(world):
    world.exchange.halt("FLAT", world.at)
    order = world.buy("FLAT", 2)
    world.go(hours=1)
    assert order.status is Status.NEW
    world.exchange.resume("FLAT", world.at)
    assert (order.status, order.filled_at) == (Status.FILLED, world.at)


def test_without_a_quote_nothing_is_filled(world):
    world.exchange.drop_quote("FLAT", True, world.at)
    order = world.buy("FLAT", 2)
    world.go(hours=1)
    assert order.status is Status.NEW
    world.exchange.drop_quote("FLAT", False, world.at)
    assert order.status is Status.FILLED


def test_time_that_goes_back_counts_as_now(world):
    later = world.at + timedelta(minutes=5)
    world.go(later)
    world.at -= timedelta(minutes=30)
    assert world.buy("FLAT", 1).submitted_at == later
    assert world.exchange.now == later


def test_a_time_without_a_zone_is_refused(world):
    with pytest.raises(ValueError, match="zone"):
        world.exchange.advance(world.at.replace(tzinfo=None))


def test_what_was_filled_never_goes_down_and_a_cancel_keeps_it(build):
    world = build()
    world.exchange.fill_part("FLAT", Decimal("0.3"), True, world.at)
    order = world.buy("FLAT", 10)
    world.cancel(order).unwrap()
    assert (order.status, order.filled_qty) == (Status.CANCELED, 3)
    assert order.canceled_at == world.at
    assert world.held("FLAT") == 3


def test_positions_and_orders_may_disagree_for_a_while(build):
    world = build(positions_lag_ms=10_000)
    order = world.buy("FLAT", 10)
    assert order.status is Status.FILLED
    assert world.exchange.positions(world.at) == []
    assert world.cash == 100_000
    world.go(seconds=10)
    assert world.held("FLAT") == 10
    assert world.cash == 99_800


def test_a_new_order_may_not_be_found_for_a_while(build):
    world = build(orders_lag_ms=2_000)
    order = world.buy("FLAT", 10, limit_price=15, client_order_id="mine")
    world.go(seconds=1.9)
    assert world.exchange.order(order.id, world.at) is None
    assert world.exchange.order_of_client("mine", world.at) is None
    assert world.exchange.orders(OrderQuery(), world.at) == []
    world.go(seconds=0.1)
    assert world.exchange.order(order.id, world.at) is order
    assert world.exchange.orders(OrderQuery(), world.at) == [order]
