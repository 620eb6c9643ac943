"""Reading records out of a database and checking that their chain holds."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.journal.schema import records_table
from alchemiser_core.domain.journal.chain import GENESIS, Record, chain_faults

if TYPE_CHECKING:
    from sqlalchemy import Connection

_SAID = 20
"""Faults that are told one by one; one change breaks two, and a damaged disk thousands."""


@frozen
class Head:
    """Where a journal ends."""

    number: int = 0
    digest: str = GENESIS


START = Head()
"""The head of a journal without entries."""


@frozen
class BrokenRecords:
    """Records that cannot be read, or whose chain does not hold."""

    faults: tuple[str, ...]


def read_records(
    connection: "Connection", after: int = 0
) -> Result[tuple[Record, ...], BrokenRecords]:
    """The records after that number in order, once their chain is checked.

    Errors of the database raise.
    """
    from sqlalchemy import select

    table = records_table()
    # The one before comes along, because the chain goes on from its hash.
    query = select(table).where(table.c.number >= after).order_by(table.c.number)
    found = _records(connection.execute(query))
    if isinstance(found, Failure):
        return found
    records: tuple[Record, ...] = found.unwrap()
    previous = GENESIS
    if after:
        if not records or records[0].number != after:
            return Success(()) if not records else Failure(_gone(after))
        previous, records = records[0].digest, records[1:]
    faults = chain_faults(records, after + 1, previous)
    if faults:
        return Failure(BrokenRecords(_shown(f"entry {f.number} {f.why}" for f in faults)))
    return Success(records)


def _records(rows: Iterable[Any]) -> Result[tuple[Record, ...], BrokenRecords]:
    records: list[Record] = []
    for row in rows:
        number, at, *texts = row
        if type(number) is not int or not all(type(text) is str for text in (at, *texts)):
            return Failure(BrokenRecords((f"entry {number!r} holds something that is no text",)))
        try:
            records.append(Record(number, datetime.fromisoformat(at), *texts))
        except ValueError as error:
            return Failure(BrokenRecords((f"entry {number}: {error}",)))
    return Success(tuple(records))


def _gone(number: int) -> BrokenRecords:
    return BrokenRecords((f"entry {number} is gone",))


def _shown(faults: Iterable[str]) -> tuple[str, ...]:
    said = tuple(faults)
    more = (f"and {len(said) - _SAID} more",) if len(said) > _SAID else ()
    return said[:_SAID] + more


def head_of(records: tuple[Record, ...]) -> Head:
    """Where these records end."""
    return Head(records[-1].number, records[-1].digest) if records else START
