"""Orders of a cycle as a table and as objects."""

from collections.abc import Iterable, Iterator
from typing import Any

from alchemiser_app.reports.money import money, price, quantity
from alchemiser_core.domain.money import decimal_text
from alchemiser_core.execution.progress import OrderProgress, Stage


def order_table(orders: Iterable[OrderProgress]) -> Iterator[str]:
    """A line for each order: what was wanted, and what has become of it."""
    for order in orders:
        request = order.request
        at = f"limit {price(request.limit_price)}" if request.limit_price else "market"
        yield f"    {request.side:<4} {quantity(request.quantity):>17} {request.symbol:<6} {at}"
        yield f"         {_filled(order)}"


def _filled(order: OrderProgress) -> str:
    state = order.status.value if order.status is not None else order.stage.value
    if order.status is None and order.stage is Stage.OVER:
        state = "not taken by the broker"
    if not order.filled_quantity:
        return f"{state} {order.reason}".rstrip()
    if order.filled_value is None:
        return f"{state}, filled {quantity(order.filled_quantity)} at a price not known yet"
    each = order.filled_value / order.filled_quantity
    return (
        f"{state}, {quantity(order.filled_quantity)} at {price(each)} = "
        f"{money(order.filled_value)}, costs {money(order.costs)}"
    )


def order_json(order: OrderProgress) -> dict[str, Any]:
    """One order; quantities and money are strings."""
    request, value = order.request, order.filled_value
    limit = request.limit_price
    return {
        "client_order_id": request.client_order_id,
        "symbol": request.symbol,
        "side": request.side.value,
        "type": request.order_type.value,
        "limit_price": decimal_text(limit) if limit is not None else None,
        "quantity": decimal_text(request.quantity),
        "filled_quantity": decimal_text(order.filled_quantity),
        "filled_value": decimal_text(value) if value is not None else None,
        "costs": decimal_text(order.costs),
        "state": order.stage.value,
        "status": order.status.value if order.status is not None else None,
        "reason": order.reason,
    }
