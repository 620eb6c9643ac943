"""The journal of a rehearsal that nobody keeps: in memory, chained as every journal is."""

from collections.abc import Sequence
from datetime import datetime

from attrs import define, field
from returns.result import Result, Success

from alchemiser_core.domain.journal.chain import GENESIS, chained
from alchemiser_core.domain.journal.codec import encode, kind_of
from alchemiser_core.domain.journal.events import JournalEvent
from alchemiser_core.ports.order_journal import JournalEntry, JournalFailure


@define
class UnkeptJournal:
    """Entries in memory; gone with the program."""

    _entries: list[JournalEntry] = field(factory=list, init=False)

    def append(
        self, events: Sequence[JournalEvent], at: datetime
    ) -> Result[tuple[JournalEntry, ...], JournalFailure]:
        """Keep events; never fails. Raises, and keeps none, where one cannot be written."""
        previous = self._entries[-1].record.digest if self._entries else GENESIS
        fresh: list[JournalEntry] = []
        for number, event in enumerate(events, len(self._entries) + 1):
            record = chained(number, at, kind_of(event), encode(event), previous)
            previous = record.digest
            fresh.append(JournalEntry(record, event))
        self._entries.extend(fresh)
        return Success(tuple(fresh))

    def entries(self, after: int = 0) -> Result[tuple[JournalEntry, ...], JournalFailure]:
        """Everything kept after the entry of that number; never fails."""
        return Success(tuple(self._entries[after:]))
