"""What a broker says about an order: cumulative, so that a report may be lost, late or repeated."""

from decimal import Decimal
from enum import StrEnum

from attrs import frozen

from alchemiser_core.domain.money import NO_MONEY, ZERO, Usd
from alchemiser_core.domain.orders.identifiers import Side, is_own
from alchemiser_core.domain.symbol import Symbol


class OrderStatus(StrEnum):
    """Where an order stands at the broker, in the words that all brokers share."""

    OPEN = "open"
    """Accepted and not over, whether it rests, waits for the market or is partly filled."""
    CANCELLING = "cancelling"
    """A cancel was taken, and is no more than a request."""
    FILLED = "filled"
    CANCELLED = "cancelled"
    REPLACED = "replaced"
    """Somebody else has put another order into its place, under an id that is not Alchemiser's;
    Alchemiser itself never does."""
    EXPIRED = "expired"
    REJECTED = "rejected"
    """Refused after it had been accepted."""
    UNRECOGNISED = "unrecognised"
    """A word that the adapter does not know; the order counts as not over."""

    @property
    def is_terminal(self) -> bool:
        """Whether nothing more can be filled, as far as the broker knows."""
        return self in _TERMINAL


_TERMINAL = frozenset(
    {
        OrderStatus.FILLED,
        OrderStatus.CANCELLED,
        OrderStatus.REPLACED,
        OrderStatus.EXPIRED,
        OrderStatus.REJECTED,
    }
)


@frozen
class OrderReport:
    """The state of one order as the broker tells it."""

    client_order_id: str
    """Any text: orders that are not Alchemiser's are reported as well."""
    broker_order_id: str
    symbol: Symbol
    side: Side
    quantity: Decimal
    status: OrderStatus
    filled_quantity: Decimal = ZERO
    """Shares filled so far."""
    filled_value: Usd | None = NO_MONEY
    """Σ quantity times price of what was filled; `None` where the broker does not say it (yet).
    No other price ever stands in for it."""
    costs: Usd = NO_MONEY
    """Commission and fees charged so far, not in `filled_value`."""
    reason: str = ""
    """The broker's words where it refused or cancelled the order."""

    @property
    def is_own(self) -> bool:
        """Whether the order was given by Alchemiser."""
        return is_own(self.client_order_id)
