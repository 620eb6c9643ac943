"""Rules of single values, kept with their wording so that errors and reference tell the same.

cash_buffer: Decimal = field(
    default=Decimal(0), validator=FRACTION, metadata=doc("Part of equity kept in cash.")
)
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from attrs import frozen


class SettingError(ValueError):
    """A value that a setting cannot take. Raised while converting, reported as a problem."""

    def __init__(self, what: str, why: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.hint = hint


@frozen
class Check:
    """An attrs validator that knows the rule it enforces, in words.

    It looks at the value alone, so that all values of a class can be checked before one is made.
    """

    rule: str
    complaint: Callable[[Any], SettingError | None]
    """What is wrong with a value; `None` where it keeps the rule."""

    def __call__(self, instance: object, attribute: object, value: Any) -> None:
        """Raises `SettingError` where the rule is broken."""
        complaint = self.complaint(value)
        if complaint is not None:
            raise complaint


def must_be(rule: str, holds: Callable[[Any], bool]) -> Check:
    """A check that completes the sentence "it has to be …"."""

    def complaint(value: Any) -> SettingError | None:
        if holds(value):
            return None
        return SettingError(f"the value is {shown(value)}", f"it has to be {rule}")

    return Check(rule, complaint)


def doc(text: str) -> dict[str, str]:
    """Metadata of an attrs field: what the setting is for, in one or two sentences."""
    return {"doc": text}


def shown(value: object) -> str:
    """A value as it stands in a file, cut where it is long."""
    match value:
        case bool():
            quoted = str(value).lower()
        case str():
            quoted = f'"{_USER.sub("://", value)}"'
        case tuple() | list():
            quoted = f"[{', '.join(map(shown, value))}]"
        case Mapping():
            quoted = f"{{{', '.join(f'{name} = {shown(part)}' for name, part in value.items())}}}"
        case _:
            quoted = str(value)
    return quoted if len(quoted) <= 60 else quoted[:59] + "…"


_USER = re.compile(r"://[^\s@]*@")
"""Name and password in a URL, which are not repeated."""

FRACTION = must_be("between 0 and 1", lambda value: value is None or 0 <= value <= 1)
SHARE = must_be("above 0 and at most 1", lambda value: 0 < value <= 1)
AMOUNT = must_be("an amount of 0 or more US dollars", lambda value: value >= 0)
BASIS_POINTS = must_be("between 0 and 1000 basis points", lambda value: 0 <= value <= Decimal(1000))
COUNT = must_be("a whole number between 0 and 250", lambda value: 0 <= value <= 250)
POSITIVE = must_be("above 0", lambda value: value is None or value > 0)
WHOLE_POSITIVE = must_be(
    "a whole number from 1 to 100000", lambda value: value is None or 1 <= value <= 100_000
)
SECONDS = must_be("a whole number of seconds from 1 to 3600", lambda value: 1 <= value <= 3600)
MINUTES = must_be("a whole number of minutes from 1 to 390", lambda value: 1 <= value <= 390)
NOT_EMPTY = must_be("a text that is not empty", lambda value: value is None or bool(value.strip()))
_PATH = re.compile(r"(?!\s*$)(?![/\\]*$)(?!~[^/\\])[^\0-\x1f\x7f]+")
PATH = must_be(
    "a path, without control characters, in which ~ stands for your own folder alone",
    lambda value: value is None or _PATH.fullmatch(value) is not None,
)
FRACTIONS = must_be(
    "a number between 0 and 1 for each symbol",
    lambda value: all(0 <= part <= 1 for part in value.values()),
)
