"""Journals in files and on a private PostgreSQL server, and ways to look at them."""

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from private_postgresql import NoServerError, PrivateServer, private_server

from alchemiser_app.journal.opening import open_journal
from alchemiser_app.journal.sql_journal import SqlJournal
from alchemiser_core.domain.journal.events import Resumed

AT = datetime(2024, 7, 12, 19, 45, tzinfo=UTC)
_schemas = itertools.count()


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a journal file may be made."""
    return tmp_path / "folder" / "journal.db"


@pytest.fixture
def opened() -> Iterator[Callable[..., SqlJournal]]:
    """Open a journal that is closed when the test ends."""
    with ExitStack() as stack:

        def open_one(location: object, **how: bool) -> SqlJournal:
            journal: SqlJournal = open_journal(str(location), **how).unwrap()
            stack.callback(journal.close)
            return journal

        yield open_one


@pytest.fixture
def written(path: Path) -> Path:
    """A journal file with five entries, closed."""
    with open_journal(str(path), create=True).unwrap() as journal:
        for number in range(5):
            journal.append([Resumed(f"entry {number + 1}")], AT).unwrap()
    return path


@pytest.fixture(scope="session")
def server() -> Iterator[PrivateServer]:
    """A PostgreSQL server that nobody else uses."""
    try:
        with private_server() as running:
            yield running
    except NoServerError as error:
        pytest.skip(f"no PostgreSQL server: {error}")


@pytest.fixture
def schema(server: PrivateServer) -> str:
    """The URL of an empty schema of its own."""
    name = f"journal_{os.getpid()}_{next(_schemas)}"
    server.ask(f"CREATE SCHEMA {name}")
    return server.url(name)
