"""What the exchange answers to an order that the account may not send, or cannot cover."""

from decimal import Decimal

from alchemiser_alpaca.simulator.exchange.refusal import (
    FORBIDDEN,
    UNPROCESSABLE,
    Refusal,
    bad_request,
    forbidden,
)
from alchemiser_core.domain.money import ZERO, decimal_text


def identifier_taken() -> Refusal:
    """Some order of the account, maybe long over, has the client order id."""
    return bad_request("client_order_id must be unique")


def too_small() -> Refusal:
    """An order worth less than a dollar."""
    return forbidden("cost basis must be >= minimal amount of order 1")


def buying_power(free: Decimal, needed: Decimal) -> Refusal:
    """A buy that the account cannot pay, US dollars."""
    return forbidden(
        "insufficient buying power",
        buying_power=decimal_text(free),
        cost_basis=decimal_text(needed),
    )


def quantity_held(
    symbol: str, asked: Decimal, existing: Decimal, held: Decimal, orders: list[str]
) -> Refusal:
    """A sell of more than is there; `held` shares are held back for the open `orders`."""
    free = decimal_text(max(ZERO, existing - held))
    message = "insufficient qty available for order"
    more: dict[str, object] = {"related_orders": orders} if orders else {}
    return forbidden(
        f"{message} (requested: {decimal_text(asked)}, available: {free})",
        symbol=symbol,
        existing_qty=decimal_text(existing),
        held_for_orders=decimal_text(held),
        available=free,
        **more,
    )


def wash_trade(existing_order: str, kind: str, status: int = 403) -> Refusal:
    """An open order of the other side; `kind` is `market/stop` or `limit`."""
    return Refusal(
        status,
        FORBIDDEN if status == 403 else UNPROCESSABLE,
        "potential wash trade detected. use complex orders",
        {
            "reject_reason": f"opposite side {kind} order exists",
            "existing_order_id": existing_order,
        },
    )


def no_short_selling() -> Refusal:
    """A sell of what is not held."""
    return forbidden("account is not allowed to short")


def short_sell_open() -> Refusal:
    """A buy while an order that opens a short position is open."""
    return forbidden("cannot open a long buy while a short sell order is open")


def notional_while_closing() -> Refusal:
    """An order by value, outside of the session, while the position is being closed."""
    return forbidden("unable to open new notional orders while having open closing position orders")


def no_price(symbol: str) -> Refusal:
    """A security that was never traded. The vendor's text was not seen."""
    return forbidden(f'no market price of "{symbol}" is available')


def account_blocked() -> Refusal:
    """The broker has stopped trading in the account. The vendor's text was not seen."""
    return forbidden("account is not allowed to trade")


def suspended_by_user() -> Refusal:
    """The user has stopped trading in the account."""
    return forbidden("new orders are rejected by user request")


def day_trading() -> Refusal:
    """Historical: before 2026-07-06."""
    return Refusal(403, 40310100, "trade denied due to pattern day trading protection")
