"""Opening a journal in a PostgreSQL database, which several hosts can reach.

One journal lives in one schema: the first of the connection's search path. The lock is the
server's own, and goes when the connection goes. A pooler that shares connections among clients
(pgbouncer in transaction mode) breaks it; connect to the server itself.
"""

import hashlib
import os
import socket
from typing import TYPE_CHECKING, Any

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.journal.file_examination import refusal_of
from alchemiser_app.journal.location import ServerLocation
from alchemiser_app.journal.refusals import (
    JournalCorrupt,
    JournalLocked,
    JournalMissing,
    JournalNewer,
    JournalReadOnly,
    JournalRefusal,
    JournalUnavailable,
)
from alchemiser_app.journal.schema import VERSION, make_version_0, migrate, version_of
from alchemiser_app.journal.sql_journal import SqlJournal
from alchemiser_app.journal.stored_records import Head, head_of, read_records

if TYPE_CHECKING:
    from sqlalchemy import Connection

_PATIENCE = 10
"""Seconds in which the server has to answer."""

_HOLDER = (
    "SELECT application_name || coalesce(' at ' || host(client_addr), '') "
    "FROM pg_locks JOIN pg_stat_activity USING (pid) "
    "WHERE locktype = 'advisory' AND classid = :high AND objid = :low AND granted LIMIT 1"
)


@frozen
class ServerSeat:
    """The lock of a session of the server."""

    session: int

    def is_kept(self, connection: "Connection") -> bool:
        """Whether it is still the session that took the lock."""
        return bool(_scalar(connection, "SELECT pg_backend_pid()") == self.session)

    def advance(self, head: Head) -> None:
        """The server keeps count itself."""

    def leave(self) -> None:
        """The lock went with the connection."""


def read_server(location: ServerLocation) -> Result[SqlJournal, JournalRefusal]:
    """Open to read, while another instance may be writing."""
    return _opened(location, to_write=False, create=False)


def write_server(location: ServerLocation, *, create: bool) -> Result[SqlJournal, JournalRefusal]:
    """Open to write, locked; with `create` tables that are not there are made."""
    return _opened(location, to_write=True, create=create)


def _opened(
    location: ServerLocation, *, to_write: bool, create: bool
) -> Result[SqlJournal, JournalRefusal]:
    from sqlalchemy.exc import DBAPIError

    where = str(location)
    try:
        connection = _connected(location)
    except DBAPIError as error:
        return Failure(refusal_of(error, where))
    except ModuleNotFoundError as error:
        hint = "install it: pip install 'alchemiser[postgresql]'"
        return Failure(JournalUnavailable(where, f"{error.name} is not installed", hint))
    try:
        opened = _prepared(connection, where, to_write=to_write, create=create)
    except DBAPIError as error:
        opened = Failure(refusal_of(error, where))
    if isinstance(opened, Failure):
        connection.close()
    return opened


def _connected(location: ServerLocation) -> "Connection":
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    name = f"alchemiser {socket.gethostname()}:{os.getpid()}"
    settings = {"application_name": name, "connect_timeout": _PATIENCE}
    engine = create_engine(
        location.url,
        poolclass=NullPool,
        connect_args={k: v for k, v in settings.items() if k not in location.url.query},
        # What is not the newest state is never seen: each transaction is alone.
        isolation_level="SERIALIZABLE",
    )
    return engine.connect()


def _prepared(
    connection: "Connection", where: str, *, to_write: bool, create: bool
) -> Result[SqlJournal, JournalRefusal]:
    with connection.begin():
        refusal = _settled(connection, where, to_write=to_write)
        if refusal is None and to_write:
            refusal = _lock(connection, where)
        session = int(_scalar(connection, "SELECT pg_backend_pid()"))
    if refusal is not None:
        return Failure(refusal)
    with connection.begin():
        refusal = _brought_up(connection, where, to_write=to_write, create=create)
        if refusal is not None:
            return Failure(refusal)
    with connection.begin():
        found = read_records(connection)
        allowed = not to_write or _may_write(connection)
    if isinstance(found, Failure):
        return Failure(JournalCorrupt(where, found.failure().faults))
    if not allowed:
        return Failure(JournalReadOnly(where, "this user may not write to its tables"))
    seat = ServerSeat(session) if to_write else None
    return Success(SqlJournal(where, connection, head_of(found.unwrap()), seat))


def _settled(connection: "Connection", where: str, *, to_write: bool) -> JournalRefusal | None:
    """See to it that a commit is on the server's disk when it returns."""
    if _scalar(connection, "SELECT current_schema()") is None:
        hint = "make a schema, or name one: ?options=-csearch_path%3Dalchemiser"
        return JournalUnavailable(where, "the search path leads to no schema", hint)
    if not to_write:
        connection.exec_driver_sql("SET default_transaction_read_only = on")
        return None
    if _scalar(connection, "SHOW fsync") != "on":
        why = "the server does not write through to its disk (fsync is off)"
        return JournalUnavailable(where, why, "set fsync = on at the server")
    if _scalar(connection, "SHOW synchronous_commit") in ("off", "local"):
        connection.exec_driver_sql("SET synchronous_commit = on")
    return None


def _lock(connection: "Connection", where: str) -> JournalRefusal | None:
    schema = str(_scalar(connection, "SELECT current_schema()"))
    digest = hashlib.sha256(f"alchemiser journal {schema}".encode()).digest()
    # Locks are the database's own, so the name of the schema is enough.
    high, low = (int.from_bytes(digest[at : at + 4], signed=True) for at in (0, 4))
    if _scalar(connection, "SELECT pg_try_advisory_lock(:high, :low)", high=high, low=low):
        return None
    holder = _scalar(connection, _HOLDER, high=high % 2**32, low=low % 2**32)
    return JournalLocked(where, str(holder or "another instance"))


def _brought_up(
    connection: "Connection", where: str, *, to_write: bool, create: bool
) -> JournalRefusal | None:
    """Tables of the newest version, or why there are none."""
    try:
        version = version_of(connection)
    except ValueError:
        return JournalCorrupt(where, ("its tables do not say their version",))
    if version is not None and version > VERSION:
        return JournalNewer(where, version, VERSION)
    if version is None and not create:
        return JournalMissing(where)
    if version == VERSION:
        return None
    if not to_write:
        why = "it is of an earlier version; the next alchemiser trade brings it up to date"
        return JournalUnavailable(where, why, "open it once to write")
    if version is None:
        make_version_0(connection)
    migrate(connection, version or 0)
    return None


def _may_write(connection: "Connection") -> bool:
    privilege = "SELECT has_table_privilege('journal_records', 'INSERT')"
    read_only = _scalar(connection, "SHOW transaction_read_only") == "on"
    return bool(_scalar(connection, privilege)) and not read_only


def _scalar(connection: "Connection", statement: str, **values: object) -> Any:
    from sqlalchemy import text

    return connection.scalar(text(statement), values)
