"""Symphony text in, tree out: finds out which form it is, reads it and checks it."""

import re

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.problem import Problem
from alchemiser_core.symphony.ast import Symphony
from alchemiser_core.symphony.check import Checker, Place
from alchemiser_core.symphony.edn.reader import line_and_column
from alchemiser_core.symphony.edn.root import EdnSymphonies
from alchemiser_core.symphony.errors import (
    LimitExceeded,
    SymphonyError,
    SymphonyErrors,
    UnreadableText,
)
from alchemiser_core.symphony.findings import Findings
from alchemiser_core.symphony.json.root import JsonSymphonies
from alchemiser_core.symphony.limits import DEFAULT_LIMITS, Limits
from alchemiser_core.symphony.parameters.expand import expand

_EDN_VECTOR = re.compile(r"[\s\[]*+(?:\(|#param\b|;)")
_PLACE = re.compile(r"([0-9]+):([0-9]+)$")


@frozen
class ReadSymphony:
    """A symphony as it stands in a text, and what is odd about it."""

    symphony: Symphony
    warnings: tuple[Problem, ...] = ()


def read(
    text: str, *, origin: str = "", limits: Limits = DEFAULT_LIMITS
) -> Result[ReadSymphony, SymphonyErrors]:
    """Reads EDN or JSON text and checks it; `origin` (a file's name) is put before every place.

    The tree may hold parameters; `expand` makes a plain one. Every fault found is in the failure:
    syntax, operators, bounds, and for a tree with parameters what expansion by their defaults
    would find.
    """
    findings = Findings()
    symphony = _parsed(text.removeprefix("\ufeff"), origin, findings, limits)
    if findings.errors or symphony is None:
        return Failure(SymphonyErrors(tuple(sorted(findings.errors, key=_order))))
    return Success(ReadSymphony(symphony, findings.warnings))


def _order(error: object) -> tuple[int, int]:
    match = _PLACE.search(getattr(error, "where", ""))
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _parsed(text: str, origin: str, findings: Findings, limits: Limits) -> Symphony | None:
    if fault := _unusable(text, origin, limits):
        findings.add(fault)
        return None
    form = JsonSymphonies if text.lstrip()[0] in "{[" and not _is_edn(text) else EdnSymphonies
    reader = form(text, origin, findings, limits)
    symphony = reader.read()
    if symphony is not None:
        Checker(findings, limits, reader.where).check(symphony)
        if not findings.errors:
            for error in _faults_of_defaults(symphony, limits, reader.where):
                findings.add(error)
    return symphony


def _is_edn(text: str) -> bool:
    """A bare body in a vector begins like JSON, but a list follows."""
    return _EDN_VECTOR.match(text) is not None


def _faults_of_defaults(
    symphony: Symphony, limits: Limits, place: Place
) -> tuple[SymphonyError, ...]:
    expanded = expand(symphony, limits=limits, place=place)
    return expanded.failure().found if isinstance(expanded, Failure) else ()


def _unusable(text: str, origin: str, limits: Limits) -> LimitExceeded | UnreadableText | None:
    if len(text) > limits.text_bytes:
        return LimitExceeded("bytes of text", limits.text_bytes, origin)
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        place = (f"{origin}:" if origin else "") + line_and_column(text, error.start)
        return UnreadableText("half of a surrogate pair stands in the text", place)
    if size > limits.text_bytes:
        return LimitExceeded("bytes of text", limits.text_bytes, origin)
    if not text.strip():
        return UnreadableText("the text is empty", origin, "a symphony begins with (defsymphony")
    return None
