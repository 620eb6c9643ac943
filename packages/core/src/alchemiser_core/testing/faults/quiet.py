"""A journal that never fails, and whose entries are on the tape as those of any other process."""

from collections.abc import Sequence
from datetime import datetime

from attrs import frozen
from returns.result import Result

from alchemiser_core.domain.journal.events import JournalEvent
from alchemiser_core.ports.order_journal import JournalEntry, JournalFailure, OrderJournal
from alchemiser_core.simulation.faults import Tape
from alchemiser_core.simulation.faults.tape import Written


@frozen
class QuietJournal:
    """`OrderJournal` over another one."""

    inner: OrderJournal
    tape: Tape

    def append(
        self, events: Sequence[JournalEvent], at: datetime
    ) -> Result[tuple[JournalEntry, ...], JournalFailure]:
        """Write events, and note them."""
        written = self.inner.append(events, at)
        for entry in written.value_or(()):
            self.tape.note(Written(entry))
        return written

    def entries(self, after: int = 0) -> Result[tuple[JournalEntry, ...], JournalFailure]:
        """Everything written after the entry of that number."""
        return self.inner.entries(after)
