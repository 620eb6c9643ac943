"""Reconciling the journal with the broker: one way for start, crash, reconnect and cycle end."""

from alchemiser_core.services.reconciliation.broker_state import (
    BrokerState,
    ReadSince,
    read_broker,
    read_since,
)
from alchemiser_core.services.reconciliation.discrepancies import Discrepancy, DiscrepancyKind
from alchemiser_core.services.reconciliation.opening import opening_books
from alchemiser_core.services.reconciliation.policy import ReconcilePolicy
from alchemiser_core.services.reconciliation.reconcile import Reconciliation, adopt, reconcile

__all__ = [
    "BrokerState",
    "Discrepancy",
    "DiscrepancyKind",
    "ReadSince",
    "ReconcilePolicy",
    "Reconciliation",
    "adopt",
    "opening_books",
    "read_broker",
    "read_since",
    "reconcile",
]
