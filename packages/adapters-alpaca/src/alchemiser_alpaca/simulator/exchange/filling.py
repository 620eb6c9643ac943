"""Executions: how much of an order is filled, and what that moves."""

from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

import numpy as np

from alchemiser_alpaca.simulator.exchange.changes_of_state import abandon_successor, end
from alchemiser_alpaca.simulator.exchange.entries import Executed
from alchemiser_alpaca.simulator.exchange.order import SimulatedOrder, Status
from alchemiser_alpaca.simulator.exchange.order_fold import is_working
from alchemiser_alpaca.simulator.exchange.stops import waits_for_stop
from alchemiser_alpaca.simulator.exchange.timing import AT_ONCE, is_blocked, price_of, side_of
from alchemiser_core.domain.money import ZERO
from alchemiser_core.simulation.exchange.exact import EXACT, cash_change, exact_value, floored

if TYPE_CHECKING:
    from alchemiser_alpaca.simulator.exchange.engine import Engine

_SHARE = Decimal(1)
_FRACTION = Decimal("1E-9")
_TEN_THOUSAND = 10_000


def execute(engine: "Engine", order: SimulatedOrder) -> None:
    """Fill what can be filled now; what is left of an order for one moment is cancelled."""
    fill_if_possible(engine, order)
    if order.is_open and order.time_in_force in AT_ONCE:
        end(engine, order, Status.CANCELED)


def cancel(engine: "Engine", order: SimulatedOrder) -> None:
    """A cancel takes effect, unless what can be executed is executed first."""
    can_be_filled = is_working(order) and not waits_for_stop(order)
    session = engine.sessions.day(order.session)
    is_open = session is not None and session.is_open(engine.now, order.extended_hours)
    if engine.switches.cancel_fill_race and can_be_filled and is_open:
        fill_if_possible(engine, order)
    if order.is_open:
        end(engine, order, Status.CANCELED)


def fill_if_possible(engine: "Engine", order: SimulatedOrder) -> None:
    """Fill the order, or a part of it, where the market allows."""
    price = None if is_blocked(engine, order) else price_of(engine, order, engine.now)
    if price is None:
        return
    whole = _whole(engine, order, price)
    if whole <= ZERO:
        end(engine, order, Status.CANCELED, "what is left is less than a share can be cut into")
        return
    qty = _part(engine, order, whole)
    if order.time_in_force == "fok" and qty < whole:
        return
    _fill(engine, order, price, qty, is_last=qty == whole)


def _fill(
    engine: "Engine", order: SimulatedOrder, price: Decimal, qty: Decimal, is_last: bool
) -> None:
    next_part = None if is_last else engine.now + engine.switches.next_part_time
    engine.record(
        Executed(
            execution_id=engine.name("execution", len(engine.ledger.entries) + 1),
            order_id=order.id,
            client_order_id=order.client_order_id,
            symbol=order.symbol,
            side=order.side,
            qty=qty,
            price=price,
            cash=_cash(order, exact_value(qty, price)),
            is_last=is_last,
            works_from=next_part,
            at=engine.now,
        )
    )
    if is_last:
        abandon_successor(engine, order)


def _cash(order: SimulatedOrder, value: Decimal) -> Decimal:
    """What another execution moves: the order's whole value is rounded against the account."""
    side, total = side_of(order), EXACT.add(order.filled_value, value)
    moved = EXACT.minus(order.moved_cash) if order.is_buy else order.moved_cash
    return EXACT.subtract(cash_change(side, total, ZERO), moved)


def _whole(engine: "Engine", order: SimulatedOrder, price: Decimal) -> Decimal:
    """All that is left of the order, in shares."""
    if order.notional is None:
        return order.remaining
    left = EXACT.subtract(order.notional, order.filled_value)
    shares = EXACT.divide(left, price).quantize(_FRACTION, ROUND_FLOOR, EXACT)
    if order.is_buy:
        return shares
    held = engine.state.held.get(order.symbol)
    reserved = EXACT.subtract(order.held_qty, order.filled_qty)
    return min(shares, reserved, ZERO if held is None else held.qty)


def _part(engine: "Engine", order: SimulatedOrder, whole: Decimal) -> Decimal:
    """As much of it as this execution takes: all, or what a script or a draw says."""
    script = engine.levers.take_part(order.symbol)
    if script is not None:
        everything = EXACT.add(order.filled_qty, whole)
        wanted = EXACT.multiply(everything, script.fraction)
    else:
        wanted = EXACT.multiply(whole, _drawn(engine, order))
    increment = _SHARE if whole == whole.to_integral_value() else _FRACTION
    part = floored(wanted, increment)
    return part if ZERO < part < whole else whole


def _drawn(engine: "Engine", order: SimulatedOrder) -> Decimal:
    """A fraction from 1 % to 99 % with the probability of the switch, else 1.

    It depends on the seed, the order and how often it was executed, and on nothing else, so that a
    simulator that was killed draws the same after its restart.
    """
    probability = engine.switches.partial_fill_probability
    if not probability:
        return _SHARE
    random = np.random.default_rng([engine.terms.seed, order.number, order.executions])
    if int(random.integers(_TEN_THOUSAND)) >= probability * _TEN_THOUSAND:
        return _SHARE
    return EXACT.divide(Decimal(int(random.integers(1, 100))), Decimal(100))
