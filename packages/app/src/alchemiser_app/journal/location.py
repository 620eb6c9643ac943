"""Where a journal is: a file of this host, or a PostgreSQL database that several hosts share."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.journal.refusals import BadLocation

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

_DRIVER = "postgresql+psycopg"
_SECRETS = ("password", "sslpassword")
"""Parameters of a PostgreSQL URL that hold one."""
_LONGEST_NAME = 200
"""Bytes; file systems take 255, and the files beside it have more behind their names."""
_LONGEST_PATH = 4000
"""Bytes; the system takes 4096."""


@frozen
class FileLocation:
    """A SQLite file and those beside it."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    def beside(self, suffix: str) -> Path:
        """The file of the same name with something behind it."""
        return self.path.with_name(self.path.name + suffix)

    @property
    def parts(self) -> tuple[Path, ...]:
        """The file, its write-ahead log and the index of that log, as SQLite names them."""
        return (self.path, self.beside("-wal"), self.beside("-shm"))


@frozen
class ServerLocation:
    """A schema of a PostgreSQL database."""

    url: "URL"

    def __str__(self) -> str:
        return self.url.render_as_string(hide_password=True)


Location = FileLocation | ServerLocation


def parse_location(text: str) -> Result[Location, BadLocation]:
    """A path, or `postgresql://user@host/database`; `BadLocation` for anything else.

    A password in a URL ends up in histories, process lists and logs, so it is refused, unread.
    """
    if "://" in text:
        return _server(text)
    if not text.strip() or "\0" in text:
        why, hint = "it is empty" if not text.strip() else "a character is NUL", "give a path"
        return Failure(BadLocation("", why, hint))
    try:
        path = Path(text).expanduser().absolute()
    except RuntimeError:
        return Failure(BadLocation(text, "there is no such user", "give a path without ~"))
    if not path.name:
        return Failure(BadLocation(text, "it is a folder", "give the path of a file"))
    if len(os.fsencode(path.name)) > _LONGEST_NAME or len(os.fsencode(path)) > _LONGEST_PATH:
        return Failure(BadLocation("", "the path is too long", "give a shorter one"))
    return Success(FileLocation(path))


def _server(text: str) -> Result[Location, BadLocation]:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    scheme = text.partition("://")[0]
    hint = "give a path for SQLite, or postgresql://user@host/database"
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        # Never the text itself: where it cannot be read, a password in it cannot be found.
        return Failure(BadLocation(f"{scheme}://…", "the URL cannot be read", hint))
    if url.get_backend_name() != "postgresql":
        return Failure(BadLocation(f"{scheme}://…", "only PostgreSQL has a URL here", hint))
    if url.drivername not in ("postgresql", _DRIVER):
        return Failure(BadLocation(f"{scheme}://…", "the driver is psycopg and no other", hint))
    if url.password is not None or any(name in url.query for name in _SECRETS):
        safe = url.difference_update_query(_SECRETS)
        hint = "take it out, and give it in the variable PGPASSWORD or the file ~/.pgpass"
        return Failure(
            BadLocation(
                safe.render_as_string(hide_password=True), "there is a password in it", hint
            )
        )
    return Success(ServerLocation(url.set(drivername=_DRIVER)))
