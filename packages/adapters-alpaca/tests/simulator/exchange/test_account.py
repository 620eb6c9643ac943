"""Cash, positions, balances and activities."""

from datetime import date
from decimal import Decimal

import pytest
from returns.result import Failure

from alchemiser_alpaca.simulator.exchange.entries import Executed, SessionClosed
from alchemiser_alpaca.simulator.exchange.order import Status
from alchemiser_alpaca.simulator.exchange.queries import ActivityQuery

TUESDAY = date(2026, 11, 24)


def executions(world):
    return [e for e in world.exchange.ledger.entries if isinstance(e, Executed)]


def test_a_new_account_has_its_cash_and_nothing_else(build):
    view = build(cash=Decimal("1234.56")).exchange.account(build().at)
    assert (view.cash, view.equity, view.last_equity) == (Decimal("1234.56"),) * 3
    assert (view.buying_power, view.long_market_value) == (Decimal("1234.56"), 0)
    assert (view.account_number, view.multiplier) == ("PA0SIMULATED", 1)


def test_a_filled_buy_moves_cash_exactly(world):
    order = world.buy("FLAT", 10)
    assert world.cash == 100_000 - order.filled_qty * order.filled_avg_price == 99_800
    assert world.held("FLAT") == 10


def test_a_filled_sell_moves_cash_exactly(holding):
    holding.sell("FLAT", 4)
    assert (holding.cash, holding.held("FLAT")) == (99_880, 6)


def test_cash_moves_in_whole_cents_against_the_account(world):
    world.exchange.put_price("FLAT", Decimal("33.33"), world.at)
    world.buy("FLAT", "0.333333333")
    assert world.cash == Decimal("99988.89")  # of the 11.10999998889 11.11 were paid


def test_the_parts_of_an_order_are_rounded_together(build):
    world = build(next_part_ms=1)
    for _ in range(4):
        world.exchange.fill_part("FLAT", Decimal("0.2"), False, world.at)
    world.exchange.put_price("FLAT", Decimal("10.01"), world.at)
    world.buy("FLAT", "1.234567891")
    world.go(seconds=1)
    moved = [-e.cash for e in executions(world)]
    exact = Decimal("1.234567891") * Decimal("10.01")
    assert len(moved) == 5
    assert all(cash == cash.quantize(Decimal("0.01")) for cash in moved)
    assert sum(moved) == Decimal("12.36")
    assert 0 <= sum(moved) - exact < Decimal("0.01")


def test_sells_are_rounded_down(build):
    world = build()
    world.exchange.put_price("FLAT", Decimal("10.01"), world.at)
    world.buy("FLAT", "1.234567891")
    before = world.cash
    world.sell("FLAT", "1.234567891")
    assert world.cash - before == Decimal("12.35")


def test_the_last_dollar_can_be_spent(build):
    """What is held back and what is paid in parts never exceeds what there is."""
    world = build(cash=Decimal("100.00"), next_part_ms=1)
    for _ in range(9):
        world.exchange.fill_part("FLAT", Decimal("0.1"), False, world.at)
    world.buy("FLAT", "4.999999999", limit_price=20)
    for _ in range(10):
        assert 0 <= world.exchange.account(world.at).buying_power <= world.cash
        assert world.exchange.buying_power() >= 0
        world.go(milliseconds=1)
    assert world.cash == 0


def test_the_average_price_tells_the_value_to_a_cent(build):
    world = build(next_part_ms=1)
    world.exchange.fill_part("UP", Decimal("0.3"), False, world.at)
    order = world.buy("UP", "333.333333333")
    world.exchange.put_price("UP", Decimal("100.03"), world.at)
    world.go(seconds=1)
    assert order.status is Status.FILLED
    told = order.filled_qty * order.filled_avg_price
    assert abs(told - order.filled_value) < Decimal("0.005")


def test_open_buys_reduce_the_buying_power_and_sells_do_not_add_to_it(holding):
    assert holding.exchange.account(holding.at).buying_power == 99_800
    holding.sell("FLAT", 10, limit_price=30)
    assert holding.exchange.account(holding.at).buying_power == 99_800
    holding.buy("UP", 10, limit_price=90)
    view = holding.exchange.account(holding.at)
    assert (view.buying_power, view.cash) == (98_900, 99_800)


def test_a_multiplier_of_two_buys_for_twice_the_equity(build):
    world = build(multiplier=2, cash=Decimal(1000))
    assert world.exchange.account(world.at).buying_power == 2000
    world.buy("FLAT", 90, limit_price=20)
    view = world.exchange.account(world.at)
    assert (view.cash, view.equity, view.long_market_value) == (-800, 1000, 1800)
    assert (view.buying_power, view.initial_margin, view.maintenance_margin) == (200, 900, 540)
    assert world.refused("buy", "FLAT", 11, limit_price=20).extra["buying_power"] == "200"
    assert world.buy("FLAT", 10, limit_price=20).status is Status.FILLED


def test_a_position_tells_what_it_cost_and_what_it_is_worth(world, clock, monday):
    world.go(clock(monday, 9, 30))
    world.exchange.put_price("UP", Decimal(100), world.at)
    world.buy("UP", 4)
    world.exchange.put_price("UP", Decimal(104), world.at)
    world.buy("UP", 4)
    world.exchange.put_price("UP", Decimal(110), world.at)
    view = world.exchange.position("UP", world.at)
    assert (view.qty, view.qty_available, view.avg_entry_price, view.cost_basis) == (8, 8, 102, 816)
    assert (view.market_value, view.unrealized_pl) == (880, 64)
    assert view.unrealized_plpc == Decimal("0.078431")
    assert (view.current_price, view.lastday_price, view.change_today) == (110, 110, 0)
    assert view.unrealized_intraday_pl == 64
    world.sell("UP", 2)
    assert world.exchange.position("UP", world.at).cost_basis == 612


def test_on_the_next_day_the_change_is_since_the_close(world, clock, monday):
    world.buy("UP", 4)
    world.go(clock(TUESDAY, 9, 30))
    view = world.exchange.position("UP", world.at)
    assert (view.current_price, view.lastday_price) == (100, 110)
    assert view.unrealized_intraday_pl == -40
    assert view.change_today == Decimal("-0.090909")


def test_the_books_are_made_up_at_each_close(world, clock, half_day):
    world.buy("UP", 10, limit_price=120)
    paid = 100_000 - world.cash
    world.go(clock(TUESDAY, 10))
    assert world.exchange.account(world.at).last_equity == 100_000 - paid + 1100
    world.go(clock(half_day, 13))
    history = world.exchange.equity_history(world.at)
    assert [day.day for day, _ in history] == [23, 24, 25, 27]
    closes = [e for e in world.exchange.ledger.entries if isinstance(e, SessionClosed)]
    assert closes[-1].closes == {"UP": 110}
    assert closes[-1].at == clock(half_day, 13)


def test_positions_are_sorted_and_found_by_symbol_or_id(world):
    for symbol in ("UP", "FLAT", "DOWN"):
        world.buy(symbol, 1)
    views = world.exchange.positions(world.at)
    assert [view.asset.symbol for view in views] == ["DOWN", "FLAT", "UP"]
    assert world.exchange.position(views[0].asset.id, world.at) == views[0]
    assert world.exchange.position("NOSUCH", world.at) is None


# What happens without an order


def activity(world):
    return world.exchange.activities(ActivityQuery(), world.at)[0]


def test_cash_comes_and_goes(world):
    deposit = world.exchange.deposit(Decimal("500.25"), world.at)
    assert (deposit.kind, deposit.net_amount, world.cash) == ("CSD", Decimal("500.25"), 100_500.25)
    withdrawal = world.exchange.withdraw(Decimal(100), world.at).unwrap()
    assert (withdrawal.kind, withdrawal.net_amount) == ("CSW", -100)
    assert world.exchange.interest(Decimal("0.01"), world.at).kind == "INT"
    fee = world.exchange.fee(Decimal("0.26"), world.at)
    assert (fee.kind, fee.net_amount, world.cash) == ("FEE", Decimal("-0.26"), 100_400)
    assert activity(world) == fee


def test_cash_that_is_held_back_is_not_withdrawn(world):
    world.buy("FLAT", 10, limit_price=15)
    answer = world.exchange.withdraw(Decimal("99850.01"), world.at)
    assert isinstance(answer, Failure)
    assert answer.failure().extra["buying_power"] == "99850"
    assert world.exchange.withdraw(Decimal(99_850), world.at).unwrap().net_amount == -99_850


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "NaN", "Infinity"])
def test_an_amount_is_in_whole_cents_above_0(world, amount):
    for move in ("deposit", "withdraw", "interest", "fee"):
        with pytest.raises(ValueError, match="whole cents"):
            getattr(world.exchange, move)(Decimal(amount), world.at)
    assert world.cash == 100_000


def test_a_dividend_is_paid_on_what_is_held(holding):
    paid = holding.exchange.dividend("FLAT", Decimal("0.1234"), holding.at)
    assert (paid.kind, paid.net_amount, paid.qty) == ("DIV", Decimal("1.23"), 10)
    assert paid.per_share_amount == Decimal("0.1234")
    assert holding.exchange.dividend("UP", Decimal(1), holding.at) is None
    assert holding.exchange.dividend("FLAT", Decimal("0.0001"), holding.at) is None
    with pytest.raises(ValueError, match="not above 0"):
        holding.exchange.dividend("FLAT", Decimal(0), holding.at)


def test_a_split_brings_shares_and_prices_follow(holding):
    order = holding.sell("FLAT", 4, limit_price=30)
    split = holding.exchange.split("FLAT", Decimal(4), holding.at)
    assert (split.kind, split.qty, split.net_amount) == ("SPLIT", 30, 0)
    assert order.status is Status.CANCELED
    view = holding.exchange.position("FLAT", holding.at)
    assert (view.qty, view.current_price, view.cost_basis) == (40, 5, 200)
    assert holding.exchange.account(holding.at).equity == 100_000
    assert holding.exchange.split("UP", Decimal(2), holding.at) is None


def test_a_reverse_split_of_whole_shares_pays_the_rest(world):
    world.buy("WHOLE", 7)
    split = world.exchange.split("WHOLE", Decimal("0.5"), world.at)
    assert (split.qty, split.net_amount) == (-4, 30)
    assert world.held("WHOLE") == 3
    assert world.exchange.account(world.at).equity == 100_000


def test_a_position_can_end_for_cash(holding):
    order = holding.sell("FLAT", 4, limit_price=30)
    ended = holding.exchange.remove("FLAT", Decimal(210), holding.at)
    assert (ended.kind, ended.qty, ended.net_amount) == ("MA", -10, 210)
    assert (order.status, holding.cash) == (Status.CANCELED, 100_010)
    assert holding.exchange.positions(holding.at) == []
    assert holding.exchange.remove("FLAT", Decimal(0), holding.at) is None


def test_a_fill_is_an_activity(build, clock, monday):
    world = build(at=clock(monday, 10), next_part_ms=1500)
    world.exchange.fill_part("FLAT", Decimal("0.3"), False, world.at)
    order = world.buy("FLAT", 10)
    world.go(seconds=2)
    fill, part = world.exchange.activities(ActivityQuery(), world.at)
    assert (part.kind, part.fill_type, part.qty, part.price) == ("FILL", "partial_fill", 3, 20)
    assert (part.leaves_qty, part.cum_qty, part.order_status) == (7, 3, "partially_filled")
    assert (fill.fill_type, fill.leaves_qty, fill.cum_qty) == ("fill", 0, 10)
    assert (fill.order_id, fill.side, fill.order_status) == (order.id, "buy", "filled")
    assert part.id.startswith("20261123100000000::")
    assert fill.id.startswith("20261123100001500::")
    assert world.updates[-1].execution_id == fill.id.partition("::")[2]


def test_cash_is_what_came_less_what_went(build):
    """Over a day with everything in it."""
    world = build(spread_bps="13", partial_fill_probability=Decimal("0.5"), seed=3)
    world.exchange.deposit(Decimal("10.10"), world.at)
    for n in range(1, 30):
        world.buy("FLAT", f"1.{n:09d}")
        world.buy("UP", notional=f"{n + 7}.13")
        world.go(minutes=3)
    for n in range(1, 15):
        world.sell("FLAT", f"1.{n * 37:09d}")
        world.exchange.dividend("UP", Decimal("0.03"), world.at)
        world.go(minutes=3)
    moved = sum(getattr(e, "cash", getattr(e, "amount", 0)) for e in world.exchange.ledger.entries)
    assert world.cash == moved
    bought = {s: Decimal(0) for s in ("FLAT", "UP")}
    for e in executions(world):
        bought[e.symbol] += e.qty if e.side == "buy" else -e.qty
    assert bought == {s: world.held(s) for s in bought}
