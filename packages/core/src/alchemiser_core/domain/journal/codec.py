"""Journal events as canonical JSON and back: the same event is always the same bytes.

Keys are sorted, there is no white space, decimals and times are strings.
"""

import json
import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from typing import Any, get_args

from attrs import frozen
from cattrs import BaseValidationError, Converter, StructureHandlerNotFoundError
from cattrs.errors import ForbiddenExtraKeysError
from cattrs.strategies import configure_tagged_union
from returns.result import Failure, Result, Success

from alchemiser_core.domain.account import Activity
from alchemiser_core.domain.journal.events import JournalEvent
from alchemiser_core.domain.problem import Problem

_WORD = re.compile(r"(?<!^)(?=[A-Z])")
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)


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
    event_class: type = type(event)
    return _kind(event_class)


def kinds() -> tuple[str, ...]:
    """The names of all kinds of events."""
    return tuple(_kinds())


def encode(event: JournalEvent) -> str:
    """The event as canonical JSON."""
    return _CANONICAL.encode(_converter().unstructure(event))


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
    found = _kinds().get(kind)
    if found is None:
        return Failure(BadEvent(kind, "no such kind"))
    try:
        event: JournalEvent = _converter().structure(json.loads(body), found)
    except _UNREADABLE as error:
        return Failure(BadEvent(kind, f"{type(error).__name__}: {error}"))
    return Success(event)


_UNREADABLE = (
    AttributeError,
    BaseValidationError,
    ForbiddenExtraKeysError,
    InvalidOperation,
    KeyError,
    RecursionError,
    StructureHandlerNotFoundError,
    TypeError,
    ValueError,
)
"""What converting data of any other shape raises."""


@cache
def _kind(event_class: type) -> str:
    return _WORD.sub("-", event_class.__name__).lower()


@cache
def _kinds() -> dict[str, type]:
    return {_kind(each): each for each in get_args(JournalEvent)}


@cache
def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True, detailed_validation=False)
    converter.register_unstructure_hook(Decimal, _decimal_text)
    converter.register_structure_hook(Decimal, _decimal)
    converter.register_unstructure_hook(datetime, datetime.isoformat)
    converter.register_structure_hook(datetime, _datetime)
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(date, _date)
    converter.register_structure_hook(str, _text)
    # Nearer to such an enumeration than the hook for text, of which its members are as well.
    converter.register_structure_hook(StrEnum, _word)
    converter.register_structure_hook(bool, _truth)
    converter.register_structure_hook(int, _whole)
    configure_tagged_union(Activity, converter, tag_generator=_kind, tag_name="kind")
    return converter


def _decimal_text(value: Any) -> str:
    if isinstance(value, float):
        raise TypeError(f"{value!r} is a float, where a decimal belongs")
    return str(value)


def _decimal(value: Any, _: object) -> Decimal:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a decimal written as text")
    return Decimal(value)


def _datetime(value: Any, _: object) -> datetime:
    return datetime.fromisoformat(value)


def _date(value: Any, _: object) -> date:
    return date.fromisoformat(value)


def _text(value: Any, _: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _word(value: Any, kind: type[StrEnum]) -> StrEnum:
    return kind(_text(value, kind))


def _truth(value: Any, _: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def _whole(value: Any, _: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number")
    return value
