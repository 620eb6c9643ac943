from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alchemiser_core.domain.money import usd
from alchemiser_core.domain.orders.fill import Fill
from alchemiser_core.domain.orders.identifiers import ClientOrderId, Side
from alchemiser_core.domain.portfolio.crossing import net_wish, settle
from alchemiser_core.domain.quote import Mark
from alchemiser_core.domain.symbol import Symbol

SPY = Symbol("SPY")
DAY = date(2026, 3, 2)
MARK = Mark(SPY, Decimal(100), DAY)
ORDER = ClientOrderId("alch-1")


def wishes(**quantities):
    return {name: Decimal(quantity) for name, quantity in quantities.items()}


def fill(side, quantity, price=101, cost=0):
    return Fill(SPY, side, Decimal(quantity), Decimal(price), DAY, usd(cost), ORDER)


def booked(wanted, *fills):
    return settle(wanted, fills, MARK).unwrap()


def crossed(side, quantity):
    return Fill(SPY, side, Decimal(quantity), Decimal(100), DAY)


def test_only_the_net_of_opposite_wishes_goes_to_market():
    assert net_wish(wishes(a=10, b=-4)) == 6


def test_opposite_wishes_are_crossed_at_the_mark_free_of_cost():
    assert booked(wishes(a=4, b=-4)) == {
        "a": (crossed(Side.BUY, 4),),
        "b": (crossed(Side.SELL, 4),),
    }


def test_the_net_order_fills_the_rest_at_its_price_and_cost():
    assert booked(wishes(a=10, b=-4), fill(Side.BUY, 6, cost=3)) == {
        "a": (crossed(Side.BUY, 4), fill(Side.BUY, 6, cost=3)),
        "b": (crossed(Side.SELL, 4),),
    }


def test_a_shortfall_is_shared_pro_rata():
    # 20 were wanted, 12 came: 8 crossed with the seller, 4 from a market that had 12 to give.
    found = booked(wishes(a=15, b=5, c=-8), fill(Side.BUY, 4, cost=4))
    assert found["a"] == (crossed(Side.BUY, 6), fill(Side.BUY, 3, cost=3))
    assert found["b"] == (crossed(Side.BUY, 2), fill(Side.BUY, 1, cost=1))
    assert found["c"] == (crossed(Side.SELL, 8),)


def test_a_shortfall_of_sells_is_shared_pro_rata_too():
    found = booked(wishes(a=-30, b=-10, c=8), fill(Side.SELL, 16))
    assert found["a"] == (crossed(Side.SELL, 6), fill(Side.SELL, 12))
    assert found["b"] == (crossed(Side.SELL, 2), fill(Side.SELL, 4))
    assert found["c"] == (crossed(Side.BUY, 8),)


def test_an_order_that_did_not_fill_still_books_the_crossing():
    assert booked(wishes(a=10, b=-4)) == {
        "a": (crossed(Side.BUY, 4),),
        "b": (crossed(Side.SELL, 4),),
    }


def test_more_than_was_wished_for_lowers_the_crossing_first():
    found = booked(wishes(a=10, b=-4), fill(Side.BUY, 8))
    assert found["a"] == (crossed(Side.BUY, 2), fill(Side.BUY, 8))
    assert found["b"] == (crossed(Side.SELL, 2),)


def test_a_surplus_beyond_all_wishes_is_shared_pro_rata():
    found = booked(wishes(a=3, b=1), fill(Side.BUY, 8))
    assert (found["a"], found["b"]) == ((fill(Side.BUY, 6),), (fill(Side.BUY, 2),))


def test_every_fill_of_an_order_keeps_its_own_price():
    found = booked(wishes(a=3, b=3), fill(Side.BUY, 2, price=101), fill(Side.BUY, 4, price=102))
    assert found["a"] == (fill(Side.BUY, 1, price=101), fill(Side.BUY, 2, price=102))
    assert found["b"] == found["a"]


@pytest.mark.parametrize("wanted", [wishes(), wishes(a=-5)])
def test_a_fill_that_nobody_asked_for_is_a_problem(wanted):
    (problem,) = settle(wanted, [fill(Side.BUY, 8)], MARK).failure().problems()
    assert problem.code == "unattributable-fill"


def test_the_last_digits_of_a_shortfall_take_no_book_above_its_wish():
    wanted = wishes(a="15E-13", b="19E-13", c="19E-13")
    found = booked(wanted, fill(Side.BUY, "52E-13"))
    quantities = {name: own[0].quantity for name, own in found.items()}
    assert sum(quantities.values()) == Decimal("52E-13")
    assert all(quantities[name] <= wanted[name] for name in wanted)


def test_no_cost_is_lost_to_a_book_that_gets_no_share():
    # Book a's part of a fill this small is less than the smallest part there is.
    wanted = wishes(a="0.000000001", b="-999.999991330", c="999.999995937")
    found = booked(wanted, fill(Side.BUY, "0.000000015", cost="0.07"))
    assert sum(f.cost for own in found.values() for f in own) == Decimal("0.07")


def test_fills_of_both_sides_are_not_of_one_order():
    with pytest.raises(ValueError, match="both sides"):
        settle(wishes(a=1), [fill(Side.BUY, 1), fill(Side.SELL, 1)], MARK)


QUANTITIES = st.decimals(-1000, 1000, places=9)


@given(st.lists(QUANTITIES, min_size=1, max_size=6), st.lists(st.integers(1, 100), max_size=3))
def test_what_is_booked_always_adds_up_to_what_was_filled(quantities, parts):
    wanted = {f"s{i}": quantity for i, quantity in enumerate(quantities)}
    net = net_wish(wanted)
    side = Side.BUY if net > 0 else Side.SELL
    # At most the net is filled, in several pieces.
    fills = [
        fill(side, (abs(net) * part / 300).quantize(Decimal("1E-9")), price=99 + i, cost="0.07")
        for i, part in enumerate(parts)
        if abs(net) * part / 300 > Decimal("1E-8")
    ]
    found = booked(wanted, *fills)
    by_order = {}
    for name, own in found.items():
        bought = sum(f.quantity if f.side is Side.BUY else -f.quantity for f in own)
        assert abs(bought) <= abs(wanted[name])
        assert bought * wanted[name] >= 0
        assert all(f.quantity > 0 for f in own)
        for f in own:
            key = (f.client_order_id, f.side, f.price)
            quantity, cost = by_order.get(key, (0, 0))
            by_order[key] = (quantity + f.quantity, cost + f.cost)
    for f in fills:
        assert by_order.pop((ORDER, f.side, f.price)) == (f.quantity, f.cost)
    crossings = {key[1]: amounts for key, amounts in by_order.items()}
    assert crossings.get(Side.BUY) == crossings.get(Side.SELL)
