"""Making a journal file, and bringing one of an earlier version up to date."""

import os
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from alchemiser_app.journal.location import FileLocation
from alchemiser_app.journal.schema import STEPS, Step, make_version_0, migrate
from alchemiser_app.journal.sqlite_connection import mark, writing


def make_file(location: FileLocation) -> None:
    """Make an empty journal, whole or not at all; what is there by that name is never replaced.

    Raises `OSError` or the errors of the database.
    """
    # Not under its own name: a program killed here must leave nothing that looks like a journal.
    handle, name = tempfile.mkstemp(prefix=f".{location.path.name}.", dir=location.path.parent)
    os.close(handle)
    draft = FileLocation(Path(name))
    try:
        connection = writing(draft)
        try:
            with connection.begin():
                make_version_0(connection)
                migrate(connection, 0)
                mark(connection, len(STEPS))
        finally:
            connection.close()
        os.link(draft.path, location.path)
    finally:
        for part in draft.parts:
            part.unlink(missing_ok=True)
    _through_to_disk(location.path)
    _through_to_disk(location.path.parent)


def migrate_file(location: FileLocation, version: int, steps: Sequence[Step] = STEPS) -> Path:
    """Bring a file to the newest version in one transaction; gives where its backup is.

    Raises `OSError` or the errors of the database; the file is then as it was.
    """
    backup = _backed_up(location, version)
    connection = writing(location)
    try:
        with connection.begin():
            migrate(connection, version, steps)
            mark(connection, len(steps))
    finally:
        connection.close()
    return backup


def _backed_up(location: FileLocation, version: int) -> Path:
    """A copy of the file with all that its log holds, beside it."""
    handle, name = tempfile.mkstemp(
        prefix=f"{location.path.name}.version-{version}-", dir=location.path.parent
    )
    os.close(handle)
    with (
        closing(sqlite3.connect(f"{location.path.as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(name)) as copy,
    ):
        source.backup(copy)
    _through_to_disk(Path(name))
    return Path(name)


def _through_to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
