"""Orders that are filled in parts: drawn, or as a script says."""

from decimal import Decimal

import pytest

from alchemiser_alpaca.simulator.exchange.entries import Executed
from alchemiser_alpaca.simulator.exchange.order import Status


def executions(world):
    return [e for e in world.exchange.ledger.entries if isinstance(e, Executed)]


def test_a_scripted_part_is_filled_and_the_rest_held(world):
    world.exchange.fill_part("FLAT", Decimal("0.25"), True, world.at)
    order = world.buy("FLAT", 10)
    assert (order.status, order.filled_qty) == (Status.PARTIALLY_FILLED, 2)
    assert world.told == ["pending_new", "new", "partial_fill"]
    world.go(minutes=30)
    assert order.filled_qty == 2
    world.exchange.release_fills("FLAT", world.at)
    assert (order.status, order.filled_qty) == (Status.FILLED, 10)
    assert world.told == ["fill"]


def test_several_parts_follow_each_other_in_their_time(build):
    world = build(next_part_ms=1500)
    for fraction in ("0.5", "0.3"):
        world.exchange.fill_part("FLAT", Decimal(fraction), False, world.at)
    order = world.buy("FLAT", 10)
    seen = [order.filled_qty]
    for _ in range(3):
        world.go(seconds=1.5)
        seen.append(order.filled_qty)
    assert seen == [5, 8, 10, 10]
    fills = [u for u in world.updates if "fill" in u.event]
    assert [(u.event, u.qty, u.position_qty) for u in fills] == [
        ("partial_fill", 5, 5),
        ("partial_fill", 3, 8),
        ("fill", 2, 10),
    ]


def test_fractions_are_filled_to_nine_decimals(world):
    world.exchange.fill_part("FLAT", Decimal("0.333"), False, world.at)
    order = world.buy("FLAT", "1.123456789")
    assert order.filled_qty == Decimal("0.374111110")
    world.go(seconds=1)
    assert order.filled_qty == Decimal("1.123456789")


def test_a_part_smaller_than_a_share_is_the_whole(world):
    world.exchange.fill_part("WHOLE", Decimal("0.01"), False, world.at)
    assert world.buy("WHOLE", 2).status is Status.FILLED


def test_an_order_by_value_is_filled_for_no_more_than_it(build):
    world = build(spread_bps="20")
    world.exchange.fill_part("FLAT", Decimal("0.5"), False, world.at)
    order = world.buy("FLAT", notional="100.01")
    assert (order.qty, order.status) == (None, Status.PARTIALLY_FILLED)
    world.go(seconds=1)
    assert order.status is Status.FILLED
    assert Decimal("100.00") < order.filled_value <= Decimal("100.01")
    assert world.cash == Decimal("99899.99")


def test_a_sell_by_value_takes_no_more_shares_than_are_there(holding):
    order = holding.sell("FLAT", notional=200)
    assert (order.status, order.filled_qty) == (Status.FILLED, 10)
    assert holding.exchange.positions(holding.at) == []


def test_a_sell_by_value_holds_its_shares(holding):
    holding.exchange.hold_fills("FLAT", holding.at)
    holding.sell("FLAT", notional=150)
    assert holding.exchange.position("FLAT", holding.at).qty_available == Decimal("2.5")
    refusal = holding.refused("sell", "FLAT", notional=51)
    assert refusal.extra["held_for_orders"] == "7.5"
    holding.exchange.put_price("FLAT", Decimal(10), holding.at)
    holding.exchange.release_fills("FLAT", holding.at)
    assert holding.held("FLAT") == Decimal("2.5")


@pytest.mark.parametrize("probability", ["0.10", "0.9"])
def test_random_parts_come_as_often_as_they_should(build, probability):
    world = build(partial_fill_probability=Decimal(probability), seed=7, cash=Decimal(10**7))
    orders = [world.buy("FLAT", 100) for _ in range(300)]
    parts = sum(order.status is Status.PARTIALLY_FILLED for order in orders)
    assert parts / 300 == pytest.approx(float(probability), abs=0.06)
    world.go(hours=1)
    assert all(order.status is Status.FILLED for order in orders)
    assert world.held("FLAT") == 30_000


def test_the_seed_says_what_is_drawn(build):
    def drawn(seed):
        world = build(partial_fill_probability=Decimal("0.9"), seed=seed)
        for _ in range(20):
            world.buy("FLAT", 100)
        world.go(minutes=1)
        return [e.qty for e in executions(world)]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_a_part_is_a_fraction_of_an_order(world):
    for fraction in ("0", "1.01", "-1"):
        with pytest.raises(ValueError, match="fraction"):
            world.exchange.fill_part("FLAT", Decimal(fraction), True, world.at)
