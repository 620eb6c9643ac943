"""What a reconciliation finds, step by step, over the ledger as it becomes meanwhile."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from attrs import define, field

from alchemiser_core.domain.alert import Alert, Severity
from alchemiser_core.domain.journal.events import AlertRaised, JournalEvent
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.domain.portfolio.proportion import as_shares
from alchemiser_core.domain.quote import Marks
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.ledger import Ledger
from alchemiser_core.services.reconciliation.broker_state import BrokerState
from alchemiser_core.services.reconciliation.discrepancies import Discrepancy
from alchemiser_core.services.reconciliation.policy import ReconcilePolicy


@define
class Findings:
    """The facts of one reconciliation, and what was found so far."""

    ledger: Ledger
    """As it is after the events found so far."""
    seen: BrokerState
    policy: ReconcilePolicy
    marks: Marks
    session: date
    events: list[JournalEvent] = field(factory=list)
    discrepancies: list[Discrepancy] = field(factory=list)
    unbooked: set[Symbol] = field(factory=set)
    """Symbols with fills that are known and cannot be booked (yet)."""
    unpriced: set[Symbol] = field(factory=set)
    """Of these, the ones that wait for a price."""
    left_alone: set[Symbol] = field(factory=set)
    stale: list[OrderReport] = field(factory=list)

    def record(self, *events: JournalEvent) -> None:
        """Put events down; the ledger is the one after them."""
        self.events.extend(events)
        self.ledger = self.ledger.fold(events)

    def tell(self, code: str, text: str, subject: str) -> None:
        """Tell a person what was booked."""
        self.record(AlertRaised(Alert(code, Severity.WARNING, text, subject)))

    def differ(self, discrepancy: Discrepancy) -> None:
        """Put a discrepancy down."""
        self.discrepancies.append(discrepancy)

    def capital_shares(self) -> Mapping[str, Decimal]:
        """Shares of the books that there are, adding up to exactly 1."""
        names = self.ledger.opened_books.books
        for shares in (self.ledger.shares, self.policy.shares):
            own = {name: share for name, share in shares.items() if share and name in names}
            if own:
                return as_shares(own)
        return as_shares(dict.fromkeys(names, Decimal(1)))
