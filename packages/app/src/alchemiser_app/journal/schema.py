"""The tables of a journal, the same in SQLite and PostgreSQL, and how a version becomes the next.

A new journal is made at version 0 and taken through every step, as an old one is.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData, Table

Step = Callable[["Connection"], None]
"""Takes the tables from one version to the next, inside a transaction."""

APPLICATION_ID = 0x414C4348
"""`ALCH`: marks a SQLite file as a journal of Alchemiser."""


@cache
def metadata() -> "MetaData":
    """All tables."""
    from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text

    found = MetaData()
    Table(
        "journal_records",
        found,
        # SQLite keeps rows in the order of a column of exactly this type.
        Column(
            "number",
            BigInteger().with_variant(Integer(), "sqlite"),
            primary_key=True,
            autoincrement=False,
        ),
        Column("at", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("body", Text, nullable=False),
        Column("previous", Text, nullable=False),
        Column("digest", Text, nullable=False),
    )
    Table(
        "journal_meta",
        found,
        Column("name", Text, primary_key=True),
        Column("value", Text, nullable=False),
    )
    return found


def records_table() -> "Table":
    """One row for each entry."""
    return metadata().tables["journal_records"]


def meta_table() -> "Table":
    """What is known of the journal itself; `version` is the version of its tables."""
    return metadata().tables["journal_meta"]


def make_version_0(connection: "Connection") -> None:
    """The tables as they were first: the entries alone."""
    records_table().create(connection)


def _to_version_1(connection: "Connection") -> None:
    meta_table().create(connection)


STEPS: tuple[Step, ...] = (_to_version_1,)
"""The step at place n takes version n to n + 1."""

VERSION = len(STEPS)
"""What this program reads and writes."""


def version_of(connection: "Connection") -> int | None:
    """The version of the tables that are there, as they themselves say; `None` where there are
    none of a journal. Raises `ValueError` where what they say is no number.
    """
    from sqlalchemy import inspect, select

    there = set(inspect(connection).get_table_names())
    if "journal_records" not in there:
        return None
    if "journal_meta" not in there:
        return 0
    meta = meta_table()
    value = connection.scalar(select(meta.c.value).where(meta.c.name == "version"))
    return int(value or "")


def migrate(connection: "Connection", version: int, steps: Sequence[Step] = STEPS) -> None:
    """Take the tables from `version` to the newest, inside the caller's transaction."""
    for step in steps[version:]:
        step(connection)
    meta = meta_table()
    connection.execute(meta.delete().where(meta.c.name == "version"))
    connection.execute(meta.insert().values(name="version", value=str(len(steps))))
