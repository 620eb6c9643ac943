"""Answers as values: what is about to be sent, so that a fault can still change it."""

import json
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from attrs import evolve, field, frozen

JSON = "application/json; charset=UTF-8"
HTML = "text/html"


class Cut(Enum):
    """How a connection ends before its answer is complete."""

    NOT = "the answer is sent"
    RESET = "nothing is sent, and the connection is reset"
    CLOSE = "nothing is sent, and the connection is closed"
    MIDWAY = "half of the body is sent, and the connection is closed"


@frozen
class Answer:
    """Status, headers and body of one answer."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(factory=dict)
    cut: Cut = Cut.NOT

    def content(self) -> Any:
        """The body as JSON; `None` where there is none or it is no JSON."""
        if not self.body or not self.headers.get("content-type", "").startswith("application/json"):
            return None
        return json.loads(self.body)

    def changed(self, change: Callable[[Any], Any]) -> "Answer":
        """The same answer with its JSON changed; as it is where it has none, or tells an error."""
        content = self.content()
        if content is None or self.status >= 400:
            return self
        return evolve(self, body=as_json(change(content)))

    def with_headers(self, headers: Mapping[str, str]) -> "Answer":
        """The same answer with more headers."""
        return evolve(self, headers={**self.headers, **headers})


def as_json(content: Any) -> bytes:
    """JSON as it is sent. A number that is none is written as such: faults send those."""
    return json.dumps(content, separators=(",", ":")).encode()


def json_answer(content: Any, status: int = 200) -> Answer:
    """An answer with a JSON body."""
    return Answer(status, as_json(content), {"content-type": JSON})


def error_answer(status: int, code: int | None, message: str) -> Answer:
    """An error as the API words it; without a code where `code` is `None`."""
    coded = {} if code is None else {"code": code}
    return json_answer({**coded, "message": message}, status)


NO_ANSWER = Answer(0, cut=Cut.RESET)
