"""The ledger of the simulated exchange: everything that happened, in order.

The account is the fold of these entries (`state.py`), so whoever has them has the account.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from attrs import field, frozen

from alchemiser_alpaca.simulator.exchange.account import AccountFlags
from alchemiser_alpaca.simulator.exchange.order import Status
from alchemiser_alpaca.simulator.exchange.ticket import Changes, OrderTicket


@frozen
class Opened:
    """The account starts; always the first entry."""

    account_number: str
    cash: Decimal
    multiplier: int
    at: datetime


@frozen(kw_only=True)
class OrderTaken:
    """A request became an order."""

    order_id: str
    asset_id: str
    ticket: OrderTicket
    """As it was taken: with a client order id, and the quantity cut to what is kept of it."""
    status: Status
    session: date
    expires_at: datetime
    works_from: datetime | None
    """From when on it takes its next step; `None` where it waits for another order."""
    held_price: Decimal
    """What one share of a buy holds back; 0 for a sell and for an order by value."""
    held_qty: Decimal
    """Shares that a sell by value holds back; 0 for any other order."""
    cap: Decimal | None
    """The highest price of a market buy."""
    hwm: Decimal | None
    stop_price: Decimal | None
    """Of a trailing stop: where its stop stands at first."""
    replaces: str | None
    at: datetime


@frozen
class OrderRefused:
    """A request that became no order."""

    ticket: OrderTicket
    status: int
    code: int | None
    message: str
    at: datetime


@frozen
class ReplaceRefused:
    """A request to change an order that was refused."""

    order_id: str
    changes: Changes
    status: int
    code: int | None
    message: str
    at: datetime


@frozen
class CancelRefused:
    """A cancel that was refused."""

    order_id: str
    status: int
    code: int | None
    message: str
    at: datetime


@frozen
class StatusChanged:
    """An order came into another state without an execution."""

    order_id: str
    status: Status
    at: datetime
    reason: str = ""
    works_from: datetime | None = None
    """From when on it takes its next step."""
    session: date | None = None
    """The session it is in now, where that changed."""


@frozen
class StopReached:
    """A stop order became a market order, or a limit order."""

    order_id: str
    at: datetime


@frozen
class TrailMoved:
    """The best price since a trailing stop was taken, and the stop that follows it."""

    order_id: str
    hwm: Decimal
    stop_price: Decimal
    at: datetime


@frozen
class Executed:
    """An order, or a part of it, was filled."""

    execution_id: str
    order_id: str
    client_order_id: str
    symbol: str
    side: str
    qty: Decimal
    price: Decimal
    """US dollars a share."""
    cash: Decimal
    """What it moved, signed, in whole cents: over all executions of an order together its value,
    rounded against the account.
    """
    is_last: bool
    """The order is filled by it."""
    works_from: datetime | None
    """When the next part may be filled."""
    at: datetime


@frozen
class Replaced:
    """An order made way for its successor."""

    order_id: str
    successor: str
    works_from: datetime
    """Of the successor."""
    at: datetime


@frozen
class OrderForgotten:
    """The broker has lost an order; what it filled stays."""

    order_id: str
    at: datetime


@frozen
class CashMoved:
    """Cash came or went without an order."""

    activity_id: str
    kind: str
    """Alpaca's activity type: `CSD`, `CSW`, `DIV`, `INT`, `FEE`."""
    amount: Decimal
    """Signed, in whole cents."""
    day: date
    at: datetime
    symbol: str | None = None
    qty: Decimal | None = None
    per_share: Decimal | None = None


@frozen
class SplitBooked:
    """New shares for old ones, and prices that follow."""

    activity_id: str
    symbol: str
    ratio: Decimal
    """New shares for one."""
    came: Decimal
    """Shares that came, or went where it is negative."""
    cash: Decimal
    """For what is no whole share, where the security is traded in whole ones."""
    day: date
    at: datetime


@frozen
class PositionRemoved:
    """A whole position ended for an amount of cash: a merger, a liquidation."""

    activity_id: str
    symbol: str
    qty: Decimal
    cash: Decimal
    day: date
    at: datetime


@frozen
class FlagsSet:
    """What the account may do from now on."""

    flags: AccountFlags
    at: datetime


@frozen
class MarketClosed:
    """An unscheduled closure."""

    day: date
    closes: datetime | None
    """When the session of the day ends; `None` where it has none."""
    at: datetime


@frozen
class SessionClosed:
    """The books at a close of the exchange."""

    day: date
    equity: Decimal
    cash: Decimal
    closes: Mapping[str, Decimal] = field(factory=dict)
    """The last prices of what is held, US dollars a share."""
    at: datetime = field(kw_only=True)


Entry = (
    Opened
    | OrderTaken
    | OrderRefused
    | ReplaceRefused
    | CancelRefused
    | StatusChanged
    | StopReached
    | TrailMoved
    | Executed
    | Replaced
    | OrderForgotten
    | CashMoved
    | SplitBooked
    | PositionRemoved
    | FlagsSet
    | MarketClosed
    | SessionClosed
)
