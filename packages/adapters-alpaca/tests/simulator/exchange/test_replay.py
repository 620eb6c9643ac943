"""A killed simulator goes on where it was, and the same calls give the same ledger."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from returns.result import Failure

from alchemiser_alpaca.simulator.exchange.assets import listed
from alchemiser_alpaca.simulator.exchange.exchange import Terms, open_exchange
from alchemiser_alpaca.simulator.exchange.ledger import Ledger, line_of, read_line
from alchemiser_alpaca.simulator.exchange.state import AccountState
from alchemiser_alpaca.simulator.exchange.switches import Switches
from alchemiser_alpaca.simulator.exchange.ticket import Changes, OrderTicket

SYMBOLS = ("UP", "DOWN", "FLAT", "PENNY")
SWITCHES = {
    "pending_new_ms": 50,
    "fill_ms": 100,
    "next_part_ms": 700,
    "cancel_ms": 200,
    "replace_ms": 300,
    "partial_fill_probability": Decimal("0.4"),
}

sizes = st.decimals("0.5", "60", places=3)
prices = st.decimals("0.2", "130", places=2)
tickets = st.builds(
    lambda symbol, side, tif, kind, qty, limit, stop: OrderTicket(
        symbol=symbol,
        side=side,
        time_in_force=tif,
        type=kind,
        qty=qty if tif == "day" and kind != "trailing_stop" else qty.to_integral_value() + 1,
        limit_price=limit if "limit" in kind else None,
        stop_price=stop if kind in ("stop", "stop_limit") else None,
        trail_price=Decimal("1.5") if kind == "trailing_stop" else None,
    ),
    st.sampled_from(SYMBOLS),
    st.sampled_from(["buy", "buy", "sell"]),
    st.sampled_from(["day", "day", "gtc", "ioc", "fok", "cls", "opg"]),
    st.sampled_from(["market", "limit", "stop", "stop_limit", "trailing_stop"]),
    sizes,
    prices,
    prices,
)
by_value = st.builds(
    lambda symbol, side, value: OrderTicket(symbol=symbol, side=side, notional=value),
    st.sampled_from(SYMBOLS),
    st.sampled_from(["buy", "sell"]),
    st.decimals("1", "900", places=2),
)
calls = st.one_of(
    st.tuples(st.just("submit"), tickets),
    st.tuples(st.just("submit"), tickets),
    st.tuples(st.just("submit"), by_value),
    st.tuples(st.just("cancel"), st.integers(0, 9)),
    st.tuples(st.just("replace"), st.tuples(st.integers(0, 9), prices)),
    st.tuples(st.just("close"), st.sampled_from(SYMBOLS)),
    st.tuples(st.just("put"), st.tuples(st.sampled_from(SYMBOLS), prices)),
    st.tuples(st.just("part"), st.sampled_from(SYMBOLS)),
    st.tuples(st.just("split"), st.sampled_from(SYMBOLS)),
    st.tuples(st.just("forget"), st.integers(0, 9)),
    st.tuples(st.just("dividend"), st.sampled_from(SYMBOLS)),
    st.tuples(st.just("wait"), st.sampled_from([0.1, 3, 400, 9_000, 30_000, 90_000])),
)


def carry_out(exchange, call, at):
    """One call; what it answers does not matter here."""
    name, what = call
    newest = list(exchange.state.orders)[::-1]
    match name:
        case "submit":
            exchange.submit(what, at)
        case "cancel":
            exchange.cancel(newest[what] if what < len(newest) else "none", at)
        case "replace":
            place, price = what
            old = newest[place] if place < len(newest) else "none"
            exchange.replace(old, Changes(limit_price=price), at)
        case "close":
            exchange.close_position(what, None, None, at)
        case "put":
            exchange.put_price(*what, at)
        case "part":
            exchange.fill_part(what, Decimal("0.4"), False, at)
        case "split":
            exchange.split(what, Decimal(2), at)
        case "forget" if what < len(newest):
            exchange.forget(newest[what], at)
        case "dividend":
            exchange.dividend(what, Decimal("0.11"), at)


def opened(make_market, ledger, at):
    return open_exchange(
        make_market("10"), listed(SYMBOLS), Terms(seed=5), Switches(**SWITCHES), ledger, at
    ).unwrap()


def played(make_market, at, script, ledger=None):
    exchange = opened(make_market, ledger or Ledger(), at)
    for call in script:
        at += timedelta(seconds=call[1] if call[0] == "wait" else 0.05)
        exchange.advance(at)
        carry_out(exchange, call, at)
    return exchange, at


def written(entries):
    return b"".join(line_of(number, entry) for number, entry in enumerate(entries, start=1))


def read_again(content):
    lines = enumerate(content.splitlines(), start=1)
    return [read_line(number, line).unwrap() for number, line in lines]


quick = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@quick
@given(script=st.lists(calls, max_size=40))
def test_the_fold_of_the_written_ledger_is_the_live_state(make_market, clock, monday, script):
    exchange, _ = played(make_market, clock(monday, 9, 45), script)
    entries = read_again(written(exchange.ledger.entries))
    assert entries == exchange.ledger.entries
    state = AccountState()
    state.apply_all(entries)
    assert state == exchange.state


@quick
@given(script=st.lists(calls, max_size=40))
def test_the_account_adds_up_after_anything(make_market, clock, monday, script):
    exchange, _ = played(make_market, clock(monday, 9, 45), script)
    state = exchange.state
    assert state.cash >= 0
    assert exchange.buying_power() >= 0
    assert all(holding.qty > 0 for holding in state.held.values())
    for symbol in SYMBOLS:
        held = state.held[symbol].qty if symbol in state.held else 0
        if all(type(e).__name__ != "OrderForgotten" for e in exchange.ledger.entries):
            assert 0 <= state.reserved(symbol) <= held
    for order in state.orders.values():
        assert order.is_open is (order.id in state.open)
        assert order.qty is None or order.filled_qty <= order.qty
        assert order.notional is None or order.filled_value <= order.notional
    held_back = sum((state.held_by(identifier) for identifier in state.open), Decimal(0))
    assert state.held_cash == held_back


@quick
@given(script=st.lists(calls, max_size=30))
def test_the_same_calls_give_the_same_ledger(make_market, clock, monday, script):
    first, _ = played(make_market, clock(monday, 9, 45), script)
    second, _ = played(make_market, clock(monday, 9, 45), script)
    assert written(first.ledger.entries) == written(second.ledger.entries)


LEVERS = ("put", "part")
"""These end with the process, by design."""


@quick
@given(script=st.lists(calls.filter(lambda c: c[0] not in LEVERS), max_size=30), data=st.data())
def test_a_killed_simulator_ends_up_where_it_would_have(make_market, clock, monday, script, data):
    """Cut the ledger anywhere, start again, and let the time pass that would have passed."""
    exchange, at = played(make_market, clock(monday, 9, 45), script)
    end = at + timedelta(days=2)
    cut = data.draw(st.integers(1, len(exchange.ledger.entries)))
    content = written(exchange.ledger.entries)
    kept = Ledger(read_again(content)[:cut])
    again = opened(make_market, kept, at)
    again.advance(end)
    assert written(again.ledger.entries)[: len(written(kept.entries[:cut]))] in content
    state = AccountState()
    state.apply_all(again.ledger.entries)
    assert state == again.state
    assert all(
        order.status != "pending_new" or order.session > monday
        for order in again.state.open.values()
    )
    if cut == len(exchange.ledger.entries):
        exchange.advance(end)
        assert written(again.ledger.entries) == written(exchange.ledger.entries)


def test_orders_money_and_time_survive_a_kill(build, clock, monday):
    world = build(file="ledger", fill_ms=500)
    world.buy("FLAT", 10, client_order_id="mine")
    world.go(seconds=1)
    resting = world.buy("FLAT", 2, limit_price=15)
    on_its_way = world.buy("FLAT", 3)
    world.go(milliseconds=100)
    again = build(file="ledger", fill_ms=500, at=clock(monday, 8), cash=Decimal(1))
    assert again.at == on_its_way.created_at
    assert again.cash == 99_800
    assert again.exchange.order_of_client("mine", again.at).filled_qty == 10
    assert again.refused("buy", "FLAT", 1, client_order_id="mine").code == 40010001
    again.go(seconds=1)
    state = again.exchange.state
    assert state.orders[on_its_way.id].status == "filled"
    assert state.orders[resting.id].status == "new"


def test_what_was_due_while_it_was_down_is_done_at_its_time(build, clock, monday):
    world = build(file="ledger")
    resting = world.buy("DOWN", 2, limit_price=45)
    dropped = world.buy("FLAT", 2, limit_price=15)
    again = build(file="ledger", at=clock(monday, 20))
    orders = again.exchange.state.orders
    assert orders[resting.id].filled_avg_price == 45
    assert orders[dropped.id].expired_at == clock(monday, 16)
    assert [day for day, _ in again.exchange.equity_history(again.at)] == [monday]


def test_a_kill_in_the_middle_of_a_close_is_made_good(build, clock, monday):
    world = build(file="ledger")
    world.buy("FLAT", 2, limit_price=15)
    world.go(clock(monday, 17))
    entries = world.exchange.ledger.entries
    assert type(entries[-1]).__name__ == "SessionClosed"
    kept = Ledger(list(entries[:-1]))
    exchange = open_exchange(
        world.exchange.market,
        world.exchange.assets,
        Terms(),
        Switches(),
        kept,
        clock(monday, 17),
    ).unwrap()
    assert exchange.ledger.entries == entries


def test_splits_and_closures_survive(build, clock, monday):
    world = build(file="ledger")
    world.buy("FLAT", 10)
    world.exchange.split("FLAT", Decimal(4), world.at)
    world.exchange.close_market(monday, world.at)
    again = build(file="ledger", at=clock(monday, 12))
    view = again.exchange.position("FLAT", again.at)
    assert (view.qty, view.current_price) == (40, 5)
    assert not again.exchange.sessions.is_open(again.at)


def test_ids_are_the_same_in_every_run(build):
    ids = [[build().buy("FLAT", 1).id for _ in range(2)] for _ in range(2)]
    assert ids[0] == ids[1]


def test_a_ledger_of_another_account_is_refused(build, make_market, clock, monday):
    world = build()
    number = Terms(account_number="PA0OTHER")
    found = open_exchange(
        make_market(), listed(SYMBOLS), number, Switches(), world.exchange.ledger, world.at
    )
    assert isinstance(found, Failure)
    assert "PA0SIMULATED" in found.failure().why


def test_a_ledger_with_what_is_not_listed_is_refused(holding, make_market):
    ledger = holding.exchange.ledger
    found = open_exchange(make_market(), listed(["UP"]), Terms(), Switches(), ledger, holding.at)
    assert found.failure().why == "FLAT is in it, and not listed"


def test_entries_that_no_account_can_have_written_are_refused(holding, make_market):
    entries = holding.exchange.ledger.entries

    def fault(chosen):
        return open_exchange(
            make_market(), listed(SYMBOLS), Terms(), Switches(), Ledger(chosen), holding.at
        ).failure()

    assert fault(entries[1:]).line == 1
    assert fault([entries[0], *entries]).line == 2
    assert fault([entries[0], entries[-1]]).line == 2
