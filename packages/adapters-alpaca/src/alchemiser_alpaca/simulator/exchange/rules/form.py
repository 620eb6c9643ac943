"""The form of an order: what is wrong with it whatever is traded."""

from decimal import ROUND_DOWN, Decimal

from attrs import evolve

from alchemiser_alpaca.simulator.exchange import request_refusals as refused
from alchemiser_alpaca.simulator.exchange.refusal import Refusal
from alchemiser_alpaca.simulator.exchange.switches import Switches
from alchemiser_alpaca.simulator.exchange.ticket import OrderTicket
from alchemiser_core.domain.money import CENT, ZERO
from alchemiser_core.simulation.exchange.exact import EXACT

SHARE_DIGITS = Decimal("1E-9")
"""What a fraction of a share is counted in."""

_SIDES = ("buy", "sell")
_TYPES = ("market", "limit", "stop", "stop_limit", "trailing_stop")
_TIMES = ("day", "gtc", "opg", "cls", "ioc", "fok")
_SIMPLE = ("", "simple")
_COMPLEX = ("bracket", "oco", "oto", "mleg")
_INTENTS = ("buy_to_open", "buy_to_close", "sell_to_open", "sell_to_close")
_LONGEST_ID = 128
_LEAST_NOTIONAL = Decimal(1)
_LEAST_TRAIL_PERCENT = Decimal("0.1")


def cut(ticket: OrderTicket, switches: Switches) -> OrderTicket:
    """The order as it is kept: without what is beyond the ninth decimal, where that is cut off."""
    qty = ticket.qty
    if qty is None or not qty.is_finite() or not switches.truncates_quantities:
        return ticket
    kept = qty.quantize(SHARE_DIGITS, ROUND_DOWN, EXACT)
    return ticket if kept == qty else evolve(ticket, qty=kept)


def malformed(ticket: OrderTicket) -> Refusal | None:
    """The first thing that is wrong with the form."""
    return (
        _unknown_words(ticket)
        or _wrong_amount(ticket)
        or _wrong_identifier(ticket)
        or _wrong_prices(ticket)
    )


def _unknown_words(ticket: OrderTicket) -> Refusal | None:
    for name, value, known in (
        ("side", ticket.side, _SIDES),
        ("type", ticket.type, _TYPES),
        ("time_in_force", ticket.time_in_force, _TIMES),
        ("order_class", ticket.order_class, (*_SIMPLE, *_COMPLEX)),
        ("position_intent", ticket.position_intent, (None, *_INTENTS)),
    ):
        if value not in known:
            return refused.unknown_word(name, str(value))
    return None


def _wrong_amount(ticket: OrderTicket) -> Refusal | None:
    qty, notional = ticket.qty, ticket.notional
    if (qty is None) == (notional is None):
        return refused.only_one_amount()
    if qty is not None:
        return None if _is_positive(qty) else refused.quantity_not_positive()
    if notional is None or not notional.is_finite() or notional < _LEAST_NOTIONAL:
        return refused.notional_too_small()
    return refused.notional_decimals() if EXACT.remainder(notional, CENT) else None


def _wrong_identifier(ticket: OrderTicket) -> Refusal | None:
    identifier = ticket.client_order_id
    if identifier is not None and len(identifier) > _LONGEST_ID:
        return refused.identifier_too_long()
    return None


def _wrong_prices(ticket: OrderTicket) -> Refusal | None:
    limit, stop = ticket.limit_price, ticket.stop_price
    match ticket.type:
        case "market" if limit is not None or stop is not None:
            return refused.price_not_wanted()
        case "limit" if limit is None:
            return refused.limit_missing()
        case "stop" if stop is None:
            return refused.stop_missing()
        case "stop_limit" if limit is None or stop is None:
            return refused.stop_limit_missing()
        case "trailing_stop":
            return _wrong_trail(ticket)
    for name, price in (("limit price", limit), ("stop price", stop)):
        if price is not None and not _is_positive(price):
            return refused.price_not_positive(name)
    return None


def _wrong_trail(ticket: OrderTicket) -> Refusal | None:
    price, percent = ticket.trail_price, ticket.trail_percent
    if (price is None) == (percent is None):
        return refused.trail_missing()
    if price is not None and not _is_positive(price):
        return refused.price_not_positive("trail price")
    if percent is not None and not (percent.is_finite() and percent >= _LEAST_TRAIL_PERCENT):
        return refused.trail_too_small()
    return None


def _is_positive(value: Decimal) -> bool:
    return value.is_finite() and value > ZERO
