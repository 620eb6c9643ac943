"""The table of a paper account's file, and the entries in it as a chain of hashes."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.paper.entries import PaperEntry, decode, encode, kind_of
from alchemiser_core.domain.journal.chain import GENESIS, Record, chain_faults, chained

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

APPLICATION_ID = 0x414C5041
"""`ALPA`: marks a SQLite file as a paper account of Alchemiser."""

VERSION = 1
"""Of the table and the entries; what is newer is refused."""


@frozen
class Tail:
    """Where the chain ends."""

    number: int = 0
    digest: str = GENESIS


@cache
def entries_table() -> "Table":
    """One row for each entry; rows are only added."""
    from sqlalchemy import Column, Integer, MetaData, Table, Text

    return Table(
        "paper_entries",
        MetaData(),
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("at", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("body", Text, nullable=False),
        Column("previous", Text, nullable=False),
        Column("digest", Text, nullable=False),
    )


def add(connection: "Connection", tail: Tail, entries: Sequence[PaperEntry], at: datetime) -> Tail:
    """Add entries inside the caller's transaction. Raises the errors of the database."""
    rows = []
    number, previous = tail.number, tail.digest
    for entry in entries:
        record = chained(number + 1, at, kind_of(entry), encode(entry), previous)
        number, previous = record.number, record.digest
        rows.append(
            {
                "number": record.number,
                "at": at.isoformat(),
                "kind": record.kind,
                "body": record.body,
                "previous": record.previous,
                "digest": record.digest,
            }
        )
    connection.execute(entries_table().insert(), rows)
    return Tail(number, previous)


def read(connection: "Connection") -> Result[tuple[tuple[PaperEntry, ...], Tail], str]:
    """All entries and where they end; the failure says where the chain does not hold."""
    table = entries_table()
    records = []
    for row in connection.execute(table.select().order_by(table.c.number)):
        try:
            at = datetime.fromisoformat(row.at)
            records.append(Record(row.number, at, row.kind, row.body, row.previous, row.digest))
        except (TypeError, ValueError) as error:
            return Failure(f"entry {row.number}: {error}")
    faults = chain_faults(records)
    if faults:
        return Failure(f"entry {faults[0].number} {faults[0].why}")
    entries = []
    for record in records:
        entry = decode(record.kind, record.body)
        if isinstance(entry, Failure):
            return Failure(f"entry {record.number}: {entry.failure()}")
        entries.append(entry.unwrap())
    tail = Tail(records[-1].number, records[-1].digest) if records else Tail()
    return Success((tuple(entries), tail))
