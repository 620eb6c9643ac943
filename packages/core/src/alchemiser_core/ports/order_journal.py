"""The order-journal port: append-only, write-ahead, durable when `append` returns."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from attrs import frozen
from returns.result import Result

from alchemiser_core.domain.journal.chain import Record
from alchemiser_core.domain.journal.events import JournalEvent
from alchemiser_core.domain.problem import Problem


@frozen
class JournalFailure:
    """The journal cannot be read or written. Nothing may be sent after a write that failed."""

    found: tuple[Problem, ...]

    def problems(self) -> tuple[Problem, ...]:
        """What went wrong."""
        return self.found


@frozen
class JournalIdentity:
    """Whose journal it is; another portfolio or account never writes to it."""

    portfolio: str
    account: str
    broker: str
    is_live: bool


@frozen
class JournalEntry:
    """An event, with its place in the journal."""

    record: Record
    event: JournalEvent


class OrderJournal(Protocol):
    """The events of one portfolio's account. One writer at a time, which the adapter sees to."""

    def append(
        self, events: Sequence[JournalEvent], at: datetime
    ) -> Result[tuple[JournalEntry, ...], JournalFailure]:
        """Write events, all or none, and return when they are durable.

        After a failure every further append fails until the journal is opened anew: what follows a
        lost event must not be written.
        """
        ...

    def entries(self, after: int = 0) -> Result[tuple[JournalEntry, ...], JournalFailure]:
        """Everything written after the entry of that number, in order, the chain checked."""
        ...
