"""Cancels and replacements, and the races that they run with executions."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from returns.result import Failure, Success

from alchemiser_alpaca.simulator.exchange.entries import CancelRefused, ReplaceRefused
from alchemiser_alpaca.simulator.exchange.order import Status
from alchemiser_alpaca.simulator.exchange.switches import (
    CancelAgain,
    EarlyReplace,
    ReplacedQuantity,
)
from alchemiser_alpaca.simulator.exchange.ticket import Changes

NOT = 42210000


# Cancel


def test_a_cancel_is_a_request_and_takes_its_time(build):
    world = build(cancel_ms=300)
    order = world.buy("FLAT", 2, limit_price=15)
    assert world.cancel(order) == Success(None)
    assert order.status is Status.PENDING_CANCEL
    assert world.exchange.account(world.at).buying_power == 99_970
    assert world.cancel(order) == Success(None)
    world.go(seconds=1)
    assert order.status is Status.CANCELED
    assert order.canceled_at == order.created_at + timedelta(milliseconds=300)
    assert world.told == ["pending_new", "new", "pending_cancel", "canceled"]
    assert world.exchange.account(world.at).buying_power == 100_000


def test_an_order_that_waits_for_its_session_is_cancelled_too(build, clock, monday):
    world = build(at=clock(monday, 18))
    order = world.buy("FLAT", 2)
    world.cancel(order).unwrap()
    assert order.status is Status.CANCELED


def test_an_unknown_order_is_not_found(world):
    refusal = world.exchange.cancel("no-such", world.at).failure()
    assert refusal.status == 404
    assert refusal.body == {"code": 40410000, "message": "order not found for no-such"}
    assert isinstance(world.exchange.ledger.entries[-1], CancelRefused)


def test_a_filled_order_is_not_cancelled(world):
    order = world.buy("FLAT", 2)
    refusal = world.cancel(order).failure()
    assert refusal.status == 422
    assert refusal.body == {"code": NOT, "message": 'order is already in "filled" state'}


def test_cancelled_again_is_success_or_not(world):
    order = world.buy("FLAT", 2, limit_price=15)
    world.cancel(order).unwrap()
    assert world.cancel(order) == Success(None)
    world.switch(cancel_again=CancelAgain.ALREADY)
    assert world.cancel(order).failure().message == 'order is already in "canceled" state'


def test_an_execution_that_is_due_before_the_cancel_wins(build):
    world = build(fill_ms=100, cancel_ms=300)
    order = world.buy("FLAT", 2)
    world.cancel(order).unwrap()
    assert order.status is Status.PENDING_CANCEL
    world.go(seconds=1)
    assert (order.status, order.filled_qty) == (Status.FILLED, 2)
    assert world.told == ["pending_new", "new", "pending_cancel", "fill"]


def test_a_part_that_is_filled_leaves_the_cancel_pending(build):
    world = build(fill_ms=100, cancel_ms=300)
    world.exchange.fill_part("FLAT", Decimal("0.5"), False, world.at)
    order = world.buy("FLAT", 2)
    world.cancel(order).unwrap()
    world.go(milliseconds=200)
    assert (order.status, order.filled_qty) == (Status.PENDING_CANCEL, 1)
    world.go(seconds=1)
    assert (order.status, order.filled_qty) == (Status.CANCELED, 1)


def test_the_race_can_be_lost_at_the_last_moment(build):
    world = build(fill_ms=1000, cancel_ms=300, cancel_fill_race=True)
    order = world.buy("FLAT", 2)
    world.cancel(order).unwrap()
    world.go(milliseconds=300)
    assert order.status is Status.FILLED
    resting = world.buy("FLAT", 2, limit_price=15)
    world.cancel(resting).unwrap()
    world.go(milliseconds=300)
    assert resting.status is Status.CANCELED


def test_stuck_cancels_stay_over_the_close_until_they_are_let_go(world, clock, monday):
    world.exchange.stick(None, True, world.at)
    order = world.buy("FLAT", 2, limit_price=15)
    world.cancel(order).unwrap()
    world.go(clock(monday, 18))
    assert order.status is Status.PENDING_CANCEL
    world.exchange.stick(None, False, world.at)
    assert order.status is Status.CANCELED


def test_stuck_new_orders_stay_pending(world, clock, monday):
    world.exchange.stick(True, None, world.at)
    order, late = world.buy("FLAT", 2), world.buy("FLAT", 2, time_in_force="gtc")
    world.go(hours=2)
    assert order.status is Status.PENDING_NEW
    world.exchange.stick(False, None, world.at)
    assert order.status is late.status is Status.FILLED


def test_stuck_new_orders_stay_over_the_close_and_are_over_when_they_are_let_go(
    world, clock, monday
):
    world.exchange.stick(True, None, world.at)
    order = world.buy("FLAT", 2)
    world.go(clock(monday, 18))
    assert order.status is Status.PENDING_NEW
    world.exchange.stick(False, None, world.at)
    assert (order.status, order.filled_qty) == (Status.EXPIRED, 0)


def test_all_orders_are_cancelled_each_with_its_answer(build):
    world = build(cancel_ms=100)
    orders = [world.buy(symbol, 1, limit_price=15) for symbol in ("FLAT", "UP", "DOWN")]
    world.buy("FLAT", 1)
    assert world.exchange.cancel_all(world.at) == tuple((o.id, None) for o in orders)
    world.go(seconds=1)
    assert {order.status for order in orders} == {Status.CANCELED}
    assert world.exchange.cancel_all(world.at) == ()


# Replace


def test_a_replacement_is_a_new_order_with_a_new_id(build):
    world = build(replace_ms=200)
    old = world.buy("FLAT", 2, limit_price=15)
    world.updates.clear()
    taken = world.replace(old, limit_price=16).unwrap()
    new = world.exchange.state.orders[taken.id]
    assert new.id != old.id
    assert new.client_order_id != old.client_order_id
    assert (new.replaces, new.status, new.qty, new.limit_price) == (old.id, "accepted", 2, 16)
    assert (old.status, old.replaced_by) == (Status.PENDING_REPLACE, None)
    assert world.told == ["pending_replace"]
    world.go(seconds=1)
    assert (old.status, old.replaced_by) == (Status.REPLACED, new.id)
    assert old.replaced_at == old.created_at + timedelta(milliseconds=200)
    assert new.status is Status.NEW
    assert world.told == ["replaced", "new"]
    world.exchange.put_price("FLAT", Decimal("15.5"), world.at)
    assert new.status is Status.FILLED


def test_the_larger_of_the_two_holds_cash_back(build):
    world = build(replace_ms=200)
    old = world.buy("FLAT", 2, limit_price=15)

    def free():
        return world.exchange.account(world.at).buying_power

    new = world.replace(old, qty=4).unwrap()
    assert free() == 99_940
    world.go(seconds=1)
    assert free() == 99_940
    world.exchange.replace(new.id, changes_of(qty=1), world.at).unwrap()
    assert free() == 99_940
    world.go(seconds=1)
    assert free() == 99_985


def test_what_the_old_order_holds_pays_for_the_new_one(world):
    old = world.buy("FLAT", 6000, limit_price=15)
    new = world.replace(old, limit_price=16).unwrap()
    assert world.exchange.account(world.at).buying_power == 4_000
    refusal = world.exchange.replace(new.id, changes_of(limit_price="16.67"), world.at).failure()
    assert refusal.extra == {"buying_power": "100000", "cost_basis": "100020"}


def changes_of(**changes):
    return Changes(**{name: Decimal(value) for name, value in changes.items()})


def test_the_larger_of_the_two_holds_shares_back(build):
    world = build(replace_ms=200)
    world.buy("FLAT", 10)
    old = world.sell("FLAT", 4, limit_price=30)
    world.replace(old, qty=7).unwrap()
    assert world.exchange.position("FLAT", world.at).qty_available == 3
    assert world.replace(old, qty=11).failure().code == NOT
    world.go(seconds=1)
    assert world.exchange.position("FLAT", world.at).qty_available == 3


def test_a_fill_of_the_old_order_rejects_the_new_one(build):
    world = build(fill_ms=100, replace_ms=300)
    old = world.buy("FLAT", 2, limit_price=25)
    taken = world.replace(old, limit_price=24).unwrap()
    world.go(seconds=1)
    new = world.exchange.order(taken.id, world.at)
    assert (old.status, new.status) == (Status.FILLED, Status.REJECTED)
    assert new.reject_reason == "the order to replace is filled"
    assert world.told[-2:] == ["fill", "order_replace_rejected"]
    assert world.held("FLAT") == 2


def test_a_cancel_of_the_old_order_rejects_the_new_one(build):
    world = build(replace_ms=300)
    old = world.buy("FLAT", 2, limit_price=15)
    taken = world.replace(old, limit_price=16).unwrap()
    world.cancel(old).unwrap()
    world.go(seconds=1)
    assert old.status is Status.CANCELED
    assert world.exchange.order(taken.id, world.at).status is Status.REJECTED
    assert world.exchange.account(world.at).buying_power == 100_000


def test_a_cancel_of_the_new_order_leaves_the_old_one(build):
    world = build(replace_ms=300)
    old = world.buy("FLAT", 2, limit_price=15)
    taken = world.replace(old, limit_price=16).unwrap()
    world.exchange.cancel(taken.id, world.at).unwrap()
    assert world.exchange.order(taken.id, world.at).status is Status.CANCELED
    assert (old.status, old.successor) == (Status.NEW, None)
    world.exchange.put_price("FLAT", Decimal(15), world.at)
    assert old.status is Status.FILLED


def test_the_close_ends_a_pending_replacement(build, clock, monday):
    world = build(at=clock(monday, 15, 59, 59), replace_ms=5000)
    old = world.buy("FLAT", 2, limit_price=15)
    taken = world.replace(old, limit_price=16).unwrap()
    world.go(clock(monday, 17))
    assert old.status is Status.EXPIRED
    assert world.exchange.order(taken.id, world.at).status is Status.REJECTED


@pytest.mark.parametrize("after", ["pending_new", "pending_cancel", "pending_replace"])
def test_what_is_not_at_the_exchange_is_not_replaced(build, after):
    slow = {"pending_new_ms": 1000} if after == "pending_new" else {}
    world = build(cancel_ms=1000, replace_ms=1000, **slow)
    order = world.buy("FLAT", 2, limit_price=15)
    if after == "pending_cancel":
        world.cancel(order).unwrap()
    if after == "pending_replace":
        world.replace(order, limit_price=16).unwrap()
    assert order.status == after
    refusal = world.replace(order, limit_price=17).failure()
    assert refusal.status == 422
    words = "unable to replace order, order isn't sent to exchange yet"
    assert refusal.body == {"code": NOT, "message": words}
    assert isinstance(world.exchange.ledger.entries[-1], ReplaceRefused)


def test_a_refused_replacement_may_happen_all_the_same(build):
    world = build(pending_new_ms=1000, replace_before_new=EarlyReplace.REFUSED_BUT_DONE)
    order = world.buy("FLAT", 2, limit_price=15)
    refusal = world.replace(order, limit_price=16).failure()
    assert "isn't sent to exchange yet" in refusal.message
    world.go(seconds=2)
    assert order.status is Status.REPLACED
    new = world.exchange.order(order.replaced_by, world.at)
    assert (new.status, new.limit_price) == (Status.NEW, 16)


def test_nothing_changed_is_refused(world):
    order = world.buy("FLAT", 2, limit_price=15)
    refusal = world.replace(order, limit_price=15, qty=2).failure()
    assert refusal.status == 403
    assert refusal.body == {"code": 40310000, "message": "order parameters are not changed"}


def test_orders_by_value_and_fractions_are_not_replaced(world):
    world.exchange.halt("FLAT", world.at)
    by_value = world.buy("FLAT", notional=20)
    assert "notional" in world.replace(by_value, limit_price=16).failure().message
    fraction = world.buy("FLAT", "1.5", limit_price=15)
    assert "fractional" in world.replace(fraction, qty=2).failure().message
    assert world.replace(fraction, limit_price=16).unwrap().qty == Decimal("1.5")


def test_what_is_over_or_unknown_is_not_replaced(world):
    order = world.buy("FLAT", 2)
    words = "unable to replace order, order is not open"
    assert world.replace(order, qty=3).failure().message == words
    unknown = world.exchange.replace("no-such", changes_of(qty=3), world.at)
    assert unknown.failure().status == 404


def test_a_replacement_goes_through_the_rules(world):
    order = world.buy("FLAT", 2, limit_price=15)
    assert world.replace(order, limit_price="15.001").failure().code == NOT
    assert world.replace(order, qty=10_000).failure().message == "insufficient buying power"
    other = world.buy("UP", 1, client_order_id="mine")
    taken = world.replace(order, qty=3, client_order_id="mine")
    assert isinstance(taken, Failure)
    assert other.client_order_id == "mine"
    assert order.status is Status.NEW


def test_a_replacement_is_for_the_whole_quantity_again_or_for_the_rest(world):
    world.exchange.fill_part("FLAT", Decimal("0.3"), True, world.at)
    order = world.buy("FLAT", 10, limit_price=20)
    assert order.filled_qty == 3
    again = world.replace(order, limit_price=19).unwrap()
    assert again.qty == 10
    world.switch(replaced_quantity=ReplacedQuantity.REMAINING)
    world.exchange.fill_part("UP", Decimal("0.3"), True, world.at)
    order = world.buy("UP", 10, limit_price=105)
    rest = world.replace(order, limit_price=99).unwrap()
    assert rest.qty == 7


def test_a_trail_is_replaced(world):
    world.buy("FLAT", 2)
    order = world.sell("FLAT", 2, type="trailing_stop", trail_price=3)
    new = world.replace(order, trail=2).unwrap()
    assert (new.trail_price, new.stop_price) == (2, 18)


def test_a_resting_order_of_the_night_is_replaced(world, clock, monday):
    order = world.buy("FLAT", 2, limit_price=15, time_in_force="gtc")
    world.go(clock(monday, 18))
    new = world.replace(order, limit_price=21).unwrap()
    assert order.status is Status.REPLACED
    world.go(clock(date(2026, 11, 24), 9, 30))
    assert world.exchange.order(new.id, world.at).status is Status.FILLED


# Close positions


def test_a_position_is_closed_by_a_market_order_of_its_own(holding):
    order = holding.exchange.close_position("FLAT", None, None, holding.at).unwrap()
    assert (order.side, order.type, order.qty) == ("sell", "market", 10)
    assert order.client_order_id
    assert holding.exchange.positions(holding.at) == []


@pytest.mark.parametrize(
    ("qty", "percentage", "left"), [("4", None, "6"), (None, "25", "7.5"), (None, "100", "0")]
)
def test_a_part_of_a_position_is_closed(holding, qty, percentage, left):
    shares, percent = (None if v is None else Decimal(v) for v in (qty, percentage))
    asset = holding.exchange.assets.find("FLAT")
    holding.exchange.close_position(asset.id, shares, percent, holding.at).unwrap()
    assert holding.held("FLAT") == Decimal(left)


def test_what_is_not_held_is_not_closed(holding):
    for symbol in ("UP", "NOSUCH"):
        refusal = holding.exchange.close_position(symbol, None, None, holding.at).failure()
        assert refusal.status == 404
        assert refusal.body == {"code": 40410000, "message": "position does not exist"}


def test_what_is_held_for_orders_is_not_closed(holding):
    order = holding.sell("FLAT", 10, limit_price=30)
    refusal = holding.exchange.close_position("FLAT", None, None, holding.at).failure()
    assert (refusal.status, refusal.extra["related_orders"]) == (403, [order.id])


def test_a_speck_of_a_position_is_closed(holding):
    holding.sell("FLAT", "9.999")
    holding.exchange.close_position("FLAT", None, None, holding.at).unwrap()
    assert holding.exchange.positions(holding.at) == []


def test_all_positions_are_closed_with_and_without_their_orders(holding):
    holding.buy("UP", 1)
    order = holding.sell("FLAT", 3, limit_price=30)
    (flat, refusal), (up, sold) = holding.exchange.close_all(False, holding.at)
    assert (flat, refusal.status) == ("FLAT", 403)
    assert (up, sold.qty) == ("UP", 1)
    ((_, sold),) = holding.exchange.close_all(True, holding.at)
    assert (sold.qty, order.status) == (10, Status.CANCELED)
    assert holding.exchange.positions(holding.at) == []
