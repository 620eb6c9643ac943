"""How a request becomes an order, or is refused."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import evolve, frozen
from returns.result import Failure, Result, Success

from alchemiser_alpaca.simulator.exchange import request_refusals
from alchemiser_alpaca.simulator.exchange.entries import OrderRefused, OrderTaken
from alchemiser_alpaca.simulator.exchange.identity import asset_id
from alchemiser_alpaca.simulator.exchange.order import SimulatedOrder, Status
from alchemiser_alpaca.simulator.exchange.pricing import Pricing, priced
from alchemiser_alpaca.simulator.exchange.refusal import Refusal
from alchemiser_alpaca.simulator.exchange.rules.account import (
    Circumstances,
    against_the_account,
)
from alchemiser_alpaca.simulator.exchange.rules.form import cut, malformed
from alchemiser_alpaca.simulator.exchange.rules.market import (
    against_the_market,
    outside_of_auction,
)
from alchemiser_alpaca.simulator.exchange.sessions import NEW_YORK, TradingDay, exchange_day
from alchemiser_alpaca.simulator.exchange.ticket import OrderTicket
from alchemiser_alpaca.simulator.exchange.trail import stop_behind
from alchemiser_core.domain.money import ZERO

if TYPE_CHECKING:
    from alchemiser_alpaca.simulator.exchange.engine import Engine

_AGED_AT = time(16, 15)
"""The time of day in New York at which aged orders are cancelled."""


@frozen(kw_only=True)
class Manner:
    """How a request came about where it is not a plain one."""

    closes_position: bool = False
    replaces: SimulatedOrder | None = None


PLAIN = Manner()


def submit(
    engine: "Engine", ticket: OrderTicket, manner: Manner = PLAIN
) -> Result[SimulatedOrder, Refusal]:
    """Take an order or refuse it, now; either is in the ledger."""
    ticket = cut(ticket, engine.switches)
    pricing, session = _pricing(engine, ticket), _session(engine, ticket)
    refusal = _refusal(engine, ticket, pricing, manner)
    if refusal is not None or session is None:
        found = refusal or request_refusals.no_session()
        if manner.replaces is None:
            refused = OrderRefused(ticket, found.status, found.code, found.message, engine.now)
            engine.record(refused)
        return Failure(found)
    entry = _taken(engine, ticket, (pricing, session), manner)
    engine.record(entry)
    order = engine.state.orders[entry.order_id]
    as_taken = order.snapshot()
    engine.plan(order)
    return Success(as_taken)


def _refusal(
    engine: "Engine", ticket: OrderTicket, pricing: Pricing, manner: Manner
) -> Refusal | None:
    today = engine.sessions.day(exchange_day(engine.now))
    return (
        engine.levers.refusing.get(ticket.symbol)
        or malformed(ticket)
        or against_the_market(ticket, engine.assets.find(ticket.symbol), engine.switches)
        or outside_of_auction(ticket, today, engine.now, engine.switches)
        or against_the_account(ticket, _circumstances(engine, ticket, pricing, manner))
    )


def _circumstances(
    engine: "Engine", ticket: OrderTicket, pricing: Pricing, manner: Manner
) -> Circumstances:
    return Circumstances(
        state=engine.state,
        switches=engine.switches,
        pricing=pricing,
        last=engine.price(ticket.symbol),
        buying_power=engine.buying_power(),
        market_is_open=engine.sessions.is_open(engine.now),
        closes_position=manner.closes_position,
        replacing=manner.replaces,
    )


def _pricing(engine: "Engine", ticket: OrderTicket) -> Pricing:
    """Of a form that may still be wrong; what cannot be priced has no reference."""
    quote = engine.market.quote(ticket.symbol, engine.now)
    last = engine.price(ticket.symbol)
    if malformed(ticket) is not None:
        return Pricing(reference=None)
    stop = _trail(engine, ticket)[1] if ticket.stop_price is None else ticket.stop_price
    return priced(ticket, quote, last, engine.switches.market_collar, stop)


def _session(engine: "Engine", ticket: OrderTicket) -> TradingDay | None:
    """The session that the order is for."""
    if ticket.time_in_force != "opg":
        return engine.sessions.current(engine.now, ticket.extended_hours)
    opens = engine.sessions.next_open(engine.now)
    return None if opens is None else engine.sessions.day(exchange_day(opens))


def _taken(
    engine: "Engine", ticket: OrderTicket, found: tuple[Pricing, TradingDay], manner: Manner
) -> OrderTaken:
    pricing, session = found
    number = engine.state.taken + 1
    is_on = session.is_open(engine.now, ticket.extended_hours)
    works_from = session.hours(ticket.extended_hours)[0]
    if is_on:
        works_from = engine.now + engine.switches.pending_time
    waits = manner.replaces is not None
    best, stop = _trail(engine, ticket)
    by_value = ticket.notional is not None and not ticket.is_buy
    return OrderTaken(
        order_id=engine.name("order", number),
        asset_id=asset_id(ticket.symbol),
        ticket=_named(engine, ticket, number),
        status=Status.PENDING_NEW if is_on and not waits else Status.ACCEPTED,
        session=session.day,
        expires_at=_expires(engine, ticket, session),
        works_from=None if waits else works_from,
        held_price=pricing.held_price,
        held_qty=pricing.shares if by_value else ZERO,
        cap=pricing.cap,
        hwm=best,
        stop_price=stop,
        replaces=None if manner.replaces is None else manner.replaces.id,
        at=engine.now,
    )


def _named(engine: "Engine", ticket: OrderTicket, number: int) -> OrderTicket:
    name = ticket.client_order_id or engine.name("client", number)
    intent = ticket.position_intent or ("buy_to_open" if ticket.is_buy else "sell_to_close")
    return evolve(ticket, client_order_id=name, position_intent=intent)


def _trail(engine: "Engine", ticket: OrderTicket) -> tuple[Decimal | None, Decimal | None]:
    """Where a trailing stop begins: the best price, and its stop."""
    price = engine.price(ticket.symbol)
    if ticket.type != "trailing_stop" or price is None:
        return None, None
    stop = stop_behind(price, ticket.is_buy, ticket.trail_price, ticket.trail_percent)
    return price, stop


def _expires(engine: "Engine", ticket: OrderTicket, session: TradingDay) -> datetime:
    if ticket.time_in_force == "gtc":
        aged = exchange_day(engine.now) + timedelta(days=engine.switches.good_till_days)
        return datetime.combine(aged, _AGED_AT, NEW_YORK)
    if ticket.time_in_force == "opg":
        return session.opens
    return session.hours(ticket.extended_hours)[1]
