"""An order as it is sent to a broker."""

from decimal import Decimal
from enum import StrEnum
from typing import Any

from attrs import Attribute, field, frozen

from alchemiser_core.domain.orders.identifiers import ClientOrderId, Side
from alchemiser_core.domain.symbol import Symbol


class OrderType(StrEnum):
    """How an order is priced."""

    MARKET = "market"
    LIMIT = "limit"


def _positive(_: object, attribute: "Attribute[Any]", value: Decimal) -> None:
    if not (value.is_finite() and value > 0):
        raise ValueError(f"{attribute.name} must be positive, not {value}")


@frozen
class OrderRequest:
    """One order for the day; everything that makes its client order id is in it."""

    client_order_id: ClientOrderId
    symbol: Symbol
    side: Side
    quantity: Decimal = field(validator=_positive)
    """Shares, positive, a multiple of the instrument's increment."""
    order_type: OrderType = OrderType.MARKET
    limit_price: Decimal | None = None
    """US dollars a share, for a limit order alone."""
    slice_number: int = 0
    """Counts the orders of one symbol and side within a cycle."""

    def __attrs_post_init__(self) -> None:
        if (self.order_type is OrderType.LIMIT) != (self.limit_price is not None):
            raise ValueError(f"a {self.order_type} order with limit price {self.limit_price}")
