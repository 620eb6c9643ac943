"""The rules of the account: identifiers, blocks, orders of the other side, cash and shares."""

from decimal import Decimal

from attrs import frozen

from alchemiser_alpaca.simulator.exchange import account_refusals as refused
from alchemiser_alpaca.simulator.exchange import request_refusals
from alchemiser_alpaca.simulator.exchange.order import SimulatedOrder
from alchemiser_alpaca.simulator.exchange.pricing import Pricing
from alchemiser_alpaca.simulator.exchange.refusal import Refusal
from alchemiser_alpaca.simulator.exchange.state import AccountState
from alchemiser_alpaca.simulator.exchange.switches import MinimumValue, Switches
from alchemiser_alpaca.simulator.exchange.ticket import OrderTicket
from alchemiser_core.domain.money import ZERO
from alchemiser_core.simulation.exchange.exact import EXACT

_LEAST_VALUE = Decimal(1)
_WITH_A_LIMIT = ("limit", "stop_limit")
_MARKET_LIKE = "market/stop"


@frozen(kw_only=True)
class Circumstances:
    """What an order meets when it is sent."""

    state: AccountState
    switches: Switches
    pricing: Pricing
    last: Decimal | None
    """The last trade, US dollars a share."""
    buying_power: Decimal
    market_is_open: bool
    closes_position: bool = False
    """It was made by the request to close a position."""
    replacing: SimulatedOrder | None = None
    """The order that it is to replace, which does not count."""

    def open_orders(self, symbol: str) -> list[SimulatedOrder]:
        """Open orders of the symbol, oldest first."""
        found = self.state.open_of.get(symbol, {}).values()
        return [order for order in found if order is not self.replacing]


def against_the_account(ticket: OrderTicket, now: Circumstances) -> Refusal | None:
    """The first rule of the account that the order is against."""
    return (
        _identifier_taken(ticket, now)
        or _blocked(ticket, now)
        or _unpriced(ticket, now)
        or _closing_already(ticket, now)
        or _wash_trade(ticket, now)
        or _too_small(ticket, now)
        or (_unpaid(ticket, now) if ticket.is_buy else _oversold(ticket, now))
    )


def _identifier_taken(ticket: OrderTicket, now: Circumstances) -> Refusal | None:
    known = ticket.client_order_id in now.state.by_client
    return refused.identifier_taken() if known else None


def _blocked(ticket: OrderTicket, now: Circumstances) -> Refusal | None:
    flags = now.state.flags
    if flags.account_blocked or flags.trading_blocked:
        return refused.account_blocked()
    if flags.trade_suspended_by_user:
        return refused.suspended_by_user()
    if ticket.is_fractional and not flags.fractional_trading:
        return request_refusals.fractional_trading_off()
    return None


def _unpriced(ticket: OrderTicket, now: Circumstances) -> Refusal | None:
    if now.pricing.reference is None:
        return refused.no_price(ticket.symbol)
    limit, away = ticket.limit_price, now.switches.price_away
    if limit is None or not away or now.last is None:
        return None
    distance = EXACT.abs(EXACT.subtract(limit, now.last))
    too_far = distance > EXACT.multiply(now.last, away)
    return request_refusals.price_far_away() if too_far else None


def _closing_already(ticket: OrderTicket, now: Circumstances) -> Refusal | None:
    """Outside of the session, an order by value beside a sell of the same position."""
    if ticket.notional is None or ticket.is_buy or now.market_is_open:
        return None
    sells = any(not order.is_buy for order in now.open_orders(ticket.symbol))
    return refused.notional_while_closing() if sells else None


def _wash_trade(ticket: OrderTicket, now: Circumstances) -> Refusal | None:
    """Trailing stops are exempt; two limits may stand as long as they cannot meet."""
    if ticket.type == "trailing_stop":
        return None
    for order in now.open_orders(ticket.symbol):
        if order.is_buy is not ticket.is_buy and _may_meet(ticket, order):
            kind = "limit" if order.type in _WITH_A_LIMIT else _MARKET_LIKE
            return refused.wash_trade(order.id, kind, now.switches.wash_trade_status)
    return None


def _may_meet(ticket: OrderTicket, order: SimulatedOrder) -> bool:
    if order.type == "trailing_stop":
        return False
    if ticket.limit_price is None or order.limit_price is None:
        return True
    if ticket.is_buy:
        return ticket.limit_price >= order.limit_price
    return order.limit_price >= ticket.limit_price


def _too_small(ticket: OrderTicket, now: Circumstances) -> Refusal | None:
    spared = not ticket.is_buy and now.switches.minimum_value is MinimumValue.BUYS
    price = now.pricing.reference
    if ticket.qty is None or price is None or now.closes_position or spared:
        return None
    small = EXACT.multiply(ticket.qty, price) < _LEAST_VALUE
    return refused.too_small() if small else None


def _unpaid(ticket: OrderTicket, now: Circumstances) -> Refusal | None:
    needed, free = now.pricing.needed, now.buying_power
    if now.replacing is not None:
        free = EXACT.add(free, now.state.held_by(now.replacing.id))
    return refused.buying_power(free, needed) if needed > free else None


def _oversold(ticket: OrderTicket, now: Circumstances) -> Refusal | None:
    state, asked = now.state, now.pricing.shares
    holding = state.held.get(ticket.symbol)
    existing = ZERO if holding is None else holding.qty
    if not existing:
        if ticket.is_fractional:
            return request_refusals.fractional_short()
        return refused.no_short_selling()
    reserved = state.reserved(ticket.symbol)
    if now.replacing is not None:
        reserved = EXACT.subtract(reserved, now.replacing.remaining)
    if asked <= EXACT.subtract(existing, reserved):
        return None
    sells = [order.id for order in now.open_orders(ticket.symbol) if not order.is_buy]
    return refused.quantity_held(ticket.symbol, asked, existing, reserved, sells)
