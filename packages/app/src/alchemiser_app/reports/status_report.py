"""Where an account stands, by its journal alone and the kill switch beside it."""

from collections.abc import Sequence
from datetime import datetime

from attrs import frozen

from alchemiser_app.reports.account_status import AccountStatus, account_status
from alchemiser_app.reports.cycle_summaries import (
    CycleHistory,
    CycleSummary,
    DatedAlert,
    cycle_history,
)
from alchemiser_core.ports.order_journal import JournalEntry
from alchemiser_core.services.cycle.deciding import REDUCING
from alchemiser_core.services.last_marks import last_marks
from alchemiser_core.services.ledger import Ledger

_ALERTS = 5


@frozen
class StatusReport:
    """What a journal says of its account, and whether the kill switch is thrown."""

    where: str
    entries: int
    written: datetime | None
    """When the last entry was; `None` in an empty journal."""
    ledger: Ledger
    status: AccountStatus | None
    """`None` where the books were never opened."""
    history: CycleHistory
    switch: str | None
    """Why the kill switch is thrown; `None` where it is not."""

    @property
    def is_halted(self) -> bool:
        """Whether nothing at all is traded; sells still pass where the halt is `reducing`."""
        halt = self.ledger.halt
        return self.switch is not None or (halt is not None and halt.code != REDUCING)

    @property
    def last_cycle(self) -> CycleSummary | None:
        """The last one that was closed."""
        closed = [cycle for cycle in self.history.cycles if cycle.closed is not None]
        return closed[-1] if closed else None

    @property
    def open_cycle(self) -> CycleSummary | None:
        """One that was opened and not closed."""
        last = self.history.cycles[-1:]
        return last[0] if last and last[0].closed is None else None

    @property
    def alerts(self) -> tuple[DatedAlert, ...]:
        """The last few, the newest last."""
        inside = (alert for cycle in self.history.cycles for alert in cycle.alerts)
        every = sorted((*self.history.between, *inside), key=lambda each: each.number)
        return tuple(every[-_ALERTS:])


def status_report(where: str, entries: Sequence[JournalEntry], switch: str | None) -> StatusReport:
    """Everything that the entries of a journal add up to."""
    events = [entry.event for entry in entries]
    ledger = Ledger().fold(events)
    return StatusReport(
        where,
        len(entries),
        entries[-1].record.at if entries else None,
        ledger,
        account_status(ledger, last_marks(events)),
        cycle_history(entries),
        switch,
    )
