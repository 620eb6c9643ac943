"""Opening a journal file: to write, which one instance at a time may, or to read."""

import stat
from typing import TYPE_CHECKING

from attrs import evolve, frozen
from returns.result import Failure, Result, Success

from alchemiser_app.journal.file_examination import (
    examine,
    misplaced,
    open_to_read,
    refusal_of,
)
from alchemiser_app.journal.file_lock import FileLock, take_lock
from alchemiser_app.journal.file_making import make_file, migrate_file
from alchemiser_app.journal.head_file import HeadFile, open_head
from alchemiser_app.journal.location import FileLocation
from alchemiser_app.journal.quarantine import put_aside
from alchemiser_app.journal.refusals import (
    JournalCorrupt,
    JournalForeign,
    JournalMissing,
    JournalReadOnly,
    JournalRefusal,
    JournalUnavailable,
)
from alchemiser_app.journal.schema import VERSION
from alchemiser_app.journal.sql_journal import SqlJournal
from alchemiser_app.journal.sqlite_connection import mark, writing
from alchemiser_app.journal.stored_records import Head

if TYPE_CHECKING:
    from sqlalchemy import Connection


@frozen
class FileSeat:
    """The lock file and the note of where the journal ends."""

    lock: FileLock
    head: HeadFile

    def is_kept(self, connection: "Connection") -> bool:
        """The operating system takes the lock from nobody."""
        return True

    def advance(self, head: Head) -> None:
        """Note the new end."""
        self.head.write(head)

    def leave(self) -> None:
        """Write the note through, and unlock."""
        try:
            self.head.close()
        finally:
            self.lock.release()


def read_file(location: FileLocation) -> Result[SqlJournal, JournalRefusal]:
    """Open to read, while another instance may be writing; changes nothing."""
    from sqlalchemy.exc import DBAPIError

    fault = misplaced(location, to_write=False)
    if fault is not None:
        return Failure(fault)
    examined = examine(location)
    if isinstance(examined, Failure):
        return examined
    if examined.unwrap().version < VERSION:
        why = "it is of an earlier version; the next alchemiser trade brings it up to date"
        return Failure(JournalUnavailable(str(location), why, "open it once to write"))
    try:
        connection = open_to_read(location)
    except DBAPIError as error:
        return Failure(refusal_of(error, str(location)))
    return Success(SqlJournal(str(location), connection, examined.unwrap().head, None))


def write_file(location: FileLocation, *, create: bool) -> Result[SqlJournal, JournalRefusal]:
    """Open to write, locked; with `create` a file that is not there is made.

    What is damaged or somebody else's is left as it is, with a copy put aside.
    """
    fault = misplaced(location, to_write=True)
    if isinstance(fault, JournalMissing) and create:
        try:
            location.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            return Failure(JournalReadOnly(str(location), error.strerror or str(error)))
    elif fault is not None:
        return Failure(_quarantined(location, fault))
    lock = take_lock(location.beside(".lock"), str(location))
    if isinstance(lock, Failure):
        return lock
    try:
        opened = _locked(location, lock.unwrap())
    except BaseException:
        lock.unwrap().release()
        raise
    if isinstance(opened, Failure):
        lock.unwrap().release()
        return opened.alt(lambda refusal: _quarantined(location, refusal))
    return opened


def _quarantined(location: FileLocation, refusal: JournalRefusal) -> JournalRefusal:
    if not isinstance(refusal, JournalCorrupt | JournalForeign):
        return refusal
    try:
        copy = put_aside(location)
    except OSError as error:
        why = f"no copy could be put aside: {error.strerror or error}"
        if isinstance(refusal, JournalCorrupt):
            return evolve(refusal, faults=(*refusal.faults, why))
        return evolve(refusal, why=f"{refusal.why}; {why}")
    return evolve(refusal, quarantine=copy.name) if copy else refusal


def _locked(location: FileLocation, lock: FileLock) -> Result[SqlJournal, JournalRefusal]:
    """What follows once nobody else can write."""
    from sqlalchemy.exc import DBAPIError

    where = str(location)
    try:
        if not location.path.exists():
            make_file(location)
        _make_private(location)
        examined = examine(location)
        if isinstance(examined, Failure):
            return examined
        if examined.unwrap().version < VERSION:
            migrate_file(location, examined.unwrap().version)
        connection = _writable(location)
    except DBAPIError as error:
        return Failure(refusal_of(error, where))
    except OSError as error:
        return Failure(JournalReadOnly(where, error.strerror or str(error)))
    head = open_head(location.beside(".head"))
    if isinstance(head, Failure):
        connection.close()
        return Failure(JournalReadOnly(where, head.failure()))
    return _seated(location, connection, examined.unwrap().head, FileSeat(lock, head.unwrap()))


def _make_private(location: FileLocation) -> None:
    """Take away what others may do; what the owner may not do stays forbidden."""
    mode = stat.S_IMODE(location.path.stat().st_mode)
    if mode & 0o077:
        location.path.chmod(mode & 0o700)


def _seated(
    location: FileLocation, connection: "Connection", head: Head, seat: FileSeat
) -> Result[SqlJournal, JournalRefusal]:
    try:
        seat.advance(head)
    except OSError as error:
        connection.close()
        seat.head.close()
        return Failure(JournalReadOnly(str(location), error.strerror or str(error)))
    return Success(SqlJournal(str(location), connection, head, seat))


def _writable(location: FileLocation) -> "Connection":
    """A connection that has proven that it can write; raises where it cannot."""
    connection = writing(location)
    try:
        # SQLite opens a file that it may not write all the same, and begins to write to it; only a
        # write itself tells. This one is taken back.
        with connection.begin() as probe:
            mark(connection, VERSION)
            probe.rollback()
    except BaseException:
        connection.close()
        raise
    return connection
