"""Activities: what happened to the account beside its orders, and which book it belongs to."""

from collections.abc import Mapping
from decimal import Decimal

from alchemiser_core.domain.account import (
    Activity,
    CashActivity,
    RemovalActivity,
    SplitActivity,
)
from alchemiser_core.domain.journal.account_events import ActivityBooked
from alchemiser_core.domain.portfolio.proportion import as_shares
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.bookkeeping import holders
from alchemiser_core.services.reconciliation.findings import Findings


def reconcile_activities(found: Findings) -> dict[Symbol, Decimal]:
    """Book what is not booked yet, in its order; cash paid for fractions, by symbol that split.

    What happened to a symbol waits while fills of it are known whose price is not.
    What a holding brings goes to the books that hold it, by quantity; all else, as deposits,
    interest and fees, by capital shares.
    """
    splits: dict[Symbol, Decimal] = {}
    for activity in found.seen.activities:
        if activity.identifier in found.ledger.activities:
            continue
        if activity.symbol in found.unpriced:
            continue  # a split changes the fills before it as well, which are not in the books yet
        found.record(ActivityBooked(activity, attribution(found, activity)))
        match activity:
            case SplitActivity():
                paid = splits.get(activity.symbol, Decimal(0))
                splits[activity.symbol] = paid + activity.cash_in_lieu
            case RemovalActivity():
                text = f"{activity.symbol} was removed from the account for {activity.cash} USD"
                found.tell("position-removed", text, activity.symbol)
            case CashActivity():
                continue
    return splits


def attribution(found: Findings, activity: Activity) -> Mapping[str, Decimal]:
    """Which part of an activity belongs to which book; adds up to exactly 1."""
    if activity.symbol is not None:
        held = holders(found.ledger.opened_books, activity.symbol)
        if held:
            return as_shares(held)
    return found.capital_shares()
