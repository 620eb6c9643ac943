"""An order as it is planned, before anything is sent."""

from decimal import Decimal
from enum import StrEnum

from attrs import frozen

from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.orders.identifiers import ClientOrderId, Side
from alchemiser_core.domain.symbol import Symbol


class OrderReason(StrEnum):
    """Why an order is in the plan."""

    OPEN = "open"
    """The symbol is in the target and not held."""
    INCREASE = "increase"
    """Less is held than the target wants."""
    REDUCE = "reduce"
    """More is held than the target wants."""
    EXIT = "exit"
    """The symbol has left the target: the exact held quantity is sold."""
    FORCED_EXIT = "forced exit"
    """As `EXIT`, at the last price, because the symbol has none in this session."""


@frozen
class OrderIntent:
    """What is wanted from the market: a side and a quantity of a symbol, and why."""

    symbol: Symbol
    side: Side
    quantity: Decimal
    """Shares, positive."""
    price: Decimal
    """The mark the plan used, US dollars a share; no limit."""
    value: Usd
    """Quantity times price, without costs."""
    reason: OrderReason
    client_order_id: ClientOrderId
