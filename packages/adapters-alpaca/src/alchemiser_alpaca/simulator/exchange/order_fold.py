"""How ledger entries change an order: the part of the fold that concerns one order alone."""

from alchemiser_alpaca.simulator.exchange.entries import (
    Executed,
    OrderTaken,
    Replaced,
    StatusChanged,
    TrailMoved,
)
from alchemiser_alpaca.simulator.exchange.order import SimulatedOrder, Status
from alchemiser_core.domain.money import ZERO
from alchemiser_core.simulation.exchange.exact import EXACT, exact_value

_ON_THE_WAY_OUT = (Status.PENDING_CANCEL, Status.PENDING_REPLACE)
_AT_THE_EXCHANGE = (Status.NEW, Status.PARTIALLY_FILLED)


def taken(entry: OrderTaken, number: int) -> SimulatedOrder:
    """The order that a request became."""
    ticket, at = entry.ticket, entry.at
    return SimulatedOrder(
        id=entry.order_id,
        client_order_id=ticket.client_order_id or entry.order_id,
        symbol=ticket.symbol,
        asset_id=entry.asset_id,
        side=ticket.side,
        type=ticket.type,
        time_in_force=ticket.time_in_force,
        order_class=ticket.order_class,
        qty=ticket.qty,
        notional=ticket.notional,
        limit_price=ticket.limit_price,
        stop_price=ticket.stop_price if entry.stop_price is None else entry.stop_price,
        trail_price=ticket.trail_price,
        trail_percent=ticket.trail_percent,
        hwm=entry.hwm,
        extended_hours=ticket.extended_hours,
        position_intent=ticket.position_intent,
        status=entry.status,
        created_at=at,
        updated_at=at,
        submitted_at=at,
        expires_at=entry.expires_at,
        replaces=entry.replaces,
        number=number,
        session=entry.session,
        since=at,
        works_from=entry.works_from,
        cap=entry.cap,
        held_price=entry.held_price,
        held_qty=entry.held_qty,
    )


def change_status(order: SimulatedOrder, entry: StatusChanged) -> None:
    """The order came into another state without an execution."""
    at = entry.at
    _step_into(order, entry)
    order.works_from = entry.works_from
    if entry.session is not None:
        order.session = entry.session
    match entry.status:
        case Status.CANCELED:
            order.canceled_at = at
        case Status.EXPIRED:
            order.expired_at = at
        case Status.REJECTED:
            order.failed_at = at
            order.reject_reason = entry.reason
        case Status.NEW | Status.PARTIALLY_FILLED:
            order.at_exchange = True


def execute(order: SimulatedOrder, entry: Executed) -> None:
    """A part of the order, or all that was left, was filled."""
    order.filled_qty = EXACT.add(order.filled_qty, entry.qty)
    order.filled_value = EXACT.add(order.filled_value, exact_value(entry.qty, entry.price))
    order.moved_cash = EXACT.add(order.moved_cash, EXACT.abs(entry.cash))
    order.executions += 1
    order.works_from = entry.works_from
    order.updated_at = entry.at
    if entry.is_last:
        order.status, order.since, order.filled_at = Status.FILLED, entry.at, entry.at
    elif order.status not in _ON_THE_WAY_OUT:
        order.status, order.since = Status.PARTIALLY_FILLED, entry.at


def move_trail(order: SimulatedOrder, entry: TrailMoved) -> None:
    """The stop follows the best price."""
    order.hwm, order.stop_price, order.updated_at = entry.hwm, entry.stop_price, entry.at


def ask_replacement(order: SimulatedOrder, entry: OrderTaken) -> None:
    """The order waits to make way for the one that was taken."""
    order.status, order.since, order.updated_at = Status.PENDING_REPLACE, entry.at, entry.at
    order.successor = entry.order_id


def replace(order: SimulatedOrder, successor: SimulatedOrder, entry: Replaced) -> None:
    """The order made way; its successor is at the exchange."""
    at = entry.at
    order.status, order.since, order.updated_at = Status.REPLACED, at, at
    order.replaced_at, order.replaced_by, order.successor = at, successor.id, None
    successor.status, successor.since, successor.updated_at = Status.NEW, at, at
    successor.at_exchange, successor.works_from = True, entry.works_from


def is_working(order: SimulatedOrder) -> bool:
    """Whether the order can be executed: it is at the exchange, maybe on its way out."""
    return order.at_exchange and order.status in (*_AT_THE_EXCHANGE, *_ON_THE_WAY_OUT)


def filled_so_far(order: SimulatedOrder) -> Status:
    """The state of an order that is at the exchange, by what was filled of it."""
    return Status.PARTIALLY_FILLED if order.filled_qty > ZERO else Status.NEW


def _step_into(order: SimulatedOrder, entry: StatusChanged) -> None:
    order.status, order.since, order.updated_at = entry.status, entry.at, entry.at
