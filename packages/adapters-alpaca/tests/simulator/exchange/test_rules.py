"""Every rule by which an order is refused, with the words, the code and the status of it."""

from datetime import date
from decimal import Decimal

import pytest

from alchemiser_alpaca.simulator.exchange.account import AccountFlags
from alchemiser_alpaca.simulator.exchange.account_refusals import day_trading, short_sell_open
from alchemiser_alpaca.simulator.exchange.entries import OrderRefused, OrderTaken
from alchemiser_alpaca.simulator.exchange.refusal import forbidden
from alchemiser_alpaca.simulator.exchange.switches import MinimumValue, NotionalTypes

BAD, NO, NOT = 40010001, 40310000, 42210000
"""Bad request, forbidden, unprocessable."""
SUB_PENNY = "sub-penny increment does not fulfill minimum pricing criteria"

FORM = [
    ({}, "only one of qty or notional is accepted"),
    ({"qty": 1, "notional": 10}, "only one of qty or notional is accepted"),
    ({"qty": 0}, "qty must be > 0"),
    ({"qty": -1}, "qty must be > 0"),
    ({"qty": "NaN"}, "qty must be > 0"),
    ({"qty": "0.0000000001"}, "qty must be > 0"),
    ({"qty": 1, "type": "limit"}, "limit orders require a limit price"),
    ({"qty": 1, "type": "stop"}, "stop orders require a stop price"),
    (
        {"qty": 1, "type": "stop_limit", "stop_price": 1},
        "stop limit orders require both stop and limit price",
    ),
    (
        {"qty": 1, "type": "market", "limit_price": 1},
        "market orders require no stop or limit price",
    ),
    ({"qty": 1, "limit_price": 0}, "limit price must be > 0"),
    ({"qty": 1, "type": "stop", "stop_price": -1}, "stop price must be > 0"),
    (
        {"qty": 1, "type": "trailing_stop"},
        "trailing stop orders must specify one of trail_price or trail_percent",
    ),
    (
        {"qty": 1, "type": "trailing_stop", "trail_price": 1, "trail_percent": 1},
        "trailing stop orders must specify one of trail_price or trail_percent",
    ),
    ({"qty": 1, "type": "trailing_stop", "trail_price": 0}, "trail price must be > 0"),
    (
        {"qty": 1, "type": "trailing_stop", "trail_percent": "0.05"},
        "trail_percent must be greater than or equal to 0.1",
    ),
    (
        {"qty": 1, "client_order_id": "x" * 129},
        "client_order_id must be no more than 128 characters",
    ),
    ({"qty": 1, "type": "iceberg"}, 'invalid type "iceberg"'),
    ({"qty": 1, "time_in_force": "gtx"}, 'invalid time_in_force "gtx"'),
    ({"qty": 1, "order_class": "other"}, 'invalid order_class "other"'),
    ({"qty": 1, "position_intent": "hold"}, 'invalid position_intent "hold"'),
    ({"qty": 1, "order_class": "bracket"}, "complex orders are not simulated"),
]

MARKET = [
    ({"symbol": "NOSUCH", "qty": 1}, 422, NOT, 'asset "NOSUCH" not found'),
    ({"symbol": "DEAD", "qty": 1}, 422, NOT, 'asset "DEAD" is not tradable'),
    ({"notional": "0.99"}, 422, NOT, "notional amount must be >= 1.00"),
    ({"notional": "10.001"}, 422, NOT, "notional value must be limited to 2 decimal places"),
    (
        {"notional": 10, "limit_price": 20},
        422,
        NOT,
        "notional orders must be market orders",
    ),
    (
        {"notional": 10, "time_in_force": "gtc"},
        422,
        NOT,
        "fractional orders must be DAY orders",
    ),
    ({"qty": "1.5", "time_in_force": "ioc"}, 422, NOT, "fractional orders must be DAY orders"),
    (
        {"qty": "1.5", "type": "trailing_stop", "trail_price": 1},
        422,
        NOT,
        "fractional orders must be market, limit, stop, or stop_limit orders",
    ),
    (
        {"qty": "1.5", "order_class": "bracket"},
        422,
        NOT,
        "fractional orders must be simple orders",
    ),
    ({"notional": 10, "order_class": "oto"}, 422, NOT, "fractional orders must be simple orders"),
    (
        {"symbol": "WHOLE", "qty": "1.5"},
        403,
        NO,
        'asset "WHOLE" is not fractionable',
    ),
    ({"symbol": "WHOLE", "notional": 10}, 403, NO, 'asset "WHOLE" is not fractionable'),
    (
        {"qty": 1, "limit_price": "290.123"},
        422,
        NOT,
        f"invalid limit_price 290.123. {SUB_PENNY}",
    ),
    (
        {"qty": 1, "type": "stop", "stop_price": "0.12345"},
        422,
        NOT,
        f"invalid stop_price 0.12345. {SUB_PENNY}",
    ),
    (
        {"qty": 1, "extended_hours": True},
        422,
        NOT,
        "extended hours order must be DAY or GTC limit orders",
    ),
    (
        {"qty": 1, "limit_price": 20, "time_in_force": "ioc", "extended_hours": True},
        422,
        NOT,
        "extended hours order must be DAY or GTC limit orders",
    ),
    (
        {"qty": 1, "position_intent": "buy_to_close"},
        422,
        NOT,
        "position intent mismatch, inferred: buy_to_open, specified: buy_to_close",
    ),
    ({"qty": "0.01"}, 403, NO, "cost basis must be >= minimal amount of order 1"),
    (
        {"qty": 1, "limit_price": "0.99"},
        403,
        NO,
        "cost basis must be >= minimal amount of order 1",
    ),
]


def answer(world, asked, side="buy"):
    more = {"symbol": "FLAT", **asked}
    return world.refused(side, more.pop("symbol"), more.pop("qty", None), **more)


@pytest.mark.parametrize(("asked", "words"), FORM)
def test_a_wrong_form_is_a_bad_request(world, asked, words):
    refusal = answer(world, asked)
    assert (refusal.status, refusal.body) == (422, {"code": BAD, "message": words})


@pytest.mark.parametrize(("asked", "status", "code", "words"), MARKET)
def test_what_is_against_a_rule_of_the_market_is_refused(world, asked, status, code, words):
    refusal = answer(world, asked)
    assert (refusal.status, refusal.body) == (status, {"code": code, "message": words})


def test_a_side_has_to_be_known(world):
    assert answer(world, {"qty": 1}, "hold").message == 'invalid side "hold"'


def test_a_refusal_is_in_the_ledger_and_leaves_no_trace_elsewhere(world):
    before = world.exchange.account(world.at)
    refusal = world.refused("buy", "NOSUCH", 1, client_order_id="mine")
    entry = world.exchange.ledger.entries[-1]
    assert isinstance(entry, OrderRefused)
    assert (entry.ticket.client_order_id, entry.message) == ("mine", refusal.message)
    assert world.exchange.order_of_client("mine", world.at) is None
    assert world.exchange.account(world.at) == before
    assert world.updates == []


def test_a_refused_id_may_be_used_again(world):
    world.refused("buy", "NOSUCH", 1, client_order_id="mine")
    assert world.buy("FLAT", 1, client_order_id="mine").client_order_id == "mine"


@pytest.mark.parametrize("end", ["filled", "canceled"])
def test_an_id_is_taken_for_ever(world, end):
    limit = {} if end == "filled" else {"limit_price": 15}
    order = world.buy("FLAT", 1, client_order_id="mine", **limit)
    if end == "canceled":
        world.cancel(order).unwrap()
    assert order.status == end
    refusal = world.refused("buy", "UP", 2, client_order_id="mine")
    assert refusal.status == 422
    assert refusal.body == {"code": BAD, "message": "client_order_id must be unique"}


def test_an_id_of_128_characters_is_taken(world):
    assert world.buy("FLAT", 1, client_order_id="x" * 128).is_open is False


def test_a_tenth_decimal_is_cut_off_silently(world):
    order = world.buy("FLAT", "1.12345678999")
    assert order.qty == Decimal("1.123456789")
    taken = next(e for e in world.exchange.ledger.entries if isinstance(e, OrderTaken))
    assert taken.ticket.qty == Decimal("1.123456789")


def test_a_tenth_decimal_can_be_refused(world):
    world.switch(truncates_quantities=False)
    assert world.refused("buy", "FLAT", "1.1234567899").code == NOT


def test_notional_stop_orders_can_be_switched_on(world):
    world.switch(notional_types=NotionalTypes.AND_STOP)
    assert world.buy("FLAT", notional=50, type="stop", stop_price=30).is_open


def test_extended_hours_can_be_of_the_day_alone(world):
    world.switch(extended_hours_gtc=False)
    asked = {"limit_price": 15, "extended_hours": True}
    refusal = world.refused("buy", "FLAT", 1, time_in_force="gtc", **asked)
    assert refusal.message == "extended hours order must be DAY limit orders"
    assert world.buy("FLAT", 1, **asked).is_open


@pytest.mark.parametrize(("price", "fits"), [("0.1234", True), ("1.01", True), ("1.001", False)])
def test_ticks_are_hundredths_of_a_cent_below_a_dollar(world, price, fits):
    found = world.ask("buy", "UP", 100, limit_price=price)
    assert (type(found).__name__ == "Success") is fits


def test_a_limit_far_away_can_be_refused(world):
    assert world.buy("FLAT", 1, limit_price=5).is_open
    world.switch(price_away=Decimal("0.5"))
    assert world.refused("buy", "FLAT", 1, limit_price=5).code == NOT
    assert world.buy("FLAT", 1, limit_price=15).is_open


def test_a_buy_beyond_the_cash_is_refused_with_the_numbers(world):
    refusal = world.refused("buy", "UP", 1000, limit_price=200)
    assert refusal.status == 403
    assert refusal.body == {
        "code": NO,
        "message": "insufficient buying power",
        "buying_power": "100000",
        "cost_basis": "200000",
    }


def test_a_market_buy_needs_the_collar_as_well(world):
    assert world.refused("buy", "FLAT", 4900).extra["cost_basis"] == "101920"
    assert world.buy("FLAT", 4807).status == "filled"


def test_a_sell_of_more_than_is_there_names_the_orders_that_hold_it(holding):
    first = holding.sell("FLAT", 7, limit_price=30)
    refusal = holding.refused("sell", "FLAT", 5)
    assert refusal.status == 403
    assert refusal.body == {
        "code": NO,
        "message": "insufficient qty available for order (requested: 5, available: 3)",
        "symbol": "FLAT",
        "existing_qty": "10",
        "held_for_orders": "7",
        "available": "3",
        "related_orders": [first.id],
    }


def test_more_than_is_held_is_not_sold_short(holding):
    refusal = holding.refused("sell", "FLAT", 11)
    words = "insufficient qty available for order (requested: 11, available: 10)"
    assert (refusal.status, refusal.code, refusal.message) == (403, NO, words)
    assert "related_orders" not in refusal.extra


def test_what_is_not_held_is_not_sold(world):
    refusal = world.refused("sell", "FLAT", 5)
    assert (refusal.status, refusal.body) == (
        403,
        {"code": NO, "message": "account is not allowed to short"},
    )


@pytest.mark.parametrize("asked", [{"qty": "0.5"}, {"notional": 50}])
def test_fractions_are_not_sold_short(world, asked):
    refusal = answer(world, asked, "sell")
    assert refusal.status == 422
    assert refusal.body == {"code": NOT, "message": "fractional orders cannot be sold short"}


KINDS = {
    "market": {"type": "market"},
    "limit": {"type": "limit", "limit_price": 25},
    "stop": {"type": "stop", "stop_price": 15},
    "stop_limit": {"type": "stop_limit", "stop_price": 15, "limit_price": 25},
}


@pytest.mark.parametrize("new", KINDS)
@pytest.mark.parametrize("old", ["limit", "stop", "stop_limit", "market"])
def test_an_order_that_may_meet_one_of_the_other_side_is_a_wash_trade(holding, old, new):
    holding.exchange.hold_fills("FLAT", holding.at)
    existing = holding.sell("FLAT", 1, **KINDS[old])
    refusal = holding.refused("buy", "FLAT", 1, **KINDS[new])
    kind = "limit" if old in ("limit", "stop_limit") else "market/stop"
    assert refusal.status == 403
    assert refusal.body == {
        "code": NO,
        "message": "potential wash trade detected. use complex orders",
        "reject_reason": f"opposite side {kind} order exists",
        "existing_order_id": existing.id,
    }


def test_limits_that_cannot_meet_may_stand_side_by_side(holding):
    holding.sell("FLAT", 1, limit_price=25)
    assert holding.buy("FLAT", 1, limit_price="24.99", time_in_force="gtc")
    assert holding.refused("buy", "FLAT", 1, limit_price=25).message.startswith("potential wash")


def test_trailing_stops_are_exempt_from_the_wash_trade_rule(holding):
    holding.sell("FLAT", 1, type="trailing_stop", trail_price=5)
    assert holding.buy("FLAT", 1).status == "filled"
    assert holding.sell("FLAT", 1).status == "filled"


def test_a_wash_trade_can_be_unprocessable(holding):
    holding.switch(wash_trade_status=422)
    holding.sell("FLAT", 1, limit_price=25)
    refusal = holding.refused("buy", "FLAT", 1)
    assert (refusal.status, refusal.code) == (422, NOT)


def test_a_sell_of_little_value_is_refused_too_unless_it_is_switched_off(holding):
    assert holding.refused("sell", "FLAT", "0.01").code == NO
    holding.switch(minimum_value=MinimumValue.BUYS)
    assert holding.sell("FLAT", "0.01").status == "filled"


def test_outside_of_the_session_nothing_by_value_stands_beside_a_sell(holding, clock, monday):
    holding.go(clock(monday, 17))
    holding.sell("FLAT", 1)
    refusal = holding.refused("sell", "FLAT", notional=20)
    words = "unable to open new notional orders while having open closing position orders"
    assert (refusal.status, refusal.body) == (403, {"code": NO, "message": words})


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (AccountFlags(trading_blocked=True), "account is not allowed to trade"),
        (AccountFlags(account_blocked=True), "account is not allowed to trade"),
        (AccountFlags(trade_suspended_by_user=True), "new orders are rejected by user request"),
    ],
)
def test_a_blocked_account_takes_no_orders(world, flags, words):
    world.exchange.set_flags(flags, world.at)
    refusal = world.refused("buy", "FLAT", 1)
    assert (refusal.status, refusal.body) == (403, {"code": NO, "message": words})
    assert world.exchange.account(world.at).flags == flags
    world.exchange.set_flags(AccountFlags(), world.at)
    assert world.buy("FLAT", 1).status == "filled"


def test_fractions_can_be_switched_off_for_the_account(world):
    world.exchange.set_flags(AccountFlags(fractional_trading=False), world.at)
    words = "fractional trading is disabled for this account"
    assert world.refused("buy", "FLAT", "0.5").message == words
    assert world.buy("FLAT", 1).status == "filled"


def test_a_symbol_without_a_price_is_not_bought(world, make_history):
    world.exchange.market.tapes.withdraw("UP")
    assert world.refused("buy", "UP", 1).body["code"] == NO


def test_any_refusal_can_be_asked_for(world):
    world.exchange.refuse("FLAT", forbidden("because"))
    assert world.refused("buy", "FLAT", 1).message == "because"
    world.exchange.refuse("FLAT", None)
    assert world.buy("FLAT", 1).status == "filled"


def test_refusals_that_no_account_here_comes_to_are_there_to_be_asked_for(world):
    for refusal, code, words in (
        (day_trading(), 40310100, "trade denied due to pattern day trading protection"),
        (short_sell_open(), NO, "cannot open a long buy while a short sell order is open"),
    ):
        world.exchange.refuse("FLAT", refusal)
        found = world.refused("buy", "FLAT", 1)
        assert (found.status, found.body) == (403, {"code": code, "message": words})


@pytest.mark.parametrize(
    ("auction", "hour", "minute", "taken"),
    [
        ("opg", 9, 27, True),
        ("opg", 9, 28, False),
        ("opg", 18, 59, False),
        ("opg", 19, 0, True),
        ("cls", 15, 49, True),
        ("cls", 15, 50, False),
        ("cls", 18, 59, False),
        ("cls", 19, 0, True),
        ("cls", 9, 0, True),
    ],
)
def test_auctions_have_their_hours(build, clock, monday, auction, hour, minute, taken):
    world = build(at=clock(monday, hour, minute))
    answer = world.ask("buy", "FLAT", 1, time_in_force=auction)
    if taken:
        assert answer.unwrap().time_in_force == auction
    else:
        until = {"opg": "9:28am", "cls": "3:50pm"}[auction]
        words = f"{auction} orders must be submitted after 7:00pm and before {until}"
        assert answer.failure().body == {"code": NO, "message": words}
        assert answer.failure().status == 403


def test_a_closing_auction_of_a_half_day_is_earlier(build, clock, half_day):
    world = build(at=clock(half_day, 12, 50))
    words = "cls orders must be submitted after 7:00pm and before 12:50pm"
    world.switch(auction_status=422)
    refusal = world.refused("buy", "FLAT", 1, time_in_force="cls")
    assert (refusal.status, refusal.code, refusal.message) == (422, NOT, words)


def test_where_the_calendar_ends_no_order_is_taken(build, clock):
    world = build(at=clock(date(2027, 12, 31), 15))
    world.exchange.market.put("FLAT", Decimal(20), world.at)
    assert world.buy("FLAT", 1).status == "filled"
    world.go(clock(date(2027, 12, 31), 17))
    refusal = world.refused("buy", "FLAT", 1)
    assert refusal.message == "the simulator knows no later session"
