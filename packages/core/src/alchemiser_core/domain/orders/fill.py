"""A fill: what was really bought or sold, at which price and cost."""

from datetime import date
from decimal import Decimal

from attrs import frozen

from alchemiser_core.domain.money import NO_MONEY, Usd
from alchemiser_core.domain.orders.identifiers import ClientOrderId, Side
from alchemiser_core.domain.symbol import Symbol


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
