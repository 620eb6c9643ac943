"""The journal of an account that has none yet, for a dry run, which writes nothing."""

from collections.abc import Sequence
from datetime import datetime

from returns.result import Failure, Result, Success

from alchemiser_core.domain.journal.events import JournalEvent
from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.order_journal import JournalEntry, JournalFailure


class NoJournal:
    """`OrderJournal` without an entry, that takes none."""

    def append(
        self, events: Sequence[JournalEvent], at: datetime
    ) -> Result[tuple[JournalEntry, ...], JournalFailure]:
        """Refused: nothing is written."""
        problem = Problem("journal-read-only", "a dry run writes nothing", "journal")
        return Failure(JournalFailure((problem,)))

    def entries(self, after: int = 0) -> Result[tuple[JournalEntry, ...], JournalFailure]:
        """None."""
        return Success(())
