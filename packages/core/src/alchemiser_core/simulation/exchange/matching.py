"""When and at which price an order of the simulated exchange is filled."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from alchemiser_core.domain.instrument import Instrument
from alchemiser_core.domain.money import ZERO
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.quote import Quote
from alchemiser_core.simulation.exchange.behaviour import Part
from alchemiser_core.simulation.exchange.entries import DuePart
from alchemiser_core.simulation.exchange.exact import EXACT, floored


def scheduled(
    request: OrderRequest, instrument: Instrument, parts: Sequence[Part], first: datetime
) -> tuple[DuePart, ...]:
    """The parts as quantities and times; what does not fit the increment goes to the last."""
    due: list[DuePart] = []
    told, given = ZERO, ZERO
    moment = first
    for part in parts:
        told = EXACT.add(told, part.fraction)
        moment += part.delay
        upto = request.quantity
        if told < 1:
            upto = floored(EXACT.multiply(told, upto), instrument.quantity_increment)
        if upto > given:
            due.append(DuePart(moment, EXACT.subtract(upto, given)))
            given = upto
    return tuple(due)


def far_side(side: Side, quote: Quote | None) -> Decimal | None:
    """The price at which a market order would be filled: the ask for a buy, the bid for a sell."""
    if quote is None:
        return None
    price = quote.ask if side is Side.BUY else quote.bid
    return price if price.is_finite() and price > 0 else None


def fill_price(side: Side, limit: Decimal | None, quote: Quote | None) -> Decimal | None:
    """The price of a fill now; `None` while the limit is not reached or there is no market."""
    price = far_side(side, quote)
    if price is None or limit is None:
        return price
    reached = price <= limit if side is Side.BUY else price >= limit
    return price if reached else None
