"""What a client asks of orders that are there: cancel, replace, close a position."""

from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from returns.result import Failure, Result, Success

from alchemiser_alpaca.simulator.exchange import refusal
from alchemiser_alpaca.simulator.exchange.changes_of_state import (
    change,
    end,
    put_back,
)
from alchemiser_alpaca.simulator.exchange.entries import CancelRefused, ReplaceRefused
from alchemiser_alpaca.simulator.exchange.order import SimulatedOrder, Status
from alchemiser_alpaca.simulator.exchange.refusal import Refusal
from alchemiser_alpaca.simulator.exchange.submission import Manner, submit
from alchemiser_alpaca.simulator.exchange.switches import (
    CancelAgain,
    EarlyReplace,
    ReplacedQuantity,
)
from alchemiser_alpaca.simulator.exchange.ticket import Changes, OrderTicket
from alchemiser_core.simulation.exchange.exact import EXACT

if TYPE_CHECKING:
    from alchemiser_alpaca.simulator.exchange.engine import Engine

_FRACTION = Decimal("1E-9")
_PERCENT = Decimal(100)
_NOT_SENT = (Status.ACCEPTED, Status.PENDING_NEW, Status.PENDING_CANCEL, Status.PENDING_REPLACE)


# Cancel


def cancel(engine: "Engine", order_id: str) -> Result[None, Refusal]:
    """Ask for a cancel; one that is asked for already is not asked for again."""
    order = engine.state.orders.get(order_id)
    found = _no_cancel(engine, order_id, order)
    if found is not None:
        refused = CancelRefused(order_id, found.status, found.code, found.message, engine.now)
        engine.record(refused)
        return Failure(found)
    if order is not None and order.is_open and order.status is not Status.PENDING_CANCEL:
        ask_cancel(engine, order)
    return Success(None)


def cancel_all(engine: "Engine") -> tuple[tuple[str, Refusal | None], ...]:
    """Ask for the cancel of every open order."""
    answers = [(identifier, cancel(engine, identifier)) for identifier in list(engine.state.open)]
    return tuple(
        (identifier, answer.failure() if isinstance(answer, Failure) else None)
        for identifier, answer in answers
    )


def ask_cancel(engine: "Engine", order: SimulatedOrder) -> None:
    """The order is on its way out; one that was to replace another is out at once."""
    if engine.state.waits(order):
        older = engine.state.orders[order.replaces or ""]
        end(engine, order, Status.CANCELED)
        if older.status is Status.PENDING_REPLACE:
            put_back(engine, older)
        engine.plan(order)
        return
    engine.levers.forced.discard(order.id)
    change(engine, order, Status.PENDING_CANCEL, works_from=order.works_from)
    engine.plan(order)


def _no_cancel(engine: "Engine", order_id: str, order: SimulatedOrder | None) -> Refusal | None:
    if order is None:
        return refusal.order_not_found(order_id)
    if order.is_open:
        return None
    may_repeat = engine.switches.cancel_again is CancelAgain.SUCCESS
    if order.status is Status.CANCELED and may_repeat:
        return None
    return refusal.already(order.status)


# Replace


def replace(engine: "Engine", order_id: str, changes: Changes) -> Result[SimulatedOrder, Refusal]:
    """Ask for another order in the place of one: the new one, which may still be rejected."""
    order = engine.state.orders.get(order_id)
    if order is None:
        return _refused(engine, order_id, changes, refusal.order_not_found(order_id))
    found = _no_replacement(order, changes)
    if found is not None and not _is_done_anyway(engine, order):
        return _refused(engine, order_id, changes, found)
    taken = submit(engine, _successor(engine, order, changes), Manner(replaces=order))
    if isinstance(taken, Failure):
        return _refused(engine, order_id, changes, taken.failure())
    if found is not None:
        return _refused(engine, order_id, changes, found)
    return taken


def _is_done_anyway(engine: "Engine", order: SimulatedOrder) -> bool:
    """Whether the order is replaced although the answer is that it is too early for that."""
    switched = engine.switches.replace_before_new is EarlyReplace.REFUSED_BUT_DONE
    early = order.status in (Status.ACCEPTED, Status.PENDING_NEW)
    return switched and early and order.qty is not None and not engine.state.waits(order)


def _refused(
    engine: "Engine", order_id: str, changes: Changes, found: Refusal
) -> Result[SimulatedOrder, Refusal]:
    refused = ReplaceRefused(order_id, changes, found.status, found.code, found.message, engine.now)
    engine.record(refused)
    return Failure(found)


def _no_replacement(order: SimulatedOrder, changes: Changes) -> Refusal | None:
    if not order.is_open:
        return refusal.replace_not_open()
    if order.status in _NOT_SENT:
        return refusal.not_sent_yet()
    if order.notional is not None or order.qty is None:
        return refusal.cannot_replace("notional orders cannot be replaced")
    if changes.qty is not None and changes.qty != order.qty:
        fractions = EXACT.remainder(order.qty, Decimal(1)) or EXACT.remainder(
            changes.qty, Decimal(1)
        )
        if fractions:
            return refusal.cannot_replace("fractional quantities cannot be changed")
        if changes.qty <= order.filled_qty:
            return refusal.cannot_replace("qty must be greater than what is filled")
    return refusal.nothing_changed() if _is_same(order, changes) else None


def _is_same(order: SimulatedOrder, changes: Changes) -> bool:
    trail = order.trail_percent if order.trail_price is None else order.trail_price
    asked = (
        (changes.qty, order.qty),
        (changes.time_in_force, order.time_in_force),
        (changes.limit_price, order.limit_price),
        (changes.stop_price, order.stop_price),
        (changes.trail, trail),
    )
    return all(new is None or new == old for new, old in asked)


def _successor(engine: "Engine", order: SimulatedOrder, changes: Changes) -> OrderTicket:
    keeps_filled = engine.switches.replaced_quantity is ReplacedQuantity.ORIGINAL
    kept = order.qty if keeps_filled else order.remaining
    trailing = order.type == "trailing_stop"
    by_price = order.trail_price is not None
    trail = changes.trail
    return OrderTicket(
        symbol=order.symbol,
        side=order.side,
        type=order.type,
        time_in_force=changes.time_in_force or order.time_in_force,
        qty=kept if changes.qty is None else changes.qty,
        limit_price=_or(changes.limit_price, order.limit_price),
        stop_price=None if trailing else _or(changes.stop_price, order.stop_price),
        trail_price=_or(trail, order.trail_price) if by_price else None,
        trail_percent=None if by_price else _or(trail, order.trail_percent),
        extended_hours=order.extended_hours,
        client_order_id=changes.client_order_id,
        order_class=order.order_class,
        position_intent=order.position_intent,
    )


def _or(new: Decimal | None, old: Decimal | None) -> Decimal | None:
    return old if new is None else new


# Positions


def close_position(
    engine: "Engine", symbol_or_id: str, qty: Decimal | None, percentage: Decimal | None
) -> Result[SimulatedOrder, Refusal]:
    """Sell all of it at the market, or a number of shares, or a percentage."""
    asset = engine.assets.find(symbol_or_id)
    held = None if asset is None else engine.state.held.get(asset.symbol)
    if asset is None or held is None:
        return Failure(refusal.position_not_found())
    shares = held.qty if qty is None else qty
    if percentage is not None and qty is None:
        share = EXACT.divide(EXACT.multiply(held.qty, percentage), _PERCENT)
        shares = share.quantize(_FRACTION, ROUND_FLOOR, EXACT)
    ticket = OrderTicket(symbol=asset.symbol, side="sell", qty=shares)
    return submit(engine, ticket, Manner(closes_position=True))


def close_all(
    engine: "Engine", cancel_orders: bool
) -> tuple[tuple[str, SimulatedOrder | Refusal], ...]:
    """Sell every position, by symbol; open orders are first cancelled, at once."""
    if cancel_orders:
        for order in list(engine.state.open.values()):
            if order.is_open:
                end(engine, order, Status.CANCELED)
                engine.plan(order)
    answers: list[tuple[str, SimulatedOrder | Refusal]] = []
    for symbol in sorted(engine.state.held):
        sold = close_position(engine, symbol, None, None)
        answers.append((symbol, sold.failure() if isinstance(sold, Failure) else sold.unwrap()))
    return tuple(answers)
