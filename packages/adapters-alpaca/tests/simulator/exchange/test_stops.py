"""Stop, stop-limit and trailing-stop orders."""

from datetime import date
from decimal import Decimal

import pytest

from alchemiser_alpaca.simulator.exchange.order import Status

TUESDAY = date(2026, 11, 24)


def test_a_stop_becomes_a_market_order_when_the_price_reaches_it(world, clock, monday):
    world.buy("DOWN", 2)
    stop = world.sell("DOWN", 2, type="stop", stop_price=45)
    assert (stop.status, stop.triggered_at) == (Status.NEW, None)
    world.go(clock(monday, 12, 40))
    assert stop.status is Status.NEW
    world.go(clock(monday, 12, 50))
    assert (stop.status, stop.filled_avg_price) == (Status.FILLED, 45)
    assert stop.triggered_at == stop.filled_at


def test_a_buy_stop_is_reached_from_below(world, clock, monday):
    stop = world.buy("UP", 1, type="stop", stop_price=105)
    world.go(clock(monday, 12, 40))
    assert stop.status is Status.NEW
    world.go(clock(monday, 13))
    assert (stop.status, stop.filled_avg_price) == (Status.FILLED, 105)
    assert stop.cap == Decimal("109.20")


def test_a_stop_that_is_reached_already_is_filled_at_once(world):
    assert world.buy("UP", 1, type="stop", stop_price=90).status is Status.FILLED


def test_a_stop_limit_waits_for_its_limit_after_the_stop(world, clock, monday):
    world.buy("DOWN", 2)
    order = world.sell("DOWN", 2, type="stop_limit", stop_price=45, limit_price=46)
    world.go(clock(monday, 15, 50))
    assert order.triggered_at is not None
    assert (order.status, order.filled_qty) == (Status.NEW, 0)
    world.exchange.put_price("DOWN", Decimal(46), world.at)
    assert (order.status, order.filled_avg_price) == (Status.FILLED, 46)


def test_a_halt_keeps_stops_from_being_reached(world, clock, monday):
    world.buy("DOWN", 2)
    order = world.sell("DOWN", 2, type="stop", stop_price=45)
    world.exchange.halt("DOWN", world.at)
    world.go(clock(monday, 15))
    assert order.triggered_at is None
    world.exchange.resume("DOWN", world.at)
    assert order.status is Status.FILLED
    assert order.filled_avg_price < 45


def test_a_trailing_stop_follows_the_price_up_and_not_down(world, clock, monday):
    world.buy("UP", 2)
    order = world.sell("UP", 2, type="trailing_stop", trail_price=3)
    assert order.stop_price == order.hwm - 3
    world.go(clock(monday, 15, 59))
    world.exchange.put_price("UP", Decimal("107.01"), world.at)
    assert (order.hwm, order.stop_price) == (110, 107)
    assert order.status is Status.NEW
    world.exchange.put_price("UP", Decimal("107.00"), world.at)
    assert (order.status, order.filled_avg_price) == (Status.FILLED, 107)


def test_a_trailing_stop_by_percent(world):
    world.buy("FLAT", 2)
    order = world.sell("FLAT", 2, type="trailing_stop", trail_percent=10)
    assert (order.hwm, order.stop_price) == (20, 18)
    world.exchange.put_price("FLAT", Decimal(30), world.at)
    assert (order.hwm, order.stop_price) == (30, 27)
    world.exchange.put_price("FLAT", Decimal("26.99"), world.at)
    assert order.status is Status.FILLED


def test_a_trailing_buy_follows_the_price_down(world, clock, monday):
    order = world.buy("DOWN", 1, type="trailing_stop", trail_price=11, time_in_force="gtc")
    first = order.stop_price
    assert order.held_price == order.cap == first * Decimal("1.04")
    world.go(clock(monday, 16))
    assert (order.hwm, order.stop_price) == (40, 51)
    world.go(clock(TUESDAY, 9, 30))
    assert order.status is Status.NEW
    world.exchange.put_price("DOWN", Decimal(51), world.at)
    assert (order.status, order.filled_avg_price) == (Status.FILLED, 51)


def test_a_trailing_stop_crosses_a_falling_session(world, clock, monday):
    """From 50 at the open to 40: 47 is a trail of 3 away."""
    world.buy("DOWN", 1)
    world.go(clock(TUESDAY, 8))
    order = world.sell("DOWN", 1, type="trailing_stop", trail_price=3)
    assert (order.hwm, order.stop_price) == (40, 37)
    world.go(clock(TUESDAY, 16))
    assert order.status is Status.FILLED
    assert order.hwm == 50
    assert order.filled_avg_price == pytest.approx(Decimal(47))


def test_a_trigger_is_in_the_ledger_and_no_update(world, clock, monday):
    world.buy("DOWN", 2)
    world.sell("DOWN", 2, type="stop_limit", stop_price=45, limit_price=46)
    world.updates.clear()
    world.go(clock(monday, 15))
    assert world.told == []
    kinds = [type(entry).__name__ for entry in world.exchange.ledger.entries]
    assert kinds[-1] == "StopReached"
