"""For any stream of orders the account is the sum of its ledger, in whole cents, never below 0."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from alchemiser_core.domain.allocation.plan_rules import TradingCosts
from alchemiser_core.domain.instrument import fractional_shares
from alchemiser_core.domain.money import CENT
from alchemiser_core.domain.orders.identifiers import ClientOrderId, Side
from alchemiser_core.domain.orders.order import OrderRequest, OrderType
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.simulation.exchange import FixedMarket, RandomParts, SimulatedExchange
from alchemiser_core.simulation.exchange.state import ExchangeState

START = datetime(2025, 3, 14, 14, tzinfo=UTC)
SYMBOLS = (Symbol("A"), Symbol("B"))
OPENING = Decimal("5000.00")

prices = st.floats(0.5, 2000, allow_nan=False).map(lambda x: Decimal(repr(x)))
quantities = st.integers(1, 30_000_000_000).map(lambda n: Decimal(n).scaleb(-9))
symbols = st.sampled_from(SYMBOLS)
sides = st.sampled_from(list(Side))
seconds = st.integers(0, 90).map(lambda n: timedelta(seconds=n))
limits = st.none() | st.integers(50, 200_000).map(lambda n: Decimal(n).scaleb(-2))

steps = st.one_of(
    st.tuples(st.just("submit"), symbols, sides, quantities, limits),
    st.tuples(st.just("sell all"), symbols),
    st.tuples(st.just("price"), symbols, prices),
    st.tuples(st.just("wait"), seconds),
    st.tuples(st.just("cancel"), st.integers(1, 12)),
    st.tuples(st.just("halt"), symbols),
    st.tuples(st.just("deposit"), st.integers(1, 10**6)),
    st.tuples(st.just("split"), symbols, st.sampled_from(["2", "0.1", "1.5", "0.333"])),
    st.tuples(
        st.just("end"),
    ),
)
behaviours = st.tuples(st.integers(0, 50), seconds, seconds, st.floats(0, 1), st.integers(0, 10**6))


def exchange_that(behaviour) -> SimulatedExchange:
    bps, latency, cancel_delay, probability, seed = behaviour
    market = FixedMarket.of(dict.fromkeys(SYMBOLS, "97.531"))
    exchange = SimulatedExchange("T", market, fractional_shares(SYMBOLS))
    exchange.behaviour.costs = TradingCosts(Decimal(bps))
    exchange.behaviour.latency = latency
    exchange.behaviour.cancel_delay = cancel_delay
    random = np.random.default_rng(seed)
    exchange.behaviour.fills = RandomParts(random, probability, timedelta(seconds=30))
    exchange.fund(OPENING, START)
    return exchange


def play(exchange: SimulatedExchange, script) -> None:
    now = START
    for number, step in enumerate(script):
        match step:
            case ("submit", symbol, side, quantity, limit):
                exchange.submit(request(number, symbol, side, quantity, limit), now)
            case ("sell all", symbol) if symbol in exchange.held:
                held = exchange.held[symbol]
                exchange.submit(request(number, symbol, Side.SELL, held, None), now)
            case ("price", symbol, price):
                exchange.market.put(symbol, price, price + CENT)
            case ("wait", delay):
                now += delay
                exchange.advance(now)
            case ("cancel", which):
                exchange.cancel(f"T-o{which}", now)
            case ("halt", symbol):
                exchange.behaviour.halted.symmetric_difference_update({symbol})
            case ("deposit", cents):
                exchange.deposit(Decimal(cents).scaleb(-2), now.date(), now)
            case ("split", symbol, ratio):
                exchange.split(symbol, Decimal(ratio), now.date(), now)
            case ("end",):
                exchange.end_session(now)
        check(exchange)


def request(number, symbol, side, quantity, limit) -> OrderRequest:
    kind = OrderType.MARKET if limit is None else OrderType.LIMIT
    return OrderRequest(ClientOrderId(f"id-{number}"), symbol, side, quantity, kind, limit)


def check(exchange: SimulatedExchange) -> None:
    assert exchange.cash >= 0
    assert exchange.cash == exchange.cash.quantize(CENT)
    assert all(quantity > 0 for quantity in exchange.held.values())
    assert exchange.state.held_cash() >= 0
    for held in exchange.positions():
        assert 0 <= held.available <= held.quantity


def balance(exchange: SimulatedExchange) -> Decimal:
    """Cash from the orders' own words, without the exchange's arithmetic."""
    cash = OPENING
    for order in exchange.orders(START.date()):
        change = order.filled_value * (-1 if order.side is Side.BUY else 1)
        cash += change - order.costs
    for activity in exchange.activities(START.date()):
        cash += getattr(activity, "amount", 0) + getattr(activity, "cash_in_lieu", 0)
    return cash


@given(behaviours, st.lists(steps, max_size=40))
def test_cash_and_orders_add_up_to_the_cent(behaviour, script):
    exchange = exchange_that(behaviour)
    play(exchange, script)
    assert exchange.cash == balance(exchange)
    assert exchange.cash == sum(change.amount for change in exchange.cash_history)
    for order in exchange.orders(START.date()):
        own = [e for e in exchange.executions if e.broker_order_id == order.broker_order_id]
        assert order.filled_quantity == sum(e.quantity for e in own) <= order.quantity
        assert order.filled_value == sum(e.value for e in own)
        assert order.costs == sum(e.costs for e in own)
        assert order.costs >= 0


@given(behaviours, st.lists(steps.filter(lambda step: step[0] != "split"), max_size=40))
def test_positions_are_the_sum_of_executions(behaviour, script):
    exchange = exchange_that(behaviour)
    play(exchange, script)
    summed = dict.fromkeys(SYMBOLS, Decimal(0))
    for e in exchange.executions:
        summed[e.symbol] += e.quantity if e.side is Side.BUY else -e.quantity
    assert exchange.held == {s: q for s, q in summed.items() if q}


@given(behaviours, st.lists(steps, max_size=40))
def test_the_account_is_the_fold_of_its_entries(behaviour, script):
    exchange = exchange_that(behaviour)
    play(exchange, script)
    again = ExchangeState()
    again.apply_all(exchange.state.entries)
    assert again == exchange.state


@given(behaviours, st.lists(steps, max_size=30))
def test_the_same_orders_have_the_same_ledger(behaviour, script):
    first, second = exchange_that(behaviour), exchange_that(behaviour)
    play(first, script)
    play(second, script)
    assert first.state.entries == second.state.entries
