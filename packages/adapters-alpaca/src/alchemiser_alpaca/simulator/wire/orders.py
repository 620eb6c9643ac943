"""An order, and an event of an order, as the API tells them."""

from typing import Any

from alchemiser_alpaca.simulator.exchange.order import SimulatedOrder
from alchemiser_alpaca.simulator.exchange.updates import TradeUpdate
from alchemiser_alpaca.simulator.wire.numbers import plain, plain_or_none
from alchemiser_alpaca.simulator.wire.times import stamp, stamp_or_none

ASSET_CLASS = "us_equity"


def order_json(order: SimulatedOrder) -> dict[str, Any]:
    """The order; numbers are text."""
    return {
        "id": order.id,
        "client_order_id": order.client_order_id,
        **_times(order),
        "replaced_by": order.replaced_by,
        "replaces": order.replaces,
        "asset_id": order.asset_id,
        "symbol": order.symbol,
        "asset_class": ASSET_CLASS,
        "notional": plain_or_none(order.notional),
        "qty": plain_or_none(order.qty),
        "filled_qty": plain(order.filled_qty),
        "filled_avg_price": plain_or_none(order.filled_avg_price),
        "order_class": order.order_class,
        "order_type": order.type,
        "type": order.type,
        "side": order.side,
        "position_intent": order.position_intent,
        "time_in_force": order.time_in_force,
        "limit_price": plain_or_none(order.limit_price),
        "stop_price": plain_or_none(order.stop_price),
        "status": str(order.status),
        "extended_hours": order.extended_hours,
        "legs": None,
        "trail_percent": plain_or_none(order.trail_percent),
        "trail_price": plain_or_none(order.trail_price),
        "hwm": plain_or_none(order.hwm),
        "subtag": None,
        "source": None,
    }


def _times(order: SimulatedOrder) -> dict[str, str | None]:
    return {
        "created_at": stamp(order.created_at),
        "updated_at": stamp(order.updated_at),
        "submitted_at": stamp(order.submitted_at),
        "filled_at": stamp_or_none(order.filled_at),
        "expired_at": stamp_or_none(order.expired_at),
        "expires_at": stamp_or_none(order.expires_at),
        "canceled_at": stamp_or_none(order.canceled_at),
        "failed_at": stamp_or_none(order.failed_at),
        "replaced_at": stamp_or_none(order.replaced_at),
    }


def update_json(update: TradeUpdate) -> dict[str, Any]:
    """The message of the stream of trade updates."""
    data: dict[str, Any] = {
        "event": update.event,
        "execution_id": update.execution_id,
        "timestamp": stamp(update.at),
        "order": order_json(update.order),
    }
    if update.price is not None and update.qty is not None:
        data["price"] = plain(update.price)
        data["qty"] = plain(update.qty)
        data["position_qty"] = plain_or_none(update.position_qty)
    return {"stream": "trade_updates", "data": data}
