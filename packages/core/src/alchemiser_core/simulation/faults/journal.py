"""A journal that fails, and the writes before and after which a process is killed."""

from collections.abc import Sequence
from datetime import datetime

from attrs import define, field
from returns.result import Failure, Result

from alchemiser_core.domain.journal.events import JournalEvent
from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.order_journal import JournalEntry, JournalFailure, OrderJournal
from alchemiser_core.simulation.faults.killed import ProcessKilled
from alchemiser_core.simulation.faults.kinds import FaultKind, Operation
from alchemiser_core.simulation.faults.script import FaultScript
from alchemiser_core.simulation.faults.tape import Written

_HAD_IT = 1
"""The variant in which the disk had the events and only the answer was lost."""


@define
class FaultyJournal:
    """`OrderJournal` over another one, as one process has it open."""

    inner: OrderJournal
    script: FaultScript
    _failed: bool = field(default=False, init=False)

    def append(
        self, events: Sequence[JournalEvent], at: datetime
    ) -> Result[tuple[JournalEntry, ...], JournalFailure]:
        """Write events, unless a fault is due; after a failure nothing is written any more."""
        if self._failed:
            return Failure(_failure("an earlier entry could not be written"))
        due = {fault.kind: fault for fault in self.script.due(Operation.APPEND)}
        self._die(FaultKind.KILLED_BEFORE_WRITE in due, FaultKind.KILLED_BEFORE_WRITE, events)
        fails = due.get(FaultKind.WRITE_FAILS)
        if fails is not None:
            self._failed = True
            self.script.tape.struck(FaultKind.WRITE_FAILS, _names(events))
        if fails is None or fails.variant == _HAD_IT:
            written = self._written(events, at)
            if fails is None:
                after = FaultKind.KILLED_AFTER_WRITE
                self._die(after in due, after, events)
                return written
        return Failure(_failure("no space is left"))

    def entries(self, after: int = 0) -> Result[tuple[JournalEntry, ...], JournalFailure]:
        """Everything written after the entry of that number."""
        return self.inner.entries(after)

    def _written(
        self, events: Sequence[JournalEvent], at: datetime
    ) -> Result[tuple[JournalEntry, ...], JournalFailure]:
        written = self.inner.append(events, at)
        for entry in written.value_or(()):
            self.script.tape.note(Written(entry))
        return written

    def _die(self, due: bool, kind: FaultKind, events: Sequence[JournalEvent]) -> None:
        if due:
            self.script.tape.struck(kind, _names(events))
            raise ProcessKilled(kind.value)


def _names(events: Sequence[JournalEvent]) -> str:
    return ", ".join(type(event).__name__ for event in events)


def _failure(why: str) -> JournalFailure:
    problem = Problem(
        code="journal-not-written",
        what="the journal cannot be written",
        where="simulation",
        why=why,
        hint="start the program again",
    )
    return JournalFailure((problem,))
