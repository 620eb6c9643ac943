"""Reading values out of the vendor's JSON: tolerant of what is new, strict about what is needed.

Unknown fields are never looked at. A field that is needed and is missing, or holds something else
than it has to, raises `UnreadableError`, which the caller turns into a failure; nothing is guessed.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from alchemiser_core.domain.plain_text import plain_text

Record = Mapping[str, Any]

_DECIMAL = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEARS = range(1900, 2201)
"""Whatever is dated otherwise is a mistake, and days cannot be counted from it without another."""


class UnreadableError(ValueError):
    """Something in an answer is not what it has to be; the text says what."""


def record(json: Any, name: str) -> Record:
    """A JSON object."""
    if not isinstance(json, dict):
        raise UnreadableError(f"{name}: an object is expected, not {type(json).__name__}")
    return json


def rows(source: Record, name: str) -> list[Any]:
    """A JSON list."""
    value = source.get(name)
    if not isinstance(value, list):
        raise UnreadableError(f"{name}: a list is expected, not {type(value).__name__}")
    return value


def text(source: Record, name: str) -> str:
    """A text that is not empty."""
    value = source.get(name)
    if not isinstance(value, str) or not value:
        raise UnreadableError(f"{name} is no text")
    return value


def number(source: Record, name: str) -> float:
    """The number of a text such as `148.85001`, as near as a float comes to it; NaN for `null`.

    A text with an exponent, blanks or a name such as `nan` is no number.
    """
    if name not in source:
        raise UnreadableError(f"{name} is missing")
    value = source[name]
    if value is None:
        return np.nan
    if isinstance(value, str) and _DECIMAL.fullmatch(value) is not None:
        return float(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e18:
        return float(value)
    raise UnreadableError(f"{name} is no number: {plain_text(repr(value), 30)}")


def optional_number(source: Record, name: str) -> float:
    """The same where it may be missing; NaN where it is."""
    return number(source, name) if name in source else np.nan


def whole_number(source: Record, name: str) -> int:
    """A whole number, written as text or as a number."""
    value = number(source, name)
    if not value.is_integer():
        raise UnreadableError(f"{name} is no whole number")
    return int(value)


def day(source: Record, name: str) -> date:
    """A date such as `2026-03-02`."""
    value = text(source, name)
    try:
        on = date.fromisoformat(value) if _DATE.fullmatch(value) else None
    except ValueError:
        on = None
    if on is None or on.year not in _YEARS:
        raise UnreadableError(f"{name} is no date: {plain_text(value, 30)}")
    return on
