"""Orders as the vendor tells of them.

Its own library refuses an order for one unknown word in it, after the order has been taken. Here
only what the execution needs is looked at.
"""

from datetime import datetime
from decimal import Decimal

from attrs import frozen

from alchemiser_alpaca.orders.statuses import status_of
from alchemiser_alpaca.reading import (
    Record,
    UnreadableError,
    moment,
    number,
    optional_number,
    optional_text,
    text,
)
from alchemiser_alpaca.symbols import symbol_of
from alchemiser_core.domain.money import ARITHMETIC, NO_MONEY, ZERO, Usd
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.orders.report import OrderReport, OrderStatus
from alchemiser_core.domain.plain_text import plain_text
from alchemiser_core.domain.symbol import Symbol

_SIDES = {"buy": Side.BUY, "sell": Side.SELL, "sell_short": Side.SELL}


@frozen
class ListedOrder:
    """An order among others, with the time by which lists are paged."""

    report: OrderReport
    submitted_at: datetime


def read_order(source: Record) -> OrderReport:
    """The report of one order; raises `UnreadableError` where something needed is missing."""
    filled = number(source, "filled_qty")
    if filled < 0:
        raise UnreadableError(f"filled_qty is {filled}")
    status = status_of(text(source, "status"))
    return OrderReport(
        client_order_id=plain_text(text(source, "client_order_id"), 128),
        broker_order_id=plain_text(text(source, "id"), 64),
        symbol=_symbol(source),
        side=_side(source),
        quantity=_quantity(source, filled),
        status=status,
        filled_quantity=filled,
        filled_value=_filled_value(source, filled),
        reason=_reason(source, status),
    )


def is_of_several_legs(source: Record) -> bool:
    """Whether an order is of several options at once, and has no symbol and no side of its own."""
    return optional_text(source, "order_class") == "mleg"


def read_listed(source: Record) -> ListedOrder:
    """One order of a list; lists are in the order of `submitted_at`, or of `created_at` without."""
    has_submitted = source.get("submitted_at") is not None
    at = moment(source, "submitted_at" if has_submitted else "created_at")
    return ListedOrder(read_order(source), at)


def _symbol(source: Record) -> Symbol:
    symbol = symbol_of(text(source, "symbol"))
    if symbol is None:
        raise UnreadableError("symbol is none")
    return symbol


def _side(source: Record) -> Side:
    side = _SIDES.get(text(source, "side"))
    if side is None:
        raise UnreadableError("side is neither buy nor sell")
    return side


def _quantity(source: Record, filled: Decimal) -> Decimal:
    """Shares ordered. An order for an amount of money, which Alchemiser never sends, has none: of
    it is known what was filled.
    """
    quantity = optional_number(source, "qty")
    if quantity is not None and quantity > 0:
        return quantity
    if quantity is None and optional_number(source, "notional") is not None:
        return filled
    raise UnreadableError("qty is missing")


def _filled_value(source: Record, filled: Decimal) -> Usd | None:
    """What was filled times its mean price, exactly; `None` where the price is not told (yet)."""
    if filled == ZERO:
        return NO_MONEY
    price = optional_number(source, "filled_avg_price")
    if price is None or price == ZERO:
        return None
    if price < 0:
        raise UnreadableError(f"filled_avg_price is {price}")
    return Usd(ARITHMETIC.multiply(filled, price))


def _reason(source: Record, status: OrderStatus) -> str:
    if status is OrderStatus.REJECTED:
        return plain_text(optional_text(source, "reject_reason")) or "the broker says no reason"
    replaced_by = optional_text(source, "replaced_by")
    if replaced_by and optional_text(source, "status") == "replaced":
        return plain_text(f"replaced by {replaced_by}", 100)
    return ""
