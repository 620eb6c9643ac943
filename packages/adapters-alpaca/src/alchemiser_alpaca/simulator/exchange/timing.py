"""When an order can be executed, and at which price."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from alchemiser_alpaca.simulator.exchange.crossing import first_time
from alchemiser_alpaca.simulator.exchange.order import SimulatedOrder
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.quote import Quote
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.simulation.exchange.matching import fill_price

if TYPE_CHECKING:
    from alchemiser_alpaca.simulator.exchange.engine import Engine

AUCTIONS = ("opg", "cls")
AT_ONCE = ("ioc", "fok", *AUCTIONS)
"""Executed at one moment or never."""


def side_of(order: SimulatedOrder) -> Side:
    """The side in the words of the core."""
    return Side.BUY if order.is_buy else Side.SELL


def is_blocked(engine: "Engine", order: SimulatedOrder) -> bool:
    """Whether nothing of the symbol is executed at present."""
    return engine.market.is_halted(order.symbol) or order.symbol in engine.levers.held


def end_of(engine: "Engine", order: SimulatedOrder) -> datetime:
    """When the session of the order is over; now, where it was called off."""
    session = engine.sessions.day(order.session)
    return engine.now if session is None else session.hours(order.extended_hours)[1]


def execution_due(engine: "Engine", order: SimulatedOrder) -> datetime | None:
    """When the order is executed next as far as the market is known; `None`: not in its session."""
    session = engine.sessions.day(order.session)
    if session is None:
        return None
    if order.time_in_force == "cls":
        return session.closes
    start, end = session.hours(order.extended_hours)
    earliest = max(start, order.works_from or start, engine.now)
    if order.time_in_force in AT_ONCE:
        return earliest
    if is_blocked(engine, order):
        return None
    return first_time(session, earliest, end, lambda at: price_of(engine, order, at) is not None)


def price_of(engine: "Engine", order: SimulatedOrder, at: datetime) -> Decimal | None:
    """What the order would be filled at; `None` while its limit is not reached, or its collar is
    passed, or there is no quote. Auctions have one price, that of the last trade.
    """
    quote = engine.market.quote(order.symbol, at)
    if order.time_in_force in AUCTIONS:
        trade = engine.market.last_trade(order.symbol, at)
        found = None if trade is None else trade.price
        quote = None if found is None else Quote(Symbol(order.symbol), found, found, at)
    limit = order.cap if order.limit_price is None else order.limit_price
    return fill_price(side_of(order), limit, quote)
