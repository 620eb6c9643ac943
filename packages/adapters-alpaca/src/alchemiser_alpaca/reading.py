"""Reading values out of the vendor's JSON: tolerant of what is new, strict about what is needed.

Unknown fields are never looked at. A field that is needed and is missing, or holds something else
than it has to, raises `UnreadableError`, which the caller turns into a failure; nothing is guessed.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from alchemiser_core.domain.money import decimal_from_float

_LONGEST_NUMBER = 64
_LARGEST_EXPONENT = 30
_YEARS = range(1900, 2201)
"""Whatever is dated otherwise is a mistake, and days cannot be counted from it without another."""

Record = Mapping[str, Any]


class UnreadableError(ValueError):
    """Something in an answer is not what it has to be; the text says what."""


def record(json: Any) -> Record:
    """A JSON object."""
    if not isinstance(json, dict):
        raise UnreadableError(f"an object is expected, not {type(json).__name__}")
    return json


def records(json: Any) -> list[Record]:
    """A JSON list of objects."""
    if not isinstance(json, list):
        raise UnreadableError(f"a list is expected, not {type(json).__name__}")
    return [record(each) for each in json]


def part(source: Record, name: str) -> Record:
    """An object inside of another, which may be empty, or `null` in its place."""
    if name not in source:
        raise UnreadableError(f"{name} is missing")
    value = source[name]
    return {} if value is None else record(value)


def text(source: Record, name: str) -> str:
    """A text that is not empty."""
    value = source.get(name)
    if not isinstance(value, str) or not value:
        raise UnreadableError(f"{name} is no text")
    return value


def optional_text(source: Record, name: str) -> str:
    """A text; empty where there is none."""
    value = source.get(name)
    return value if isinstance(value, str) else ""


def flag(source: Record, name: str) -> bool:
    """True or false."""
    value = source.get(name)
    if not isinstance(value, bool):
        raise UnreadableError(f"{name} is neither true nor false")
    return value


def number(source: Record, name: str) -> Decimal:
    """A finite number, written as text or as a number."""
    value = optional_number(source, name)
    if value is None:
        raise UnreadableError(f"{name} is missing")
    return value


def optional_number(source: Record, name: str) -> Decimal | None:
    """A finite number; `None` where there is none."""
    value = source.get(name)
    if value is None or value == "":
        return None
    found = _decimal(value)
    if found is None:
        raise UnreadableError(f"{name} is no number")
    return found


def _decimal(value: Any) -> Decimal | None:
    match value:
        case bool():
            return None
        case float():
            found = decimal_from_float(value)
        case int() | str():
            try:
                found = Decimal(str(value)[: _LONGEST_NUMBER + 1])
            except InvalidOperation:
                return None
            if len(str(value)) > _LONGEST_NUMBER:
                return None
        case _:
            return None
    usable = found.is_finite() and abs(found.adjusted()) <= _LARGEST_EXPONENT
    return found if usable else None


def moment(source: Record, name: str) -> datetime:
    """A time with its zone; nanoseconds are cut off."""
    try:
        at = datetime.fromisoformat(text(source, name))
    except ValueError as error:
        raise UnreadableError(f"{name} is no time") from error
    if at.tzinfo is None:
        raise UnreadableError(f"{name} has no time zone")
    if at.year not in _YEARS:
        raise UnreadableError(f"{name} is of the year {at.year}")
    return at


def day(source: Record, name: str) -> date:
    """A date."""
    try:
        on = date.fromisoformat(text(source, name))
    except ValueError as error:
        raise UnreadableError(f"{name} is no date") from error
    if on.year not in _YEARS:
        raise UnreadableError(f"{name} is of the year {on.year}")
    return on
