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
        """Keep events; never fails."""
        first = len(self._entries)
        for event in events:
            previous = self._entries[-1].record.digest if self._entries else GENESIS
            number = len(self._entries) + 1
            record = chained(number, at, kind_of(event), encode(event), previous)
            self._entries.append(JournalEntry(record, event))
        return Success(tuple(self._entries[first:]))

    def entries(self, after: int = 0) -> Result[tuple[JournalEntry, ...], JournalFailure]:
        """Everything kept after the entry of that number; never fails."""
        return Success(tuple(self._entries[after:]))
