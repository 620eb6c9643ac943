"""Which orders and activities a query finds."""

from decimal import Decimal

import pytest

from alchemiser_alpaca.simulator.exchange.queries import ActivityQuery, OrderQuery


@pytest.fixture
def sent(world):
    """Twelve orders a minute apart: every third rests, the others are filled."""
    orders = []
    for n in range(12):
        limit = {"limit_price": 15} if n % 3 == 0 else {}
        side_and_symbol = ("buy", ("FLAT", "UP")[n % 2])
        orders.append(world.send(*side_and_symbol, 1, **limit))
        world.go(minutes=1)
    return orders


def found(world, sent, **query):
    places = {order.id: place for place, order in enumerate(sent)}
    orders = world.exchange.orders(OrderQuery(**query), world.at)
    return [places[order.id] for order in orders]


def test_open_orders_are_found_the_newest_first(world, sent):
    assert found(world, sent) == [9, 6, 3, 0]
    assert found(world, sent, ascending=True) == [0, 3, 6, 9]
    assert found(world, sent, limit=2) == [9, 6]


def test_closed_and_all(world, sent):
    assert found(world, sent, status="closed") == [11, 10, 8, 7, 5, 4, 2, 1]
    assert found(world, sent, status="all") == list(range(11, -1, -1))
    assert found(world, sent, status="all", limit=3, ascending=True) == [0, 1, 2]


@pytest.mark.parametrize("status", ["all", "open"])
def test_the_ends_of_a_time_are_exclusive(world, sent, status):
    after, until = sent[3].submitted_at, sent[9].submitted_at
    expected = [8, 7, 6, 5, 4] if status == "all" else [6]
    assert found(world, sent, status=status, after=after, until=until) == expected
    assert found(world, sent, status=status, after=sent[11].submitted_at) == []
    assert found(world, sent, status=status, until=sent[0].submitted_at) == []


def test_orders_by_side_and_symbol(world, sent):
    assert found(world, sent, status="all", symbols=["UP"]) == [11, 9, 7, 5, 3, 1]
    assert found(world, sent, status="all", symbols=["UP", "FLAT"], limit=1) == [11]
    assert found(world, sent, side="sell") == []
    assert found(world, sent, side="buy", limit=1) == [9]


def test_orders_before_and_after_an_order(world, sent):
    assert found(world, sent, status="all", after_order_id=sent[9].id) == [11, 10]
    assert found(world, sent, status="all", before_order_id=sent[2].id) == [1, 0]
    both = {"after_order_id": sent[2].id, "before_order_id": sent[5].id}
    assert found(world, sent, status="all", ascending=True, **both) == [3, 4]
    assert found(world, sent, status="all", after_order_id="no-such") == []
    assert found(world, sent, status="open", before_order_id="no-such") == []


def test_orders_of_one_moment_are_told_in_their_order(world):
    first, second = world.buy("FLAT", 1, limit_price=15), world.buy("UP", 1, limit_price=15)
    assert world.exchange.orders(OrderQuery(), world.at) == [second, first]


def test_a_forgotten_order_is_found_nowhere(world, sent):
    assert world.exchange.forget(sent[6].id, world.at)
    assert not world.exchange.forget(sent[6].id, world.at)
    assert found(world, sent) == [9, 3, 0]
    assert found(world, sent, status="all") == [11, 10, 9, 8, 7, 5, 4, 3, 2, 1, 0]
    after = {"status": "all", "after": sent[5].submitted_at, "until": sent[8].submitted_at}
    assert found(world, sent, **after) == [7]
    assert world.exchange.order_of_client(sent[6].client_order_id, world.at) is None


def told(world, **query):
    return [a.id for a in world.exchange.activities(ActivityQuery(**query), world.at)]


def test_activities_by_kind_time_and_page(world, sent):
    world.exchange.deposit(Decimal(5), world.at)
    everything = told(world, ascending=True)
    assert everything == sorted(everything)
    assert told(world) == everything[::-1]
    assert told(world, kinds=["CSD"]) == everything[-1:]
    assert told(world, kinds=["FILL"], page_size=3) == everything[-2:-5:-1]
    assert told(world, page_size=3, page_token=everything[5]) == everything[4:1:-1]
    assert told(world, ascending=True, page_size=3, page_token=everything[5]) == everything[6:9]
    unknown = everything[0] + "0"
    assert told(world, page_token=unknown) == []
    fills = [order for order in sent if order.filled_at]
    within = {"after": fills[0].filled_at, "until": fills[3].filled_at}
    assert told(world, ascending=True, **within) == everything[1:3]


def test_pages_of_activities_cover_everything_once(world, sent):
    pages, token = [], None
    while page := told(world, page_size=3, page_token=token):
        pages += page
        token = page[-1]
    assert pages == told(world)


def test_activities_of_a_day_in_new_york(world, clock, monday, half_day):
    world.go(clock(monday, 22))
    world.exchange.deposit(Decimal(5), world.at)
    world.go(clock(half_day, 10))
    world.exchange.deposit(Decimal(6), world.at)
    assert len(told(world, day=monday)) == 1
    assert told(world, day=half_day) == told(world)[:1]
