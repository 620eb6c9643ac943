"""An order as the simulated exchange keeps it, with everything that the wire tells of it."""

from copy import copy
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from attrs import define

from alchemiser_core.domain.money import ZERO
from alchemiser_core.simulation.exchange.exact import EXACT

_PRICE_DIGITS = Decimal("1E-9")


class Status(StrEnum):
    """The states of an order, as Alpaca spells them."""

    ACCEPTED = "accepted"
    PENDING_NEW = "pending_new"
    NEW = "new"
    PARTIALLY_FILLED = "partially_filled"
    FILLED = "filled"
    DONE_FOR_DAY = "done_for_day"
    CANCELED = "canceled"
    EXPIRED = "expired"
    REPLACED = "replaced"
    PENDING_CANCEL = "pending_cancel"
    PENDING_REPLACE = "pending_replace"
    PENDING_REVIEW = "pending_review"
    REJECTED = "rejected"
    SUSPENDED = "suspended"
    STOPPED = "stopped"
    CALCULATED = "calculated"
    ACCEPTED_FOR_BIDDING = "accepted_for_bidding"
    HELD = "held"

    @property
    def is_terminal(self) -> bool:
        """Whether an order in this state never changes again."""
        return self in _TERMINAL


_TERMINAL = frozenset(
    (Status.FILLED, Status.CANCELED, Status.EXPIRED, Status.REPLACED, Status.REJECTED)
)


@define(kw_only=True)
class SimulatedOrder:
    """One order that was taken; changed by ledger entries alone.

    Quantities are shares, prices US dollars a share, times aware. Words (`side`, `type`,
    `time_in_force`, ...) are Alpaca's own.
    """

    id: str
    client_order_id: str
    symbol: str
    asset_id: str
    side: str
    type: str
    time_in_force: str
    order_class: str
    qty: Decimal | None
    """`None` for an order by value."""
    notional: Decimal | None
    limit_price: Decimal | None
    stop_price: Decimal | None
    trail_price: Decimal | None
    trail_percent: Decimal | None
    hwm: Decimal | None
    """The best price since a trailing stop was taken."""
    extended_hours: bool
    position_intent: str | None
    status: Status
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime
    filled_qty: Decimal = ZERO
    filled_value: Decimal = ZERO
    """Exact sum of quantity times price over the executions."""
    expires_at: datetime | None = None
    filled_at: datetime | None = None
    expired_at: datetime | None = None
    canceled_at: datetime | None = None
    failed_at: datetime | None = None
    replaced_at: datetime | None = None
    replaced_by: str | None = None
    replaces: str | None = None
    reject_reason: str = ""

    # What the exchange itself needs, and the wire does not tell.
    number: int
    """Counts the orders of the account from 1."""
    session: date
    """The session that the order is for, or is in."""
    since: datetime
    """When the order came into its state."""
    works_from: datetime | None = None
    """From when on it can be executed: its last step towards an execution."""
    triggered_at: datetime | None = None
    """When a stop was reached."""
    cap: Decimal | None = None
    """The collar of a market buy: it is not executed above that price."""
    held_price: Decimal = ZERO
    """What one share of an open buy by quantity holds back."""
    held_qty: Decimal = ZERO
    """Shares that an open sell by value holds back."""
    at_exchange: bool = False
    """Whether it has been `new`."""
    successor: str | None = None
    """The order that is to replace this one, while a replacement is pending."""
    executions: int = 0
    moved_cash: Decimal = ZERO
    """Cash that the executions moved so far, in whole cents, without its sign."""

    @property
    def is_open(self) -> bool:
        """Whether the order can still change."""
        return not self.status.is_terminal

    @property
    def is_buy(self) -> bool:
        """Whether it is a buy."""
        return self.side == "buy"

    @property
    def remaining(self) -> Decimal:
        """Shares that are not filled; 0 for an order by value, whose shares are not known."""
        return ZERO if self.qty is None else EXACT.subtract(self.qty, self.filled_qty)

    @property
    def filled_avg_price(self) -> Decimal | None:
        """Exact where the executions had one price, else rounded to nine decimals, which tells the
        value to a cent up to ten million shares; `None` before the first execution.
        """
        if not self.filled_qty:
            return None
        price = EXACT.divide(self.filled_value, self.filled_qty)
        return price.quantize(_PRICE_DIGITS, ROUND_HALF_EVEN, EXACT)

    def snapshot(self) -> "SimulatedOrder":
        """The order as it is now, which later entries do not change."""
        return copy(self)
