"""The file of a paper account: made, opened under a lock, checked, and added to durably."""

import os
import stat
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import define
from returns.result import Failure, Result, Success

from alchemiser_app.journal.file_lock import FileLock, take_lock
from alchemiser_app.journal.location import FileLocation
from alchemiser_app.journal.refusals import JournalLocked
from alchemiser_app.journal.sqlite_connection import pragma, reading, writing
from alchemiser_app.paper import refusals, rows
from alchemiser_app.paper.entries import PaperEntry
from alchemiser_app.paper.refusals import PaperRefused
from alchemiser_app.paper.rows import Tail

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.exc import DBAPIError


@define
class PaperStore:
    """The open file. After a failure to write nothing more is written."""

    where: str
    entries: tuple[PaperEntry, ...]
    """What was in it when it was opened."""
    _connection: "Connection"
    _tail: Tail
    _lock: FileLock
    _blocked: PaperRefused | None = None

    def append(self, entries: Sequence[PaperEntry], at: datetime) -> Result[None, PaperRefused]:
        """Add entries, all or none, and return when they are durable."""
        from sqlalchemy.exc import DBAPIError

        if self._blocked is not None:
            return Failure(self._blocked)
        if not entries:
            return Success(None)
        try:
            with self._connection.begin():
                tail = rows.add(self._connection, self._tail, entries, at)
        except DBAPIError as error:
            self._blocked = refusals.unwritable(self.where, _words(error))
            return Failure(self._blocked)
        self._tail = tail
        return Success(None)

    def close(self) -> None:
        """Let go of the file and its lock."""
        self._connection.close()
        self._connection.engine.dispose()
        self._lock.release()


def located(path: Path) -> FileLocation:
    """The file and those beside it."""
    return FileLocation(path.expanduser().absolute())


def open_store(path: Path) -> Result[PaperStore, PaperRefused]:
    """Open an account to trade it. Refused: there is none, it is locked, damaged or foreign."""
    location = located(path)
    fault = _misplaced(location)
    if fault is not None:
        return Failure(fault)
    lock = _locked(location)
    if isinstance(lock, Failure):
        return lock
    opened = _opened(location, lock.unwrap())
    if isinstance(opened, Failure):
        lock.unwrap().release()
    return opened


def read_entries(path: Path) -> Result[tuple[PaperEntry, ...], PaperRefused]:
    """Everything in an account, while another process may be trading it; changes nothing."""
    from sqlalchemy.exc import DBAPIError

    location = located(path)
    fault = _misplaced(location)
    if fault is not None:
        return Failure(fault)
    try:
        connection = reading(location)
        try:
            with connection.begin():
                return _checked(connection, str(location)).map(lambda found: found[0])
        finally:
            connection.close()
            connection.engine.dispose()
    except DBAPIError as error:
        return Failure(_damaged(str(location), error))


def make_store(
    path: Path, entries: Sequence[PaperEntry], at: datetime
) -> Result[None, PaperRefused]:
    """Make an account with its first entries, whole or not at all; one that is there is refused."""
    from sqlalchemy.exc import DBAPIError

    location = located(path)
    try:
        location.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        return Failure(refusals.unwritable(str(location), error.strerror or str(error)))
    lock = _locked(location)
    if isinstance(lock, Failure):
        return Failure(lock.failure())
    try:
        if any(os.path.lexists(part) for part in location.parts):
            return Failure(refusals.foreign(str(location), "there is a file of that name"))
        _make(location, entries, at)
    except OSError as error:
        return Failure(refusals.unwritable(str(location), error.strerror or str(error)))
    except DBAPIError as error:
        return Failure(refusals.unwritable(str(location), _words(error)))
    finally:
        lock.unwrap().release()
    return Success(None)


def put_aside(path: Path, name: str) -> Result[Path | None, PaperRefused]:
    """Give the file and its log another name, sound or not; `None` where there is no file."""
    location = located(path)
    if not any(os.path.lexists(part) for part in location.parts):
        return Success(None)
    lock = _locked(location)
    if isinstance(lock, Failure):
        return Failure(lock.failure())
    aside = FileLocation(location.beside(f".{name}"))
    try:
        for part, renamed in zip(location.parts, aside.parts, strict=True):
            if os.path.lexists(part):
                part.rename(renamed)
    except OSError as error:
        return Failure(refusals.unwritable(str(location), error.strerror or str(error)))
    finally:
        lock.unwrap().release()
    return Success(aside.path)


def _make(location: FileLocation, entries: Sequence[PaperEntry], at: datetime) -> None:
    """Write everything into a file of another name, and then give it its own."""
    new = FileLocation(location.beside(".new"))
    for part in new.parts:
        part.unlink(missing_ok=True)
    os.close(os.open(new.path, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
    connection = writing(new)
    with connection.begin():
        rows.entries_table().create(connection)
        connection.exec_driver_sql(f"PRAGMA application_id = {rows.APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {rows.VERSION}")
        rows.add(connection, Tail(), entries, at)
    # The last connection that closes writes the log into the file and removes it.
    connection.close()
    connection.engine.dispose()
    new.path.rename(location.path)
    folder = os.open(location.path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _opened(location: FileLocation, lock: FileLock) -> Result[PaperStore, PaperRefused]:
    from sqlalchemy.exc import DBAPIError

    try:
        connection = writing(location)
        with connection.begin():
            found = _checked(connection, str(location))
    except DBAPIError as error:
        return Failure(_damaged(str(location), error))
    if isinstance(found, Failure):
        connection.close()
        return Failure(found.failure())
    entries, tail = found.unwrap()
    return Success(PaperStore(str(location), entries, connection, tail, lock))


def _checked(
    connection: "Connection", where: str
) -> Result[tuple[tuple[PaperEntry, ...], Tail], PaperRefused]:
    if pragma(connection, "application_id") != rows.APPLICATION_ID:
        return Failure(refusals.foreign(where, "it is the database of another program"))
    if pragma(connection, "user_version") != rows.VERSION:
        why = "it was written by another version of Alchemiser"
        return Failure(refusals.foreign(where, why))
    faults = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check(5)")]
    if faults != ["ok"]:
        return Failure(refusals.corrupt(where, "; ".join(faults)))
    return rows.read(connection).alt(lambda why: refusals.corrupt(where, why))


def _misplaced(location: FileLocation) -> PaperRefused | None:
    where = str(location)
    if any(part.is_symlink() for part in location.parts):
        return refusals.foreign(where, "it is a symbolic link")
    try:
        found = location.path.stat()
    except FileNotFoundError:
        left = [part.name for part in location.parts[1:] if part.exists()]
        if left:
            return refusals.corrupt(where, f"the file is gone, and {', '.join(left)} is there")
        return refusals.missing(where)
    except OSError as error:
        return refusals.unwritable(where, error.strerror or str(error))
    if not stat.S_ISREG(found.st_mode):
        return refusals.foreign(where, "it is no file")
    return refusals.corrupt(where, "it is empty") if found.st_size == 0 else None


def _locked(location: FileLocation) -> Result[FileLock, PaperRefused]:
    lock = take_lock(location.beside(".lock"), str(location))
    if isinstance(lock, Failure):
        failure = lock.failure()
        if isinstance(failure, JournalLocked):
            return Failure(refusals.locked(str(location)))
        return Failure(refusals.unwritable(str(location), failure.why))
    return Success(lock.unwrap())


_NOT_DAMAGED = (5, 6, 8, 10, 13, 14)
"""Result codes of SQLite that say nothing of the content: busy, locked, read-only, input, full and
cannot open."""


def _damaged(where: str, error: "DBAPIError") -> PaperRefused:
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    if code in _NOT_DAMAGED:
        return refusals.unwritable(where, _words(error))
    return refusals.corrupt(where, _words(error))


def _words(error: "DBAPIError") -> str:
    return " ".join(str(error.orig).split())[:300]
