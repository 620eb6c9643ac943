"""What faults do to the exchange."""

from datetime import date
from decimal import Decimal

import pytest

from alchemiser_alpaca.simulator.exchange.order import Status

TUESDAY = date(2026, 11, 24)


def test_a_forgotten_order_is_never_executed_and_its_id_is_free(world):
    order = world.buy("FLAT", 2, limit_price=15, client_order_id="mine")
    assert world.exchange.forget(order.id, world.at)
    assert world.exchange.account(world.at).buying_power == 100_000
    world.exchange.put_price("FLAT", Decimal(10), world.at)
    world.go(hours=1)
    assert world.held("FLAT") == 0
    assert world.cancel(order).failure().status == 404
    assert world.buy("FLAT", 1, client_order_id="mine").id != order.id


def test_what_a_forgotten_order_filled_stays(world):
    order = world.buy("FLAT", 2)
    world.exchange.forget(order.id, world.at)
    assert (world.held("FLAT"), world.cash) == (2, 99_960)


def test_a_forgotten_successor_leaves_the_old_order(build):
    world = build(replace_ms=300)
    old = world.buy("FLAT", 2, limit_price=15)
    new = world.replace(old, limit_price=16).unwrap()
    world.exchange.forget(new.id, world.at)
    world.go(seconds=1)
    assert old.status is Status.NEW


def test_a_forgotten_predecessor_leaves_its_successor_to_the_close(build, clock, monday):
    world = build(replace_ms=300)
    old = world.buy("FLAT", 2, limit_price=15)
    new = world.replace(old, limit_price=16).unwrap()
    world.exchange.forget(old.id, world.at)
    world.go(clock(monday, 16))
    assert world.exchange.order(new.id, world.at).status is Status.EXPIRED


@pytest.mark.parametrize(
    "status", ["suspended", "held", "stopped", "calculated", "accepted_for_bidding"]
)
def test_an_order_can_be_put_into_any_open_state(world, clock, monday, status):
    order = world.buy("FLAT", 2, limit_price=15)
    assert world.exchange.force(order.id, Status(status), world.at)
    assert world.told[-1] == status
    world.exchange.put_price("FLAT", Decimal(10), world.at)
    world.go(hours=1)
    assert (order.status, order.filled_qty) == (status, 0)
    world.go(clock(monday, 16))
    assert order.status is Status.EXPIRED


def test_a_forced_order_can_be_cancelled(world):
    order = world.buy("FLAT", 2, limit_price=15)
    world.exchange.force(order.id, Status.SUSPENDED, world.at)
    world.cancel(order).unwrap()
    assert order.status is Status.CANCELED
    assert not world.exchange.force(order.id, Status.SUSPENDED, world.at)
    with pytest.raises(ValueError, match="does not stay open"):
        world.exchange.force(order.id, Status.FILLED, world.at)


def test_the_market_can_close_now(world, clock, monday):
    waits = world.buy("FLAT", 2, limit_price=15)
    rests = world.buy("FLAT", 2, limit_price=15, time_in_force="gtc")
    world.exchange.close_market(monday, world.at)
    assert (waits.status, waits.expired_at) == (Status.EXPIRED, world.at)
    assert rests.status is Status.DONE_FOR_DAY
    assert not world.exchange.sessions.is_open(world.at)
    assert [day for day, _ in world.exchange.equity_history(world.at)] == [monday]
    late = world.buy("FLAT", 2)
    assert (late.status, late.session) == (Status.ACCEPTED, TUESDAY)
    world.go(clock(TUESDAY, 9, 30))
    assert late.status is Status.FILLED
    world.go(clock(TUESDAY, 17))
    days = [day for day, _ in world.exchange.equity_history(world.at)]
    assert days == [monday, TUESDAY]


def test_a_coming_day_can_be_called_off_and_its_orders_wait(build, clock, monday):
    world = build(at=clock(monday, 18))
    order = world.buy("FLAT", 2)
    rests = world.buy("FLAT", 2, limit_price=15, time_in_force="gtc")
    world.exchange.close_market(TUESDAY, world.at)
    assert (order.status, order.session) == (Status.ACCEPTED, date(2026, 11, 25))
    world.go(clock(TUESDAY, 12))
    assert order.status is Status.ACCEPTED
    world.go(clock(date(2026, 11, 25), 9, 30))
    assert order.status is Status.FILLED
    assert rests.status is Status.NEW


def test_a_day_that_is_over_is_left_alone(world, clock, monday):
    world.go(clock(monday, 17))
    before = len(world.exchange.ledger.entries)
    world.exchange.close_market(monday, world.at)
    world.exchange.close_market(date(2026, 11, 22), world.at)
    assert len(world.exchange.ledger.entries) == before


def test_a_price_is_put_in_whole_ticks(world):
    world.exchange.put_price("FLAT", Decimal("12.3456"), world.at)
    assert world.exchange.price("FLAT") == Decimal("12.35")
    world.exchange.put_price("FLAT", None, world.at)
    assert world.exchange.price("FLAT") == 20
    for price in ("0", "-1", "NaN"):
        with pytest.raises(ValueError, match="no price"):
            world.exchange.put_price("FLAT", Decimal(price), world.at)


def test_held_fills_are_of_one_symbol(world):
    world.exchange.hold_fills("FLAT", world.at)
    assert world.buy("FLAT", 1).status is Status.NEW
    assert world.buy("UP", 1).status is Status.FILLED


def test_an_advance_without_anything_due_looks_at_nothing(world):
    for _ in range(50):
        world.buy("FLAT", 1, limit_price=15)
    asked = []
    world.exchange.market = Counting(world.exchange.market, asked)
    for _ in range(1000):
        world.go(milliseconds=10)
    assert asked == []
    world.buy("FLAT", 1, limit_price=15)
    assert set(asked) >= {"quote", "last_trade"}


def test_a_submit_looks_at_the_orders_of_its_symbol_alone(world):
    def asked_by_a_submit():
        asked = []
        market = world.exchange.market
        world.exchange.market = Counting(market, asked)
        world.buy("UP", 1, limit_price=15)
        world.exchange.market = market
        return len(asked)

    before = asked_by_a_submit()
    for _ in range(50):
        world.buy("FLAT", 1, limit_price=15)
    assert asked_by_a_submit() == before


class Counting:
    def __init__(self, market, asked):
        self._market, self._asked = market, asked

    def __getattr__(self, name):
        self._asked.append(name)
        return getattr(self._market, name)
