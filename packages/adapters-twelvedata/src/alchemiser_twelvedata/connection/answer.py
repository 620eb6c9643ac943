"""What an HTTP answer means.

An error may come with the status that belongs to it or with 200: the body is what counts. Whatever
is not clearly the vendor's word, such as a page of some server on the way, is no answer.
"""

import json
import re
from collections.abc import Mapping
from typing import NoReturn

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.plain_text import plain_text
from alchemiser_twelvedata.connection.failures import (
    CallFailure,
    Json,
    NoAnswer,
    NoData,
    NotAllowed,
    NotInPlan,
    OutOfCredits,
    Refused,
    TooMany,
)

_OF_THE_DAY = re.compile(r"for the day|daily", re.IGNORECASE)
_LIMIT = re.compile(r"limit being (\d{1,7})\b")
_PLAN = re.compile(
    r"\bplans?\b|\bupgrad|\bpricing\b|\bsubscri|\btier\b|\bavailable (?:starting|exclusively|only)",
    re.IGNORECASE,
)
"""Looked for before `_NO_DATA`: what money can buy is no symbol without bars."""
_NO_DATA = re.compile(
    r"no data (?:is |are )?available|data not found"
    r"|(?<!/)\bsymbol\b(?:\*\* or \*\*\w+)?(?:\*\*)?[^*]{0,80}?(?:not found|invalid)",
    re.IGNORECASE,
)
"""What is not found or invalid is the symbol, and no parameter that is named after it."""


@frozen
class Answer:
    """An HTTP answer that was read to its end."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


def understood(answer: Answer) -> Result[Json, CallFailure]:
    """The JSON of an answer, or what came instead."""
    status = answer.status
    content = _content(answer.body)
    if isinstance(content, Failure):
        return Failure(_without_content(status, content.failure()))
    said = content.unwrap()
    if is_error(said):
        return Failure(failure_of(said, status))
    if 200 <= status < 300:
        return Success(said)
    return Failure(_without_content(status, "it says nothing of an error"))


def is_error(content: Json) -> bool:
    """Whether a part of an answer tells an error."""
    return isinstance(content, dict) and content.get("status") == "error"


def failure_of(said: Mapping[str, Json], status: int = 200) -> CallFailure:
    """What an error means, by its own code, or by `status` where it has none."""
    told, words = said.get("code"), said.get("message")
    code = told if isinstance(told, int) and not isinstance(told, bool) else status
    message = plain_text(words) if isinstance(words, str) else ""
    match code:
        case 429 if _OF_THE_DAY.search(message):
            return OutOfCredits(message)
        case 429:
            limit = _LIMIT.search(message)
            return TooMany(None if limit is None else int(limit[1]))
        case 401:
            return NotAllowed(message or "the key is not accepted")
        case 403:
            return NotInPlan(message or "the key has no permission")
        case 400 | 404 if _PLAN.search(message):
            return NotInPlan(message)
        case 400 | 404 if _NO_DATA.search(message):
            return NoData(message)
        case _ if code < 500:
            return Refused(code, message or "no reason is given")
        case _:
            return NoAnswer(f"the server failed (code {code})")


def _content(body: bytes) -> Result[Json, str]:
    """The JSON of a body; a text such as NaN in it, or a name that is there twice, is none."""
    try:
        read = json.loads(body, parse_constant=_no_number, object_pairs_hook=_object)
    except (ValueError, RecursionError):
        return Failure("it cannot be read")
    return Success(read)


def _without_content(status: int, why: str) -> CallFailure:
    """What a status alone means."""
    if status == 429:
        return TooMany()
    if status == 401:
        return NotAllowed("the key is not accepted")
    if 300 <= status < 400:
        return NoAnswer(f"the server points somewhere else (status {status})")
    if status >= 500:
        return NoAnswer(f"the server failed (status {status})")
    return NoAnswer(f"the answer is not the vendor's: {why} (status {status})")


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name is there twice")
    return made
