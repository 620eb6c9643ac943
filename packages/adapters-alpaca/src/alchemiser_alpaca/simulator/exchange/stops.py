"""Stop orders: when a stop is reached, and trailing stops that follow the price."""

from datetime import datetime
from typing import TYPE_CHECKING

from alchemiser_alpaca.simulator.exchange.crossing import first_time
from alchemiser_alpaca.simulator.exchange.entries import StopReached, TrailMoved
from alchemiser_alpaca.simulator.exchange.order import SimulatedOrder
from alchemiser_alpaca.simulator.exchange.timing import is_blocked
from alchemiser_alpaca.simulator.exchange.trail import is_better, stop_behind

if TYPE_CHECKING:
    from alchemiser_alpaca.simulator.exchange.engine import Engine

_STOPS = ("stop", "stop_limit", "trailing_stop")


def waits_for_stop(order: SimulatedOrder) -> bool:
    """Whether the order is a stop that was not reached yet."""
    return order.type in _STOPS and order.triggered_at is None


def stop_due(engine: "Engine", order: SimulatedOrder) -> datetime | None:
    """When the last trade reaches the stop; `None`: not in the session of the order."""
    session, stop = engine.sessions.day(order.session), order.stop_price
    if session is None or stop is None or is_blocked(engine, order):
        return None

    def is_reached(at: datetime) -> bool:
        trade = engine.market.last_trade(order.symbol, at)
        if trade is None:
            return False
        return trade.price >= stop if order.is_buy else trade.price <= stop

    start, end = session.hours(order.extended_hours)
    earliest = max(start, order.works_from or start, engine.now)
    return first_time(session, earliest, end, is_reached)


def trigger(engine: "Engine", order: SimulatedOrder) -> None:
    """The stop is reached: from now on it is a market order, or a limit order."""
    engine.record(StopReached(order.id, engine.now))


def follow(engine: "Engine", order: SimulatedOrder) -> None:
    """A trailing stop moves with a better price.

    That is written when something happens to the order or its market and at the close; between two
    of these the price goes one way, so that no trigger is missed.
    """
    price = engine.price(order.symbol)
    if price is None or order.triggered_at is not None:
        return
    if is_better(price, order.hwm, order.is_buy):
        stop = stop_behind(price, order.is_buy, order.trail_price, order.trail_percent)
        engine.record(TrailMoved(order.id, price, stop, engine.now))
