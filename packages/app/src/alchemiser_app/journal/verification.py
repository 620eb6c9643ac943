"""Checking a journal from end to end: the database, the chain, and every entry's meaning."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from attrs import frozen
from returns.result import Failure, Result

from alchemiser_app.journal.file_examination import looking, refusal_of
from alchemiser_app.journal.location import FileLocation, parse_location
from alchemiser_app.journal.opening import open_journal
from alchemiser_app.journal.refusals import JournalCorrupt, JournalRefusal
from alchemiser_app.journal.stored_records import START, Head
from alchemiser_core.ports.order_journal import JournalEntry, JournalFailure


@frozen
class Verified:
    """A journal that holds."""

    where: str
    kinds: Mapping[str, int]
    """How many entries there are of each kind."""
    first: datetime | None
    last: datetime | None
    head: Head
    """The number and the hash of the last entry: kept elsewhere, it proves the whole journal."""


def verify_journal(location: str) -> Result[Verified, JournalRefusal | JournalFailure]:
    """Read everything, change nothing; the failure names every fault that was found."""
    damaged = _damage(location)
    if damaged is not None:
        return Failure(damaged)
    opened = open_journal(location, read_only=True)
    if isinstance(opened, Failure):
        return opened
    with opened.unwrap() as journal:
        where = journal.where
        return journal.entries().map(lambda entries: _summary(where, entries))


def _damage(location: str) -> JournalRefusal | None:
    """What the database itself finds in its file, its indexes included; `None` where that is
    nothing, or where opening the journal says it as well.
    """
    from sqlalchemy.exc import DBAPIError

    place = parse_location(location)
    file = None if isinstance(place, Failure) else place.unwrap()
    if not isinstance(file, FileLocation) or not file.path.is_file():
        return None
    try:
        with looking(file) as connection:
            rows = connection.exec_driver_sql("PRAGMA integrity_check(20)").fetchall()
    except DBAPIError as error:
        return refusal_of(error, str(file))
    faults = tuple(str(row[0]) for row in rows)
    return None if faults == ("ok",) else JournalCorrupt(str(file), faults)


def _summary(where: str, entries: tuple[JournalEntry, ...]) -> Verified:
    records = [entry.record for entry in entries]
    return Verified(
        where,
        Counter(sorted(record.kind for record in records)),
        records[0].at if records else None,
        records[-1].at if records else None,
        Head(records[-1].number, records[-1].digest) if records else START,
    )


def listed(
    location: str,
) -> Result[tuple[JournalEntry, ...], JournalRefusal | JournalFailure]:
    """All entries of a journal that is opened to be read, and closed again."""
    opened = open_journal(location, read_only=True)
    if isinstance(opened, Failure):
        return opened
    with opened.unwrap() as journal:
        return journal.entries()
