"""Reconciliation: the journal and the broker are brought to tell the same, or trading is blocked.

Values in, values out. The events are to be appended to the journal; folding them and reconciling
again with the same state of the broker finds nothing more to write.
"""

from datetime import date
from decimal import localcontext

from attrs import evolve, frozen

from alchemiser_core.domain.alert import Alert
from alchemiser_core.domain.journal.account_events import DiscrepancyEnded, DiscrepancyNoted
from alchemiser_core.domain.journal.events import AlertRaised, JournalEvent
from alchemiser_core.domain.money import ARITHMETIC
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.domain.quote import Marks
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.ledger import Ledger
from alchemiser_core.services.reconciliation.activities import reconcile_activities
from alchemiser_core.services.reconciliation.broker_state import BrokerState
from alchemiser_core.services.reconciliation.discrepancies import Discrepancy, DiscrepancyKind
from alchemiser_core.services.reconciliation.findings import Findings
from alchemiser_core.services.reconciliation.holdings import reconcile_holdings
from alchemiser_core.services.reconciliation.opening import open_new_books, reconcile_opening
from alchemiser_core.services.reconciliation.orders import reconcile_orders
from alchemiser_core.services.reconciliation.policy import ReconcilePolicy


@frozen
class Reconciliation:
    """What came of comparing the journal with the broker."""

    events: tuple[JournalEvent, ...]
    """To be appended to the journal; alerts are among them."""
    discrepancies: tuple[Discrepancy, ...]
    """What still differs after the events."""
    left_alone: frozenset[Symbol] = frozenset()
    """Symbols that are not to be traded, because somebody else's order or short position, or an
    order of an earlier cycle, is open in them.
    """
    stale: tuple[OrderReport, ...] = ()
    """Own open orders that belong to no open cycle: to be cancelled."""

    @property
    def blocking(self) -> bool:
        """Whether nothing may be traded until the broker, the policy or a person settles it."""
        return any(found.kind.blocks for found in self.discrepancies)

    @property
    def retry(self) -> bool:
        """Whether all that blocks may pass by itself: the broker is to be read again soon."""
        return self.blocking and all(
            found.kind.passes for found in self.discrepancies if found.kind.blocks
        )


def reconcile(
    ledger: Ledger, seen: BrokerState, policy: ReconcilePolicy, marks: Marks, session: date
) -> Reconciliation:
    """Compare the ledger with the broker on a session.

    Opens the books of a new journal, and one for each new strategy; takes in what the broker says
    of orders, late fills and activities; accepts the differences that the policy allows, shares at
    their `marks`; names the rest. An account that is not the journal's, or is blocked, is looked at
    no further.
    """
    with localcontext(ARITHMETIC):
        found = Findings(ledger, seen, policy, marks, session)
        _identity(found)
        whole = not found.discrepancies and _account(found)
        _note(found, whole=whole)
        return Reconciliation(
            tuple(found.events),
            tuple(found.discrepancies),
            frozenset(found.left_alone),
            tuple(found.stale),
        )


def adopt(
    ledger: Ledger, seen: BrokerState, policy: ReconcilePolicy, marks: Marks, session: date
) -> Reconciliation:
    """Reconcile on the word of a person that the account is right as the broker shows it.

    Another account than the journal's is not accepted that way.
    """
    return reconcile(ledger, seen, evolve(policy, confirmed=True), marks, session)


def _identity(found: Findings) -> None:
    identity, account = found.ledger.identity, found.seen.account
    if identity is not None:
        journal = f"{identity.broker} {identity.account}"
        broker = f"{found.seen.broker} {account.number}"
        if journal != broker:
            kind = DiscrepancyKind.ACCOUNT_MISMATCH
            found.differ(Discrepancy(kind, account.number, journal, broker))
        if identity.is_live != account.is_live:
            modes = {True: "live", False: "paper"}
            kind = DiscrepancyKind.MODE_MISMATCH
            journal, broker = modes[identity.is_live], modes[account.is_live]
            found.differ(Discrepancy(kind, account.number, journal, broker))
    if account.is_blocked:
        kind = DiscrepancyKind.ACCOUNT_BLOCKED
        found.differ(Discrepancy(kind, account.number, "to be traded", "takes no orders"))


def _account(found: Findings) -> bool:
    """Compare everything; false where there are no books to compare with."""
    if found.ledger.books is None:
        reconcile_opening(found)
        if found.ledger.books is None:
            return False
    open_new_books(found)
    reconcile_orders(found)
    reconcile_holdings(found, reconcile_activities(found))
    return True


def _note(found: Findings, *, whole: bool) -> None:
    """Write down what is new, and what is over where all was compared; each discrepancy is told
    once while it lasts.
    """
    noted = dict(found.ledger.noted)
    now = {(d.kind.value, d.subject): d for d in found.discrepancies}
    for key, discrepancy in now.items():
        if noted.get(key) != discrepancy.text:
            found.record(DiscrepancyNoted(*key, discrepancy.text))
            alert = Alert(key[0], discrepancy.severity, discrepancy.text, discrepancy.subject)
            found.record(AlertRaised(alert))
    codes = {kind.value for kind in DiscrepancyKind} if whole else set()
    found.record(*(DiscrepancyEnded(*k) for k in noted if k not in now and k[0] in codes))
