"""Sizing buys: from cash that is confirmed, less what open buys and the broker hold back."""

from collections.abc import Mapping
from decimal import Decimal, localcontext

from alchemiser_core.domain.allocation.sizing import FINEST
from alchemiser_core.domain.instrument import Instruments
from alchemiser_core.domain.money import ARITHMETIC, CENT, ZERO, Usd
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.orders.intent import OrderIntent
from alchemiser_core.domain.orders.submission import RejectionKind
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.execution.progress import OrderProgress
from alchemiser_core.execution.state import ExecutionState

ONE = Decimal(1)


def expected_cash(state: ExecutionState) -> Decimal:
    """Cash of the books that trade as the fills known so far leave it, US dollars.

    A sell whose price is not known yet has brought nothing.
    """
    cash: Decimal = state.plan.cash
    for progress in state.orders.values():
        value = progress.filled_value or ZERO
        if progress.request.side is Side.SELL:
            cash += value - progress.costs
        else:
            cash -= value + progress.costs
    return cash


def confirmed_cash(state: ExecutionState, broker_cash: Usd) -> Decimal:
    """The smaller of what the fills say and what the broker says; US dollars of these books."""
    return min(expected_cash(state), _by_broker(state, broker_cash))


def is_lagging(state: ExecutionState, broker_cash: Usd) -> bool:
    """Whether the broker's cash does not show yet what has been filled."""
    missing = expected_cash(state) - _by_broker(state, broker_cash)
    return missing > state.rules.cash_tolerance


def size_buys(
    state: ExecutionState, wanted: Mapping[Symbol, Decimal], broker_cash: Usd
) -> tuple[Usd, dict[Symbol, Decimal]]:
    """What there is to spend, and how many shares of each wish it pays for.

    Where the wishes with costs and the broker's collar exceed it, all are lowered by one factor. A
    cent for each order stays back, because brokers charge whole cents.
    """
    with localcontext(ARITHMETIC):
        spendable = confirmed_cash(state, broker_cash) - state.plan.kept_cash - _held_back(state)
        spendable -= CENT * len(wanted)
        load = (1 + _cost_rate(state)) * (1 + state.rules.market_collar)
        values = (q * _held_price(state, s) for s, q in wanted.items())
        needed = sum(values, start=ZERO) * load
        if needed <= spendable:
            return Usd(spendable), dict(wanted)
        factor = max(spendable, ZERO) / needed
        sized = {
            s: _payable(state.lines[s].intent, q * factor, state.instruments)
            for s, q in wanted.items()
        }
        return Usd(spendable), sized


def _held_price(state: ExecutionState, symbol: Symbol) -> Decimal:
    """What a share is assumed to take: the plan's price, and more where the broker has refused a
    buy for want of cash, because it goes by a price of its own.
    """
    line = state.lines[symbol]
    kinds = (progress.refused for progress in state.orders_of(line))
    refused = any(kind is RejectionKind.INSUFFICIENT_CASH for kind in kinds)
    return line.intent.price * (1 + state.rules.cash_haircut if refused else ONE)


def _payable(intent: OrderIntent, quantity: Decimal, instruments: Instruments) -> Decimal:
    """A quantity in whole steps, or none where the broker takes no order so small."""
    instrument = instruments[intent.symbol]
    step = instrument.quantity_increment or FINEST
    stepped = quantity // step * step  # planning forgives noise, cash does not
    too_small = stepped * intent.price < instrument.minimum_order_value
    return ZERO if too_small else stepped


def _by_broker(state: ExecutionState, broker_cash: Usd) -> Decimal:
    return state.plan.cash + (broker_cash - state.plan.account_cash)


def _cost_rate(state: ExecutionState) -> Decimal:
    plan = state.plan.plan
    traded = sum((order.value for order in plan.orders), start=ZERO)
    return plan.expected_costs / traded if traded else ZERO


def _held_back(state: ExecutionState) -> Decimal:
    """What buys that are open, or may be, can still take."""
    load = (1 + _cost_rate(state)) * (1 + state.rules.market_collar)
    buys = (p for p in state.orders.values() if p.request.side is Side.BUY)
    return sum((_open_value(state, p) for p in buys), start=ZERO) * load


def _open_value(state: ExecutionState, progress: OrderProgress) -> Decimal:
    """What an open buy can still take, without costs and collar."""
    request = progress.request
    quantity = progress.open_quantity
    if progress.filled_value is None:
        quantity = request.quantity
    price = request.limit_price or state.lines[request.symbol].intent.price
    return quantity * price
