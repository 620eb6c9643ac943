"""Journal events as canonical JSON and back: the same event is always the same bytes.

Keys are sorted, there is no white space, decimals and times are strings.
"""

from functools import cache
from typing import get_args

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.account import Activity
from alchemiser_core.domain.canonical import CanonicalCodec, canonical_codec
from alchemiser_core.domain.journal.events import JournalEvent
from alchemiser_core.domain.problem import Problem


@frozen
class BadEvent:
    """A record whose kind or body this version cannot read."""

    kind: str
    why: str

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the kind and what is wrong with it."""
        return (
            Problem(
                code="bad-journal-event",
                what=f"a journal entry of kind {self.kind!r} cannot be read",
                why=self.why,
                hint="it may come from a newer version; alchemiser journal verify says more",
            ),
        )


def kind_of(event: JournalEvent) -> str:
    """The name under which events of a class are kept: `PlanCommitted` is `plan-committed`."""
    return _codec().kind_of(event)


def kinds() -> tuple[str, ...]:
    """The names of all kinds of events."""
    return tuple(_codec().kinds)


def encode(event: JournalEvent) -> str:
    """The event as canonical JSON."""
    return _codec().encode(event)


def encode_checked(event: JournalEvent) -> str:
    """The event as canonical JSON, of which it is certain that the same event comes back.

    Raises `TypeError` or `ValueError` where a value is not of the type that its class names: an
    entry that cannot be read again must not be written.
    """
    body = encode(event)
    back = decode(kind_of(event), body)
    if isinstance(back, Failure):
        raise TypeError(f"{event!r} cannot be read back: {back.failure().why}")
    if back.unwrap() != event:
        raise ValueError(f"{event!r} comes back as {back.unwrap()!r}")
    return body


def decode(kind: str, body: str) -> Result[JournalEvent, BadEvent]:
    """The event of a record; `BadEvent` where the kind is unknown or the body is not of it."""
    read = _codec().decode(kind, body)
    if isinstance(read, Failure):
        return Failure(BadEvent(kind, read.failure()))
    event: JournalEvent = read.unwrap()
    return Success(event)


@cache
def _codec() -> CanonicalCodec:
    return canonical_codec(get_args(JournalEvent), tagged=(Activity,))
