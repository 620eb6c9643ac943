"""The rules of the market: what may be traded, in which fractions, at which prices, and when."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from alchemiser_alpaca.simulator.exchange import request_refusals as refused
from alchemiser_alpaca.simulator.exchange.assets import Asset
from alchemiser_alpaca.simulator.exchange.refusal import Refusal
from alchemiser_alpaca.simulator.exchange.rules.form import SHARE_DIGITS
from alchemiser_alpaca.simulator.exchange.sessions import NEW_YORK, TradingDay
from alchemiser_alpaca.simulator.exchange.switches import NotionalTypes, Switches
from alchemiser_alpaca.simulator.exchange.tape import tick_at
from alchemiser_alpaca.simulator.exchange.ticket import OrderTicket
from alchemiser_core.domain.money import ZERO
from alchemiser_core.simulation.exchange.exact import EXACT

_OPENING_ENDS = timedelta(minutes=2)
"""Before the open: until then orders for the opening auction are taken."""
_CLOSING_ENDS = timedelta(minutes=10)
"""Before the close."""
_AUCTIONS_BEGIN = time(19)
"""From then on orders for the next auctions are taken."""


def against_the_market(
    ticket: OrderTicket, asset: Asset | None, switches: Switches
) -> Refusal | None:
    """The first rule of the market that the order is against, whenever it is sent."""
    if asset is None:
        return refused.unknown_asset(ticket.symbol)
    if not asset.tradable or asset.status != "active":
        return refused.not_tradable(ticket.symbol)
    return (
        _wrong_class(ticket)
        or _wrong_fraction(ticket, asset, switches)
        or _wrong_ticks(ticket)
        or _wrong_hours(ticket, switches)
        or _wrong_intent(ticket)
    )


def _wrong_class(ticket: OrderTicket) -> Refusal | None:
    if ticket.order_class in ("", "simple"):
        return None
    return (
        refused.fractional_not_simple()
        if ticket.is_fractional
        else refused.out_of_scope("complex orders")
    )


def _wrong_fraction(ticket: OrderTicket, asset: Asset, switches: Switches) -> Refusal | None:
    if not ticket.is_fractional:
        return None
    if ticket.time_in_force != "day":
        return refused.fractional_not_day()
    if ticket.type == "trailing_stop":
        return refused.fractional_type()
    if ticket.notional is not None and ticket.type not in _types_by_value(switches):
        return refused.notional_type()
    if not asset.fractionable:
        return refused.not_fractionable(ticket.symbol)
    if ticket.qty is not None and EXACT.remainder(ticket.qty, SHARE_DIGITS):
        return refused.quantity_decimals()
    return None


def _types_by_value(switches: Switches) -> tuple[str, ...]:
    if switches.notional_types is NotionalTypes.MARKET:
        return ("market",)
    return ("market", "stop", "stop_limit")


def _wrong_ticks(ticket: OrderTicket) -> Refusal | None:
    for name, price in (("limit_price", ticket.limit_price), ("stop_price", ticket.stop_price)):
        if price is not None and off_tick(price):
            return refused.sub_penny(name, price)
    return None


def off_tick(price: Decimal) -> bool:
    """Whether a price is between two ticks."""
    return EXACT.remainder(price, tick_at(price)) != ZERO


def _wrong_hours(ticket: OrderTicket, switches: Switches) -> Refusal | None:
    if not ticket.extended_hours:
        return None
    gtc = switches.extended_hours_gtc
    times = ("day", "gtc") if gtc else ("day",)
    if ticket.type == "limit" and ticket.time_in_force in times:
        return None
    return refused.extended_hours_form(gtc)


def _wrong_intent(ticket: OrderTicket) -> Refusal | None:
    """Long positions alone are simulated, so the side tells the intent."""
    inferred = "buy_to_open" if ticket.is_buy else "sell_to_close"
    told = ticket.position_intent
    return None if told in (None, inferred) else refused.intent_mismatch(inferred, str(told))


def outside_of_auction(
    ticket: OrderTicket, today: TradingDay | None, at: datetime, switches: Switches
) -> Refusal | None:
    """An order for an auction that is too late for it and too early for the next.

    `today` is the session of the day of `at`; `None` on days without one, when orders are taken.
    """
    if today is None or at.astimezone(NEW_YORK).time() >= _AUCTIONS_BEGIN:
        return None
    status = switches.auction_status
    if ticket.time_in_force == "opg" and at >= today.opens - _OPENING_ENDS:
        return refused.auction_closed("opg", _clock(today.opens - _OPENING_ENDS), status)
    if ticket.time_in_force == "cls" and at >= today.closes - _CLOSING_ENDS:
        return refused.auction_closed("cls", _clock(today.closes - _CLOSING_ENDS), status)
    return None


def _clock(at: datetime) -> str:
    return f"{at.hour % 12 or 12}:{at:%M}{'pm' if at.hour >= 12 else 'am'}"
