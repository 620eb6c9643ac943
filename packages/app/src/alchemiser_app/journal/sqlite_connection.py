"""Connections to a SQLite file, with everything set that durability depends on."""

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from alchemiser_app.journal.location import FileLocation
from alchemiser_app.journal.schema import APPLICATION_ID

if TYPE_CHECKING:
    from sqlalchemy import Connection

_PATIENCE = 5
"""Seconds for which another program's lock on the database is waited for."""

_WRITING = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    # Beyond the cache of the disk, where an operating system makes a difference (macOS).
    "PRAGMA fullfsync = ON",
    "PRAGMA checkpoint_fullfsync = ON",
    "PRAGMA foreign_keys = ON",
)


def reading(location: FileLocation, *, immutable: bool = False) -> "Connection":
    """A connection that cannot write; `immutable` also goes without the files of the log, where
    the folder cannot be written. Raises the errors of the database.
    """
    return _connected(location, "mode=ro" + ("&immutable=1" if immutable else ""), "BEGIN", ())


def writing(location: FileLocation) -> "Connection":
    """A connection whose every transaction takes the database's lock at its beginning, and is on
    the disk when it ends. Raises the errors of the database.
    """
    return _connected(location, "mode=rw", "BEGIN IMMEDIATE", _WRITING)


def pragma(connection: "Connection", name: str) -> Any:
    """The value of a pragma."""
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def mark(connection: "Connection", version: int) -> None:
    """Write into the head of the file whose it is and which version it has."""
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {version}")


def _connected(
    location: FileLocation, options: str, begin: str, settings: tuple[str, ...]
) -> "Connection":
    import sqlite3

    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import NullPool

    address = f"file:{quote(str(location.path))}?{options}"

    def connect() -> sqlite3.Connection:
        # Without an isolation level the driver begins nothing by itself; the event below does.
        raw = sqlite3.connect(address, uri=True, timeout=_PATIENCE, isolation_level=None)
        try:
            for setting in settings:
                raw.execute(setting).fetchall()
        except sqlite3.Error:
            raw.close()
            raise
        return raw

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine.connect()
