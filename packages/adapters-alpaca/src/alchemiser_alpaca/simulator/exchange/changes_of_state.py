"""How orders come from one state into the next without an execution."""

from datetime import datetime
from typing import TYPE_CHECKING

from alchemiser_alpaca.simulator.exchange.entries import Replaced, StatusChanged
from alchemiser_alpaca.simulator.exchange.order import SimulatedOrder, Status
from alchemiser_alpaca.simulator.exchange.order_fold import filled_so_far
from alchemiser_alpaca.simulator.exchange.stops import follow
from alchemiser_alpaca.simulator.exchange.switches import DayEnd

if TYPE_CHECKING:
    from alchemiser_alpaca.simulator.exchange.engine import Engine


def open_session(engine: "Engine", order: SimulatedOrder) -> None:
    """An order that waited for its session is on its way to the exchange."""
    change(engine, order, Status.PENDING_NEW, works_from=engine.now + engine.switches.pending_time)


def activate(engine: "Engine", order: SimulatedOrder) -> None:
    """The exchange has the order, or rejects it."""
    words = engine.levers.rejecting.get(order.symbol)
    if words is not None:
        end(engine, order, Status.REJECTED, words)
        return
    status = filled_so_far(order)
    change(engine, order, status, works_from=engine.now + engine.switches.fill_time)


def replace(engine: "Engine", order: SimulatedOrder) -> None:
    """The order makes way for its successor; one whose successor is gone is as it was before."""
    if order.successor is None:
        put_back(engine, order)
        return
    works_from = engine.now + engine.switches.fill_time
    engine.record(Replaced(order.id, order.successor, works_from, engine.now))


def put_back(engine: "Engine", order: SimulatedOrder) -> None:
    """The order is at the exchange, and no longer on its way out."""
    change(engine, order, filled_so_far(order), works_from=order.works_from)


def rest(engine: "Engine", order: SimulatedOrder) -> None:
    """The order waits for the next session."""
    if order.type == "trailing_stop":
        follow(engine, order)
    abandon_successor(engine, order)
    following = engine.sessions.current(engine.now, order.extended_hours)
    if following is None:
        change(engine, order, Status.DONE_FOR_DAY)
        return
    opens = following.hours(order.extended_hours)[0]
    engine.record(
        StatusChanged(
            order.id,
            Status.DONE_FOR_DAY,
            engine.now,
            works_from=opens,
            session=following.day,
        )
    )


def expire(engine: "Engine", order: SimulatedOrder) -> None:
    """The session of the order is over; what was called off before it began goes to the next."""
    session = engine.sessions.day(order.session)
    if session is None and order.status is Status.ACCEPTED:
        following = engine.sessions.current(engine.now, order.extended_hours)
        if following is not None:
            opens = following.hours(order.extended_hours)[0]
            moved = StatusChanged(
                order.id, order.status, engine.now, works_from=opens, session=following.day
            )
            engine.record(moved)
            return
    expires = engine.switches.day_end_status is DayEnd.EXPIRED
    end(engine, order, Status.EXPIRED if expires else Status.CANCELED)


def end(engine: "Engine", order: SimulatedOrder, status: Status, reason: str = "") -> None:
    """The order is over, and whatever was to replace it is rejected."""
    change(engine, order, status, reason)
    abandon_successor(engine, order)


def abandon_successor(engine: "Engine", order: SimulatedOrder) -> None:
    """What was to replace the order never will."""
    successor = engine.state.orders.get(order.successor or "")
    if successor is not None:
        words = f"the order to replace is {order.status}"
        change(engine, successor, Status.REJECTED, words)


def change(
    engine: "Engine",
    order: SimulatedOrder,
    status: Status,
    reason: str = "",
    works_from: datetime | None = None,
) -> None:
    """Write that an order is in another state now."""
    engine.record(StatusChanged(order.id, status, engine.now, reason, works_from))
