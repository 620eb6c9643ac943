"""Why the simulated exchange refuses an order in its answer, as a cash account's broker does."""

from decimal import Decimal

from attrs import frozen

from alchemiser_core.domain.instrument import ONE_SHARE, Instrument
from alchemiser_core.domain.money import decimal_text
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.submission import Rejected, RejectionKind
from alchemiser_core.simulation.exchange.exact import EXACT, exact_value, held_back
from alchemiser_core.simulation.exchange.state import ExchangeState


@frozen
class Pricing:
    """What an order is worth when it is checked."""

    price: Decimal | None
    """The limit, or what a market order would be filled at now; `None` where there is no market."""
    held_rate: Decimal
    """What one dollar of a buy holds back."""


def unacceptable(request: OrderRequest, instrument: Instrument | None) -> Rejected | None:
    """What is wrong with the order itself, whatever the account holds."""
    symbol = request.symbol
    if instrument is None:
        return _refused(RejectionKind.NOT_TRADABLE, f"{symbol} is not known")
    if not instrument.tradable:
        return _refused(RejectionKind.NOT_TRADABLE, f"{symbol} is not tradable")
    if not instrument.fractionable and request.quantity % ONE_SHARE:
        return _refused(RejectionKind.NOT_FRACTIONABLE, f"{symbol} is traded in whole shares")
    increment = instrument.quantity_increment
    if increment is not None and EXACT.remainder(request.quantity, increment):
        words = f"the quantity is no multiple of {decimal_text(increment)}"
        return _refused(RejectionKind.OTHER, words)
    limit = request.limit_price
    if limit is not None and (limit <= 0 or EXACT.remainder(limit, instrument.price_increment)):
        words = f"{limit} is no multiple of {decimal_text(instrument.price_increment)} above 0"
        return _refused(RejectionKind.BAD_PRICE, words)
    return None


def too_small(
    request: OrderRequest, instrument: Instrument, price: Decimal | None
) -> Rejected | None:
    """The order is worth less than the broker takes."""
    minimum = instrument.minimum_order_value
    if price is None or not minimum or exact_value(request.quantity, price) >= minimum:
        return None
    return _refused(RejectionKind.BELOW_MINIMUM, f"the least is {minimum} US dollars")


def in_the_way(request: OrderRequest, state: ExchangeState) -> Rejected | None:
    """An open order of the opposite side."""
    for order in state.open_of(request.symbol):
        if order.side is not request.side:
            words = "an order of the opposite side is open"
            return Rejected(RejectionKind.WASH_TRADE, words, order.client_order_id)
    return None


def uncovered(request: OrderRequest, state: ExchangeState, pricing: Pricing) -> Rejected | None:
    """The account has not the cash or the shares."""
    if request.side is Side.SELL:
        return _oversold(request, state)
    if pricing.price is None:
        return _refused(RejectionKind.NOT_TRADABLE, f"there is no price of {request.symbol}")
    needed = held_back(request.quantity, pricing.price, pricing.held_rate)
    free = EXACT.subtract(state.cash, state.held_cash())
    if needed > free:
        words = f"{needed} US dollars are needed, {free} are free"
        return _refused(RejectionKind.INSUFFICIENT_CASH, words)
    return None


def _oversold(request: OrderRequest, state: ExchangeState) -> Rejected | None:
    held = state.held.get(request.symbol, Decimal(0))
    reserved = state.reserved(request.symbol)
    if request.quantity <= EXACT.subtract(held, reserved):
        return None
    sells = [o.client_order_id for o in state.open_of(request.symbol) if o.side is Side.SELL]
    words = f"{held} shares are held, {reserved} of them for open orders"
    return Rejected(RejectionKind.INSUFFICIENT_QUANTITY, words, sells[0] if sells else None)


def _refused(kind: RejectionKind, words: str) -> Rejected:
    return Rejected(kind, words)
