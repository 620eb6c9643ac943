"""What an HTTP answer means.

The same status says different things here: a 403 may be an order that the account cannot pay or a
key that is not accepted. Whatever is not clearly the vendor's word is no answer.
"""

import json
import re
from collections.abc import Mapping

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_alpaca.connection.failures import (
    CallFailure,
    Json,
    NoAnswer,
    NotAllowed,
    Refused,
    TooMany,
)
from alchemiser_core.domain.plain_text import plain_text

_NO_CONTENT = 204
_AUTHENTICATION_CODES = frozenset({40110000, 40110001})
_AUTHENTICATION_WORDS = re.compile(
    r"unauthori[sz]ed|not authori[sz]ed|forbidden\.?$|access key", re.IGNORECASE
)
_NOT_A_WORD_ON_THE_REQUEST = frozenset({408, 425})
"""The server gave up on reading the request, or does not want to look at it yet."""


@frozen
class Answer:
    """An HTTP answer that was read to its end."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


def understood(answer: Answer) -> Result[Json, CallFailure]:
    """The JSON of an answer, `None` where it is meant to be empty; or what came instead."""
    status = answer.status
    if 200 <= status < 300:
        return _content(answer)
    if status == 429:
        return Failure(TooMany())
    if status == 401:
        return Failure(NotAllowed(_said(answer)[1] or "the key is not accepted"))
    if 400 <= status < 500 and status not in _NOT_A_WORD_ON_THE_REQUEST:
        return Failure(_refusal(answer))
    if 300 <= status < 400:
        return Failure(NoAnswer(f"the server points somewhere else (status {status})"))
    return Failure(NoAnswer(f"the server failed (status {status})"))


def _content(answer: Answer) -> Result[Json, CallFailure]:
    if answer.status == _NO_CONTENT:
        return Success(None)
    try:
        return Success(json.loads(answer.body))
    except (ValueError, RecursionError):
        return Failure(NoAnswer(f"the answer cannot be read (status {answer.status})"))


def _refusal(answer: Answer) -> CallFailure:
    body, message, code = _said(answer)
    if body is None or not (message or code is not None):
        # A page of some server on the way: nobody who knows the account has said anything.
        return NoAnswer(f"the answer cannot be read (status {answer.status})")
    is_of_key = code in _AUTHENTICATION_CODES or (
        answer.status == 403 and code is None and _AUTHENTICATION_WORDS.search(message) is not None
    )
    if is_of_key:
        return NotAllowed(message or "the key is not accepted")
    return Refused(answer.status, code, message, body)


def _said(answer: Answer) -> tuple[Mapping[str, Json] | None, str, int | None]:
    """The object of an error's body, with its message and code where it has them."""
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None, "", None
    if not isinstance(body, dict):
        return None, "", None
    message, code = body.get("message"), body.get("code")
    text = plain_text(message) if isinstance(message, str) else ""
    return body, text, code if isinstance(code, int) and not isinstance(code, bool) else None
