"""A journal in memory, for rehearsals and simulations: chained and encoded as a real one is."""

from collections.abc import Sequence
from datetime import datetime

from attrs import define, field
from returns.result import Result, Success

from alchemiser_core.domain.journal.chain import GENESIS, Record, chained
from alchemiser_core.domain.journal.codec import encode, kind_of
from alchemiser_core.domain.journal.events import JournalEvent
from alchemiser_core.ports.order_journal import JournalEntry, JournalFailure


@define
class MemoryJournal:
    """Keeps every event with its record; gone when the program ends."""

    kept: list[JournalEntry] = field(factory=list)

    def append(
        self, events: Sequence[JournalEvent], at: datetime
    ) -> Result[tuple[JournalEntry, ...], JournalFailure]:
        """Write events; raises where one cannot be encoded."""
        previous = self.kept[-1].record.digest if self.kept else GENESIS
        written: list[JournalEntry] = []
        for number, event in enumerate(events, start=len(self.kept) + 1):
            record: Record = chained(number, at, kind_of(event), encode(event), previous)
            previous = record.digest
            written.append(JournalEntry(record, event))
        self.kept.extend(written)
        return Success(tuple(written))

    def entries(self, after: int = 0) -> Result[tuple[JournalEntry, ...], JournalFailure]:
        """Everything after the entry of that number."""
        return Success(tuple(self.kept[after:]))
