"""The vendor's words for where an order stands, in the words that all brokers share."""

from collections.abc import Mapping
from types import MappingProxyType

from alchemiser_core.domain.orders.report import OrderStatus

STATUSES: Mapping[str, OrderStatus] = MappingProxyType(
    {
        "accepted": OrderStatus.OPEN,
        "accepted_for_bidding": OrderStatus.OPEN,
        "pending_new": OrderStatus.OPEN,
        "pending_review": OrderStatus.OPEN,
        "new": OrderStatus.OPEN,
        "held": OrderStatus.OPEN,
        "partially_filled": OrderStatus.OPEN,
        "pending_replace": OrderStatus.OPEN,
        # A trade is promised and not made.
        "stopped": OrderStatus.OPEN,
        "suspended": OrderStatus.OPEN,
        # Over for today only: the last word, expired or canceled, follows.
        "done_for_day": OrderStatus.OPEN,
        # Filled or done for the day, and still being settled: what was filled says which.
        "calculated": OrderStatus.OPEN,
        "pending_cancel": OrderStatus.CANCELLING,
        "filled": OrderStatus.FILLED,
        "canceled": OrderStatus.CANCELLED,
        "replaced": OrderStatus.REPLACED,
        "expired": OrderStatus.EXPIRED,
        "rejected": OrderStatus.REJECTED,
    }
)


def status_of(word: str) -> OrderStatus:
    """The shared word; `UNRECOGNISED`, which counts as not over, for one that is new."""
    return STATUSES.get(word, OrderStatus.UNRECOGNISED)
