"""An order journal in memory, which can be told to fail."""

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile

from attrs import define, field
from returns.result import Failure, Result, Success

from alchemiser_core.domain.journal.chain import GENESIS, Record, chain_faults, chained
from alchemiser_core.domain.journal.codec import decode, encode_checked, kind_of
from alchemiser_core.domain.journal.events import JournalEvent
from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.order_journal import JournalEntry, JournalFailure


@define
class InMemoryJournal:
    """Keeps its events as records, chained and encoded as a real journal keeps them, so that an
    event that cannot be written is found.
    """

    records: list[Record] = field(factory=list)
    """Everything written so far."""
    fail_at: int | None = None
    """Which append fails, counted from 1 since the journal was opened; all after it fail too."""
    fail_keeps: bool = False
    """The append that fails has written its events all the same: the disk had them, and only the
    answer was lost. They are there for whoever opens the journal anew.
    """
    appends: int = field(default=0, init=False)
    """Calls of `append` since the journal was opened, those that failed too."""
    _failed: bool = field(default=False, init=False)
    _read: list[JournalEntry] = field(factory=list, init=False)
    """The records that were read back so far."""

    def append(
        self, events: Sequence[JournalEvent], at: datetime
    ) -> Result[tuple[JournalEntry, ...], JournalFailure]:
        """Write events, all or none; raises where one would not come back as it is."""
        self.appends += 1
        if self._failed:
            return Failure(append_blocked())
        written = self._written(events, at)
        fails = self.appends == self.fail_at
        if not fails or self.fail_keeps:
            if len(self._read) == len(self.records):
                self._read.extend(written)
            self.records.extend(entry.record for entry in written)
        if fails:
            self._failed = True
            return Failure(append_failed())
        return Success(written)

    def entries(self, after: int = 0) -> Result[tuple[JournalEntry, ...], JournalFailure]:
        """Everything after the entry of that number, the chain checked over all of it.

        A record is decoded once and kept; one that a test has changed is decoded again.
        """
        self._forget_changed()
        fresh = self.records[len(self._read) :]
        previous = self._read[-1].record.digest if self._read else GENESIS
        faults = chain_faults(fresh, len(self._read) + 1, previous)
        if faults:
            return Failure(_unreadable(f"entry {faults[0].number} {faults[0].why}"))
        for record in fresh:
            event = decode(record.kind, record.body)
            if isinstance(event, Failure):
                return Failure(JournalFailure(event.failure().problems()))
            self._read.append(JournalEntry(record, event.unwrap()))
        return Success(tuple(self._read[after:]))

    def reopened(self) -> "InMemoryJournal":
        """A journal with the same records, opened anew: it does not fail any more."""
        again = InMemoryJournal(list(self.records))
        again._read = list(self._read)
        return again

    def _forget_changed(self) -> None:
        kept = zip(self._read, self.records, strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0].record is pair[1], kept))
        del self._read[same:]

    def _written(self, events: Sequence[JournalEvent], at: datetime) -> tuple[JournalEntry, ...]:
        number = len(self.records)
        previous = self.records[-1].digest if self.records else GENESIS
        written: list[JournalEntry] = []
        for event in events:
            number += 1
            record = chained(number, at, kind_of(event), encode_checked(event), previous)
            previous = record.digest
            written.append(JournalEntry(record, event))
        return tuple(written)


def append_failed() -> JournalFailure:
    """What the append that was told to fail says."""
    problem = Problem(
        code="journal-not-written",
        what="the journal cannot be written",
        where="in memory",
        why="it was told to fail",
        hint="open it anew",
    )
    return JournalFailure((problem,))


def append_blocked() -> JournalFailure:
    """What every append after a failed one says."""
    problem = Problem(
        code="journal-blocked",
        what="the journal takes no more entries",
        where="in memory",
        why="an earlier one could not be written",
        hint="open it anew",
    )
    return JournalFailure((problem,))


def _unreadable(why: str) -> JournalFailure:
    problem = Problem(
        code="journal-corrupt", what="the journal does not hold", where="in memory", why=why
    )
    return JournalFailure((problem,))
