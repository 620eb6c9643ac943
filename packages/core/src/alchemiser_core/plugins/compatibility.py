"""Whether a plugin's requirement on the core's version is met.

A requirement is a list of clauses with commas between, such as `>=0.1,<0.2`; all have to hold.
Only the release numbers are compared: 0.2.0rc1 counts as 0.2.0.
"""

import operator
import re
from collections.abc import Callable
from enum import Enum

_CLAUSE = re.compile(r"\s*(>=|<=|==|!=|>|<)\s*(\d{1,9}(?:\.\d{1,9}){0,3})\s*")
_RELEASE = re.compile(r"\d{1,9}(?:\.\d{1,9}){0,3}")
_WIDTH = 4

_Release = tuple[int, ...]
_COMPARE: dict[str, Callable[[_Release, _Release], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}


class Compatibility(Enum):
    """What a requirement says about a version."""

    MET = "met"
    UNMET = "unmet"
    UNREADABLE = "unreadable"


def _release(text: str) -> _Release:
    numbers = tuple(int(part) for part in text.split("."))
    return numbers + (0,) * (_WIDTH - len(numbers))


def compatibility(requirement: str, version: str) -> Compatibility:
    """Whether `version` meets every clause of `requirement`."""
    release = _RELEASE.match(version)
    clauses = [_CLAUSE.fullmatch(clause) for clause in requirement.split(",")]
    if release is None or not all(clauses):
        return Compatibility.UNREADABLE
    present = _release(release[0])
    met = all(_COMPARE[clause[1]](present, _release(clause[2])) for clause in clauses if clause)
    return Compatibility.MET if met else Compatibility.UNMET
