"""Which trade updates a ledger entry makes, in the order in which a stream tells them."""

from collections.abc import Iterator

from alchemiser_alpaca.simulator.exchange.entries import (
    Entry,
    Executed,
    OrderTaken,
    Replaced,
    StatusChanged,
)
from alchemiser_alpaca.simulator.exchange.order import Status
from alchemiser_alpaca.simulator.exchange.state import AccountState
from alchemiser_alpaca.simulator.exchange.updates import TradeUpdate
from alchemiser_core.domain.money import ZERO


def updates_of(entry: Entry, state: AccountState, name: str) -> Iterator[TradeUpdate]:
    """The updates of an entry that the state has taken in; `name` is the id of the event."""
    match entry:
        case OrderTaken():
            yield _taken(entry, state)
        case StatusChanged():
            yield _changed(entry, state, name)
        case Executed():
            yield _executed(entry, state)
        case Replaced():
            for event, order_id in (("replaced", entry.order_id), ("new", entry.successor)):
                order = state.orders[order_id].snapshot()
                yield TradeUpdate(event, order, entry.at, name)


def _taken(entry: OrderTaken, state: AccountState) -> TradeUpdate:
    """A new order, or that an old one is to be replaced by it."""
    if entry.replaces is not None:
        return TradeUpdate("pending_replace", state.orders[entry.replaces].snapshot(), entry.at)
    return TradeUpdate(entry.status.value, state.orders[entry.order_id].snapshot(), entry.at)


def _changed(entry: StatusChanged, state: AccountState, name: str) -> TradeUpdate:
    order = state.orders[entry.order_id].snapshot()
    event = entry.status.value
    if entry.status is Status.REJECTED and order.replaces is not None and not order.at_exchange:
        event = "order_replace_rejected"
    first = entry.status is Status.PENDING_NEW
    return TradeUpdate(event, order, entry.at, None if first else name)


def _executed(entry: Executed, state: AccountState) -> TradeUpdate:
    held = state.held.get(entry.symbol)
    return TradeUpdate(
        event="fill" if entry.is_last else "partial_fill",
        order=state.orders[entry.order_id].snapshot(),
        at=entry.at,
        execution_id=entry.execution_id,
        price=entry.price,
        qty=entry.qty,
        position_qty=ZERO if held is None else held.qty,
    )
