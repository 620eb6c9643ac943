"""What an order is worth when it is taken: the price it is checked at, and what it holds back."""

from decimal import ROUND_CEILING, Decimal

from attrs import frozen

from alchemiser_alpaca.simulator.exchange.ticket import OrderTicket
from alchemiser_core.domain.money import ZERO
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.quote import Quote
from alchemiser_core.simulation.exchange.exact import EXACT, held_back
from alchemiser_core.simulation.exchange.matching import far_side

_ONE = Decimal(1)
_SHARE_DIGITS = Decimal("1E-9")


@frozen(kw_only=True)
class Pricing:
    """Prices in US dollars a share."""

    reference: Decimal | None
    """The limit; else what the order would be filled at now. `None` where there is no price."""
    held_price: Decimal = ZERO
    """What one share of a buy by quantity holds back."""
    cap: Decimal | None = None
    """Above it a buy at the market is not executed."""
    shares: Decimal = ZERO
    """How many shares a sell is of; by value, at the reference."""
    needed: Decimal = ZERO
    """What a buy holds back in all, in whole cents."""


def side_of(ticket: OrderTicket) -> Side:
    """The side in the words of the core."""
    return Side.BUY if ticket.is_buy else Side.SELL


def priced(
    ticket: OrderTicket,
    quote: Quote | None,
    last: Decimal | None,
    collar: Decimal,
    stop: Decimal | None,
) -> Pricing:
    """The pricing of an order in a market; the last trade counts where there is no quote.

    `stop` is where its stop stands at first, that of a trailing stop as well.
    """
    reference = _reference(ticket, quote, last, stop)
    if reference is None:
        return Pricing(reference=None)
    if not ticket.is_buy:
        return Pricing(reference=reference, shares=_shares(ticket, reference))
    if ticket.qty is None:
        return Pricing(reference=reference, needed=ticket.notional or ZERO)
    has_limit = ticket.limit_price is not None
    held = reference if has_limit else EXACT.multiply(reference, EXACT.add(_ONE, collar))
    return Pricing(
        reference=reference,
        held_price=held,
        cap=None if has_limit else held,
        needed=held_back(ticket.qty, held, _ONE),
    )


def _reference(
    ticket: OrderTicket, quote: Quote | None, last: Decimal | None, stop: Decimal | None
) -> Decimal | None:
    if ticket.limit_price is not None:
        return ticket.limit_price
    price = far_side(side_of(ticket), quote)
    price = last if price is None else price
    if price is None or stop is None:
        return price
    return max(price, stop) if ticket.is_buy else stop


def _shares(ticket: OrderTicket, reference: Decimal) -> Decimal:
    if ticket.qty is not None:
        return ticket.qty
    value = ticket.notional or ZERO
    return EXACT.divide(value, reference).quantize(_SHARE_DIGITS, ROUND_CEILING, EXACT)
