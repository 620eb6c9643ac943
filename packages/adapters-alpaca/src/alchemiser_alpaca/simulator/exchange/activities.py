"""What moved cash or shares, as the account's activities tell it."""

from datetime import datetime
from decimal import Decimal

from alchemiser_alpaca.simulator.exchange.account import Activity
from alchemiser_alpaca.simulator.exchange.entries import (
    CashMoved,
    Executed,
    PositionRemoved,
    SplitBooked,
)
from alchemiser_alpaca.simulator.exchange.order import SimulatedOrder
from alchemiser_alpaca.simulator.exchange.sessions import NEW_YORK, exchange_day
from alchemiser_core.simulation.exchange.exact import EXACT


def fill_of(entry: Executed, order: SimulatedOrder) -> Activity:
    """The execution, with the order as it was after it."""
    return Activity(
        id=activity_name(entry.execution_id, entry.at),
        kind="FILL",
        at=entry.at,
        day=exchange_day(entry.at),
        symbol=entry.symbol,
        qty=entry.qty,
        price=entry.price,
        side=entry.side,
        fill_type="fill" if entry.is_last else "partial_fill",
        order_id=entry.order_id,
        leaves_qty=Decimal(0) if entry.is_last else order.remaining,
        cum_qty=order.filled_qty,
        order_status="filled" if entry.is_last else "partially_filled",
    )


def cash_of(entry: CashMoved) -> Activity:
    """Cash that came or went."""
    return Activity(
        id=activity_name(entry.activity_id, entry.at),
        kind=entry.kind,
        at=entry.at,
        day=entry.day,
        symbol=entry.symbol,
        qty=entry.qty,
        net_amount=entry.amount,
        per_share_amount=entry.per_share,
        description=_WORDS.get(entry.kind, ""),
    )


def split_of(entry: SplitBooked) -> Activity:
    """Shares that came by a split, and the cash for what is no whole one."""
    return Activity(
        id=activity_name(entry.activity_id, entry.at),
        kind="SPLIT",
        at=entry.at,
        day=entry.day,
        symbol=entry.symbol,
        qty=entry.came,
        net_amount=entry.cash,
        description=f"{entry.ratio} for 1",
    )


def removal_of(entry: PositionRemoved) -> Activity:
    """A position that ended."""
    return Activity(
        id=activity_name(entry.activity_id, entry.at),
        kind="MA",
        at=entry.at,
        day=entry.day,
        symbol=entry.symbol,
        qty=EXACT.minus(entry.qty),
        net_amount=entry.cash,
        description="merger",
    )


def activity_name(identifier: str, at: datetime) -> str:
    """The id of an activity: its time in New York to the millisecond, and its identifier."""
    local = at.astimezone(NEW_YORK)
    return f"{local:%Y%m%d%H%M%S}{local.microsecond // 1000:03d}::{identifier}"


_WORDS = {
    "CSD": "deposit",
    "CSW": "withdrawal",
    "DIV": "dividend",
    "INT": "interest",
    "FEE": "fee",
}
