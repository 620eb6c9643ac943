"""A fill: what was really bought or sold, at which price and cost."""

from datetime import date
from decimal import Decimal

from attrs import frozen

from alchemiser_core.domain.money import NO_MONEY, Usd
from alchemiser_core.domain.orders.identifiers import ClientOrderId, Side
from alchemiser_core.domain.symbol import Symbol

_PRICE_STEP = Decimal("1E-9")


@frozen
class Fill:
    """A completed trade of one symbol."""

    symbol: Symbol
    side: Side
    quantity: Decimal
    """Shares, positive."""
    price: Decimal
    """US dollars a share."""
    session: date
    cost: Usd = NO_MONEY
    """Commission, fees and slippage in US dollars, not in the price."""
    client_order_id: ClientOrderId | None = None
    """`None` for a trade between two books, which no broker sees."""

    @property
    def value(self) -> Usd:
        """Quantity times price, without cost."""
        return Usd(self.quantity * self.price)

    @property
    def cash_change(self) -> Usd:
        """What the fill does to cash: a sell brings its value less cost, a buy takes both."""
        if self.side is Side.BUY:
            return Usd(-(self.quantity * self.price + self.cost))
        return Usd(self.quantity * self.price - self.cost)


def mean_price(value: Decimal, quantity: Decimal) -> Decimal:
    """What one of some shares was worth, US dollars in nine decimals."""
    return (value / quantity).quantize(_PRICE_STEP)


def fill_for_cash(
    symbol: Symbol,
    side: Side,
    quantity: Decimal,
    price: Decimal,
    cash_change: Decimal,
    session: date,
    client_order_id: ClientOrderId | None = None,
) -> Fill:
    """A fill that does exactly this to cash.

    The price is a mean, for the record; what its rounding leaves is in the cost.
    """
    value = quantity * price
    cost = -cash_change - value if side is Side.BUY else value - cash_change
    return Fill(symbol, side, quantity, price, session, Usd(cost), client_order_id)
