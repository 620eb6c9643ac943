"""How long orders live: good till cancelled, at once, in auctions, in extended hours."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from alchemiser_alpaca.simulator.exchange.order import Status

TUESDAY = date(2026, 11, 24)
WEDNESDAY = date(2026, 11, 25)


def test_good_till_cancelled_rests_over_night_and_goes_on(world, clock, monday, half_day):
    order = world.buy("FLAT", 2, limit_price=15, time_in_force="gtc")
    assert order.expires_at > world.at + timedelta(days=89)
    assert world.told == ["pending_new", "new"]
    world.go(clock(monday, 16))
    assert (order.status, order.session) == (Status.DONE_FOR_DAY, TUESDAY)
    assert world.told == ["done_for_day"]
    world.go(clock(TUESDAY, 9, 30))
    assert (order.status, world.told) == (Status.NEW, ["new"])
    world.go(clock(WEDNESDAY, 17))
    assert (order.status, order.session) == (Status.DONE_FOR_DAY, half_day)
    world.exchange.put_price("FLAT", Decimal(14), world.at)
    world.go(clock(half_day, 9, 30))
    assert (order.status, order.filled_avg_price) == (Status.FILLED, 14)


def test_what_was_filled_of_an_order_stays_over_night(world, clock, monday):
    world.exchange.fill_part("FLAT", Decimal("0.5"), True, world.at)
    order = world.buy("FLAT", 2, time_in_force="gtc")
    world.go(clock(TUESDAY, 9, 30))
    assert (order.status, order.filled_qty) == (Status.PARTIALLY_FILLED, 1)
    world.exchange.release_fills("FLAT", world.at)
    assert order.status is Status.FILLED


def test_an_aged_order_is_cancelled(build, clock, monday):
    world = build(good_till_days=2)
    order = world.buy("FLAT", 2, limit_price=15, time_in_force="gtc")
    world.go(clock(WEDNESDAY, 16, 14))
    assert order.is_open
    world.go(clock(WEDNESDAY, 16, 15))
    assert (order.status, order.canceled_at) == (Status.CANCELED, clock(WEDNESDAY, 16, 15))


@pytest.mark.parametrize("when", ["ioc", "fok"])
def test_at_once_or_never(world, when):
    assert world.buy("FLAT", 2, time_in_force=when).status is Status.FILLED
    never = world.buy("FLAT", 2, limit_price=15, time_in_force=when)
    assert (never.status, never.filled_qty) == (Status.CANCELED, 0)


def test_what_is_left_of_an_immediate_order_is_cancelled(world):
    world.exchange.fill_part("FLAT", Decimal("0.4"), False, world.at)
    order = world.buy("FLAT", 10, time_in_force="ioc")
    assert (order.status, order.filled_qty) == (Status.CANCELED, 4)


def test_all_or_nothing_is_nothing_where_a_part_could_be_had(world):
    world.exchange.fill_part("FLAT", Decimal("0.4"), False, world.at)
    order = world.buy("FLAT", 10, time_in_force="fok")
    assert (order.status, order.filled_qty) == (Status.CANCELED, 0)


def test_an_immediate_order_in_a_halt_is_cancelled(world):
    world.exchange.halt("FLAT", world.at)
    assert world.buy("FLAT", 1, time_in_force="ioc").status is Status.CANCELED


def test_an_immediate_order_at_night_waits_for_the_open(build, clock, monday):
    world = build(at=clock(monday, 20))
    order = world.buy("FLAT", 1, time_in_force="ioc")
    assert order.status is Status.ACCEPTED
    world.go(clock(TUESDAY, 9, 30))
    assert order.status is Status.FILLED


def test_the_opening_auction_has_the_open(build, clock, monday):
    world = build(at=clock(monday, 9), spread_bps="50")
    order = world.buy("UP", 1, time_in_force="opg")
    missed = world.buy("UP", 1, time_in_force="opg", limit_price="99.99")
    world.go(clock(monday, 10))
    assert (order.status, order.filled_avg_price) == (Status.FILLED, 100)
    assert order.filled_at == clock(monday, 9, 30)
    assert (missed.status, missed.canceled_at) == (Status.CANCELED, clock(monday, 9, 30))


def test_an_order_for_the_opening_auction_of_the_next_day(build, clock, monday):
    world = build(at=clock(monday, 19))
    order = world.buy("UP", 1, time_in_force="opg")
    assert order.session == TUESDAY
    world.go(clock(TUESDAY, 9, 30))
    assert order.filled_avg_price == 100


def test_the_closing_auction_has_the_close(build, clock, monday):
    world = build(at=clock(monday, 15), spread_bps="50")
    order = world.buy("UP", 1, time_in_force="cls")
    missed = world.buy("UP", 1, time_in_force="cls", limit_price="109.99")
    world.go(clock(monday, 15, 59, 59))
    assert order.status is Status.NEW
    world.go(clock(monday, 16))
    assert (order.status, order.filled_avg_price) == (Status.FILLED, 110)
    assert missed.status is Status.CANCELED


def test_the_closing_auction_of_a_half_day(build, clock, half_day):
    world = build(at=clock(half_day, 10))
    order = world.buy("DOWN", 1, time_in_force="cls")
    beyond = world.buy("UP", 1, time_in_force="cls")
    world.go(clock(half_day, 13))
    assert (order.filled_at, order.filled_avg_price) == (clock(half_day, 13), 40)
    assert beyond.status is Status.CANCELED  # its collar ends at 105


def test_extended_hours_are_traded_before_and_after_the_session(build, clock, monday):
    world = build(at=clock(monday, 5))
    early = world.buy("FLAT", 1, limit_price=21, extended_hours=True)
    assert (early.status, early.filled_at) == (Status.FILLED, clock(monday, 5))
    world.go(clock(monday, 17))
    late = world.sell("FLAT", 1, limit_price=19, extended_hours=True)
    assert late.filled_at == clock(monday, 17)
    waits = world.buy("FLAT", 1, limit_price=15, extended_hours=True)
    assert (waits.status, waits.expires_at) == (Status.NEW, clock(monday, 20))
    world.go(clock(monday, 20))
    assert waits.status is Status.EXPIRED


def test_extended_hours_begin_at_four(build, clock, monday):
    world = build(at=clock(monday, 21))
    order = world.buy("FLAT", 1, limit_price=21, extended_hours=True)
    assert order.status is Status.ACCEPTED
    world.go(clock(TUESDAY, 12))
    assert order.filled_at == clock(TUESDAY, 4)


def test_an_order_of_the_session_is_not_filled_after_it(build, clock, monday):
    world = build(at=clock(monday, 17))
    order = world.buy("FLAT", 1, limit_price=21)
    world.go(clock(monday, 19))
    assert order.status is Status.ACCEPTED


def test_a_limit_of_the_whole_day_is_reached_at_the_open(build, clock, monday):
    """At night the price is 110; the open is at 100."""
    world = build(at=clock(monday, 5))
    order = world.buy("UP", 1, limit_price=105, extended_hours=True)
    assert order.status is Status.NEW
    world.go(clock(monday, 9, 30))
    assert (order.filled_at, order.filled_avg_price) == (clock(monday, 9, 30), 100)


def test_after_the_last_session_that_is_known_an_order_rests_for_ever(build, clock):
    end = date(2027, 12, 31)
    world = build(at=clock(end, 15))
    world.exchange.put_price("FLAT", Decimal(20), world.at)
    order = world.buy("FLAT", 1, limit_price=15, time_in_force="gtc")
    world.go(clock(end, 18))
    assert order.status is Status.DONE_FOR_DAY
    world.go(days=3)
    assert order.status is Status.DONE_FOR_DAY
