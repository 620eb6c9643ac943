"""What the stream of trade updates tells: one value for each thing that happens to an order."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from attrs import frozen

from alchemiser_alpaca.simulator.exchange.order import SimulatedOrder


@frozen
class TradeUpdate:
    """One event of an order."""

    event: str
    """Alpaca's name of it: `pending_new`, `new`, `partial_fill`, `fill`, `canceled`, ..."""
    order: SimulatedOrder
    """The order after the event; it does not change any more."""
    at: datetime
    execution_id: str | None = None
    price: Decimal | None = None
    """Of this execution, US dollars a share."""
    qty: Decimal | None = None
    """Of this execution."""
    position_qty: Decimal | None = None
    """Shares of the symbol held after this execution."""


Listener = Callable[[TradeUpdate], None]
