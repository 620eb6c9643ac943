"""The hash chain: every entry of a journal holds the hash of the one before, so that none can be
changed, lost or put in between without being noticed.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from attrs import field, frozen

from alchemiser_core.domain.session import aware

GENESIS = "0" * 64
"""The hash before the first entry."""


@frozen
class Record:
    """One event as a journal keeps it."""

    number: int
    """From 1, without gaps."""
    at: datetime = field(validator=aware)
    kind: str
    """Kebab-case name of the event's class."""
    body: str
    """The event as canonical JSON."""
    previous: str
    """Hash of the record before; 64 hexadecimal digits."""
    digest: str
    """SHA-256 over number, time, kind, body and the hash before; 64 hexadecimal digits."""

    @property
    def is_sound(self) -> bool:
        """Whether the digest fits what the record says."""
        return self.digest == digest_of(self.number, self.at, self.kind, self.body, self.previous)


def digest_of(number: int, at: datetime, kind: str, body: str, previous: str) -> str:
    """The hash of a record; every part is preceded by its length, so that none can run into the
    next.
    """
    place, time = str(number), at.isoformat()
    text = (
        f"{len(place)}:{place}{len(time)}:{time}{len(kind)}:{kind}"
        f"{len(body)}:{body}{len(previous)}:{previous}"
    )
    return hashlib.sha256(text.encode()).hexdigest()


def chained(number: int, at: datetime, kind: str, body: str, previous: str) -> Record:
    """The record that follows the one whose hash is `previous`."""
    return Record(number, at, kind, body, previous, digest_of(number, at, kind, body, previous))


@frozen
class ChainFault:
    """A place where a chain does not hold."""

    number: int
    why: str


def chain_faults(
    records: Iterable[Record], number: int = 1, previous: str = GENESIS
) -> tuple[ChainFault, ...]:
    """Everything wrong with a chain that continues with `number` after the hash `previous`."""
    found: list[ChainFault] = []
    for record in records:
        if record.number != number:
            found.append(ChainFault(record.number, f"expected number {number}"))
        if record.previous != previous:
            found.append(ChainFault(record.number, "does not follow the record before"))
        if not record.is_sound:
            found.append(ChainFault(record.number, "its hash does not fit what it says"))
        number, previous = record.number + 1, record.digest
    return tuple(found)
