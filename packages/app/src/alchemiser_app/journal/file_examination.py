"""Looking at a journal file without changing it: whose it is, its version, and whether it holds."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.journal.database_errors import Trouble, trouble_of
from alchemiser_app.journal.head_file import fault_against, noted_head
from alchemiser_app.journal.location import FileLocation
from alchemiser_app.journal.refusals import (
    JournalCorrupt,
    JournalForeign,
    JournalLocked,
    JournalMissing,
    JournalNewer,
    JournalNotPrivate,
    JournalReadOnly,
    JournalRefusal,
    JournalUnavailable,
)
from alchemiser_app.journal.schema import APPLICATION_ID, VERSION, version_of
from alchemiser_app.journal.sqlite_connection import pragma, reading
from alchemiser_app.journal.stored_records import Head, head_of, read_records

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.exc import DBAPIError

_CANNOT_MAKE = (8, 14)
"""What SQLite says where it may not make the files of the log: read-only, or cannot be opened."""


@frozen
class Examined:
    """A journal file that holds."""

    version: int
    head: Head


def misplaced(location: FileLocation, *, to_write: bool) -> JournalRefusal | None:
    """What is wrong with the file before it is opened; `None` where nothing is."""
    try:
        return _misplaced(location, to_write=to_write)
    except OSError as error:
        return JournalUnavailable(str(location), error.strerror or str(error))


def _misplaced(location: FileLocation, *, to_write: bool) -> JournalRefusal | None:
    where = str(location)
    for part in location.parts:
        if part.is_symlink():
            return JournalNotPrivate(where, f"{part.name} is a symbolic link")
    try:
        found = location.path.lstat()
    except FileNotFoundError:
        return _absent(location)
    if not stat.S_ISREG(found.st_mode):
        return JournalForeign(where, "it is no file")
    if found.st_nlink > 1:
        return JournalNotPrivate(where, "the file has a second name (a hard link)")
    if to_write and found.st_uid != os.geteuid():
        return JournalNotPrivate(where, f"the file belongs to user {found.st_uid}")
    if found.st_size == 0:
        return JournalCorrupt(where, ("the file is empty",))
    return None


def _absent(location: FileLocation) -> JournalRefusal:
    left = [part.name for part in location.parts[1:] if part.exists()]
    if location.beside(".head").exists():
        left.append(location.beside(".head").name)
    if left:
        # A new file would take the log of the old one for its own.
        fault = f"the file is gone, and of it there is still {' and '.join(left)}"
        return JournalCorrupt(str(location), (fault,))
    return JournalMissing(str(location))


def examine(location: FileLocation) -> Result[Examined, JournalRefusal]:
    """Check the file, its tables, the whole chain, and that the end is not missing."""
    from sqlalchemy.exc import DBAPIError

    # Before the entries are read: the note never runs ahead of them.
    noted = noted_head(location.beside(".head"))
    if isinstance(noted, Failure):
        return Failure(JournalUnavailable(str(location), noted.failure()))
    try:
        with looking(location) as connection:
            return _examined(connection, location, noted.unwrap())
    except DBAPIError as error:
        return Failure(refusal_of(error, str(location)))


@contextmanager
def looking(location: FileLocation) -> "Iterator[Connection]":
    """A transaction that only reads. Raises the errors of the database."""
    connection = open_to_read(location)
    try:
        with connection.begin():
            yield connection
    finally:
        connection.close()
        connection.engine.dispose()


def open_to_read(location: FileLocation) -> "Connection":
    """A connection that only reads, in a folder that cannot be written as well."""
    from sqlalchemy.exc import DBAPIError

    connection = reading(location)
    try:
        with connection.begin():
            pragma(connection, "schema_version")
    except DBAPIError as error:
        connection.close()
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        if code not in _CANNOT_MAKE or location.beside("-wal").exists():
            raise
        # Nobody has it open, or there would be a log; so nothing changes while it is read.
        return reading(location, immutable=True)
    return connection


def _examined(
    connection: "Connection", location: FileLocation, noted: Head | None
) -> Result[Examined, JournalRefusal]:
    where = str(location)
    owner, version = pragma(connection, "application_id"), pragma(connection, "user_version")
    if owner != APPLICATION_ID:
        return Failure(JournalForeign(where, "it is the database of another program"))
    if version > VERSION:
        return Failure(JournalNewer(where, version, VERSION))
    faults = tuple(str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check(20)"))
    if faults != ("ok",):
        return Failure(JournalCorrupt(where, faults))
    if _stated_version(connection) != version:
        return Failure(JournalCorrupt(where, ("its tables are not those of its version",)))
    found = read_records(connection)
    if isinstance(found, Failure):
        return Failure(JournalCorrupt(where, found.failure().faults))
    fault = fault_against(noted, found.unwrap())
    if fault:
        return Failure(JournalCorrupt(where, (fault,)))
    return Success(Examined(version, head_of(found.unwrap())))


def _stated_version(connection: "Connection") -> int | None:
    try:
        return version_of(connection)
    except ValueError:
        return None


def refusal_of(error: "DBAPIError", where: str) -> JournalRefusal:
    """What an error of the database means for whoever opens a journal."""
    trouble = trouble_of(error)
    match trouble.kind:
        case Trouble.CORRUPT:
            return JournalCorrupt(where, (trouble.text,))
        case Trouble.FOREIGN:
            return JournalForeign(where, "it is no SQLite database")
        case Trouble.READ_ONLY:
            return JournalReadOnly(where, trouble.text)
        case Trouble.BUSY:
            return JournalLocked(where, "another program")
        case Trouble.FULL | Trouble.OTHER:
            return JournalUnavailable(where, trouble.text)
