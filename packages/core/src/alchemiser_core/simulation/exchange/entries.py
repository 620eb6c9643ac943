"""The ledger of the simulated exchange: everything that happened, in order.

The account is the fold of these entries, so whoever keeps them has the account.
"""

from datetime import date, datetime
from decimal import Decimal

from attrs import frozen

from alchemiser_core.domain.account import Activity
from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderStatus
from alchemiser_core.domain.orders.submission import Rejected
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.simulation.exchange.exact import exact_value


@frozen
class Opened:
    """The account starts, with cash that is no deposit."""

    cash: Usd
    at: datetime


@frozen
class DuePart:
    """Shares that are to be filled at a time, the market allowing."""

    due: datetime
    quantity: Decimal


@frozen
class Received:
    """A request that reached the exchange: accepted or refused."""

    request: OrderRequest
    at: datetime
    session: date
    broker_order_id: str | None
    """`None` where it was refused."""
    refusal: Rejected | None = None
    parts: tuple[DuePart, ...] = ()
    price: Decimal = Decimal(0)
    """US dollars a share that a buy holds back, without collar and costs; 0 for a sell."""
    held_rate: Decimal = Decimal(1)
    """What one dollar of an open buy holds back, with collar and costs."""


@frozen
class Execution:
    """A fill of an order, or of a part of it."""

    identifier: str
    broker_order_id: str
    client_order_id: str
    symbol: Symbol
    side: Side
    quantity: Decimal
    price: Decimal
    """US dollars a share."""
    costs: Usd
    """Commission and slippage, and what rounding to whole cents takes."""
    at: datetime

    @property
    def value(self) -> Usd:
        """Quantity times price, exact."""
        return exact_value(self.quantity, self.price)


@frozen
class CancelTaken:
    """A cancel was asked for; it takes effect at `due`, or never."""

    broker_order_id: str
    due: datetime | None
    at: datetime


@frozen
class Ended:
    """An order is over before it was filled."""

    broker_order_id: str
    status: OrderStatus
    reason: str
    at: datetime


@frozen
class Booked:
    """Something happened to the account without an order."""

    activity: Activity
    at: datetime
    quantity: Decimal | None = None
    """For a split: how many shares are held after it."""


Entry = Opened | Received | Execution | CancelTaken | Ended | Booked


@frozen
class CashChange:
    """A movement of cash, and what it left."""

    at: datetime
    amount: Usd
    balance: Usd
    cause: str
    """Identifier of the execution or activity."""
