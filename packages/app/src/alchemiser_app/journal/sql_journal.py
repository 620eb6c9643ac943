"""The order journal over one connection to a database."""

from collections.abc import Sequence
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

from attrs import define, field
from returns.result import Failure, Result, Success

from alchemiser_app.journal.database_errors import (
    DatabaseTrouble,
    Trouble,
    blocked,
    not_read,
    not_written,
    trouble_of,
)
from alchemiser_app.journal.refusals import JournalReadOnly
from alchemiser_app.journal.schema import records_table
from alchemiser_app.journal.stored_records import Head, head_of, read_records
from alchemiser_core.domain.journal.chain import Record, chained
from alchemiser_core.domain.journal.codec import decode, encode_checked, kind_of
from alchemiser_core.domain.journal.events import JournalEvent
from alchemiser_core.ports.order_journal import JournalEntry, JournalFailure

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Seat(Protocol):
    """What makes this instance the one that writes."""

    def is_kept(self, connection: "Connection") -> bool:
        """Whether the seat is still ours; asked inside every transaction that writes."""
        ...

    def advance(self, head: Head) -> None:
        """The journal now ends there; may raise `OSError`."""
        ...

    def leave(self) -> None:
        """Let the next one have it."""
        ...


@define(eq=False)
class SqlJournal:
    """A journal that is open; made by `alchemiser_app.journal.opening`.

    Close it, or use it as a context: the lock and the connection are held until then.
    """

    where: str
    """Path or URL, for messages; without a password."""
    _connection: "Connection"
    _head: Head
    _seat: Seat | None
    """`None`: opened to be read."""
    _blocked: bool = field(default=False, init=False)

    def append(
        self, events: Sequence[JournalEvent], at: datetime
    ) -> Result[tuple[JournalEntry, ...], JournalFailure]:
        """Write events, all or none; they are on the disk when this returns.

        Raises where an event would not come back as it is or the time has no zone; nothing is
        written then.
        """
        if self._seat is None:
            refused = JournalReadOnly(self.where, "it was opened to be read")
            return Failure(JournalFailure(refused.problems()))
        if self._blocked:
            return Failure(blocked(self.where))
        entries = self._chained(events, at)
        if not entries:
            return Success(())
        # Until all is done, so that an interruption in between blocks the journal as well.
        self._blocked = True
        trouble = self._stored(tuple(entry.record for entry in entries), self._seat)
        if trouble is not None:
            return Failure(not_written(self.where, trouble))
        self._blocked = False
        return Success(entries)

    def entries(self, after: int = 0) -> Result[tuple[JournalEntry, ...], JournalFailure]:
        """Everything after the entry of that number; the chain of what is read is checked."""
        from sqlalchemy.exc import DBAPIError

        try:
            with self._connection.begin():
                found = read_records(self._connection, after)
        except DBAPIError as error:
            # A connection that was lost would be made anew without the lock that went with it.
            self._blocked = True
            return Failure(not_read(self.where, trouble_of(error)))
        if isinstance(found, Failure):
            return Failure(self._corrupt("; ".join(found.failure().faults)))
        records: tuple[Record, ...] = found.unwrap()
        if self._seat is not None and after < self._head.number and head_of(records) != self._head:
            return Failure(self._corrupt("it does not end where this program has written last"))
        return self._decoded(records)

    def close(self) -> None:
        """Let go of the connection and the lock; closing twice is fine."""
        self._blocked = True
        self._connection.close()
        self._connection.engine.dispose()
        if self._seat is not None:
            self._seat.leave()
            self._seat = None

    def __enter__(self) -> "SqlJournal":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _chained(self, events: Sequence[JournalEvent], at: datetime) -> tuple[JournalEntry, ...]:
        number, previous = self._head.number, self._head.digest
        entries: list[JournalEntry] = []
        for event in events:
            number += 1
            record = chained(number, at, kind_of(event), encode_checked(event), previous)
            previous = record.digest
            entries.append(JournalEntry(record, event))
        return tuple(entries)

    def _stored(self, records: tuple[Record, ...], seat: Seat) -> DatabaseTrouble | None:
        from sqlalchemy.exc import DBAPIError

        head = head_of(records)
        try:
            with self._connection.begin():
                if not seat.is_kept(self._connection):
                    return DatabaseTrouble(Trouble.BUSY, "the lock on it was lost")
                self._connection.execute(records_table().insert(), [_row(r) for r in records])
            self._head = head
            seat.advance(head)
        except DBAPIError as error:
            return trouble_of(error)
        except OSError as error:
            return DatabaseTrouble(Trouble.OTHER, error.strerror or str(error))
        return None

    def _decoded(
        self, records: tuple[Record, ...]
    ) -> Result[tuple[JournalEntry, ...], JournalFailure]:
        entries: list[JournalEntry] = []
        for record in records:
            event = decode(record.kind, record.body)
            if isinstance(event, Failure):
                return Failure(JournalFailure(event.failure().problems()))
            entries.append(JournalEntry(record, event.unwrap()))
        return Success(tuple(entries))

    def _corrupt(self, why: str) -> JournalFailure:
        self._blocked = True
        return not_read(self.where, DatabaseTrouble(Trouble.CORRUPT, why))


def _row(record: Record) -> dict[str, object]:
    return {
        "number": record.number,
        "at": record.at.isoformat(),
        "kind": record.kind,
        "body": record.body,
        "previous": record.previous,
        "digest": record.digest,
    }
