"""What an order does next by itself, and when: the state machine of the orders."""

from collections.abc import Iterator
from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING

from attrs import frozen

from alchemiser_alpaca.simulator.exchange import changes_of_state as states
from alchemiser_alpaca.simulator.exchange import filling, stops, timing
from alchemiser_alpaca.simulator.exchange.order import SimulatedOrder, Status
from alchemiser_alpaca.simulator.exchange.order_fold import is_working

if TYPE_CHECKING:
    from alchemiser_alpaca.simulator.exchange.engine import Engine


class Action(IntEnum):
    """What an order may do next; of two that are due at once the smaller is first."""

    OPEN = 1
    """It waited for its session."""
    ACTIVATE = 2
    """It comes to the exchange."""
    TRIGGER = 3
    """Its stop is reached."""
    EXECUTE = 4
    REPLACE = 5
    CANCEL = 6
    REST = 7
    """It is good till cancelled, and its session is over."""
    EXPIRE = 8
    AGE = 9
    """It is good till cancelled, and too old."""


@frozen
class Step:
    """One of them, with its time."""

    due: datetime
    action: Action


def next_step(engine: "Engine", order: SimulatedOrder) -> Step | None:
    """What the order does next if nothing else happens; `None`: nothing."""
    if not order.is_open or engine.state.waits(order):
        return None
    found = min(_steps(engine, order), default=None)
    return None if found is None else Step(*found)


def take(engine: "Engine", order: SimulatedOrder, action: Action) -> None:
    """Do it."""
    match action:
        case Action.OPEN:
            states.open_session(engine, order)
        case Action.ACTIVATE:
            states.activate(engine, order)
        case Action.TRIGGER:
            stops.trigger(engine, order)
        case Action.EXECUTE:
            filling.execute(engine, order)
        case Action.REPLACE:
            states.replace(engine, order)
        case Action.CANCEL:
            filling.cancel(engine, order)
        case Action.REST:
            states.rest(engine, order)
        case Action.EXPIRE:
            states.expire(engine, order)
        case Action.AGE:
            states.end(engine, order, Status.CANCELED, "the order is too old")


def follow_price(engine: "Engine", order: SimulatedOrder) -> None:
    """A trailing stop that works moves with the price."""
    if order.type == "trailing_stop" and is_working(order):
        stops.follow(engine, order)


def _steps(engine: "Engine", order: SimulatedOrder) -> Iterator[tuple[datetime, Action]]:
    if order.id not in engine.levers.forced:
        yield from _progress(engine, order)
        yield from _execution(engine, order)
    yield from _end(engine, order)


def _progress(engine: "Engine", order: SimulatedOrder) -> Iterator[tuple[datetime, Action]]:
    switches, levers, from_then = engine.switches, engine.levers, order.works_from
    match order.status:
        case Status.ACCEPTED if from_then is not None:
            yield from_then, Action.OPEN
        case Status.PENDING_NEW if from_then is not None and not levers.stuck_new:
            yield from_then, Action.ACTIVATE
        case Status.DONE_FOR_DAY if from_then is not None:
            yield from_then, Action.ACTIVATE
        case Status.PENDING_CANCEL if not levers.stuck_cancel:
            yield order.since + switches.cancel_time, Action.CANCEL
        case Status.PENDING_REPLACE:
            yield order.since + switches.replace_time, Action.REPLACE


def _execution(engine: "Engine", order: SimulatedOrder) -> Iterator[tuple[datetime, Action]]:
    if not is_working(order):
        return
    if stops.waits_for_stop(order):
        reached = stops.stop_due(engine, order)
        if reached is not None:
            yield reached, Action.TRIGGER
    else:
        due = timing.execution_due(engine, order)
        if due is not None:
            yield due, Action.EXECUTE


def _end(engine: "Engine", order: SimulatedOrder) -> Iterator[tuple[datetime, Action]]:
    """Stuck orders have none."""
    levers, status = engine.levers, order.status
    if status is Status.PENDING_CANCEL and levers.stuck_cancel:
        return
    if status is Status.PENDING_NEW and levers.stuck_new:
        return
    if order.time_in_force != "gtc":
        yield timing.end_of(engine, order), Action.EXPIRE
        return
    if order.expires_at is not None:
        yield order.expires_at, Action.AGE
    if is_working(order) and status is not Status.PENDING_CANCEL:
        yield timing.end_of(engine, order), Action.REST
