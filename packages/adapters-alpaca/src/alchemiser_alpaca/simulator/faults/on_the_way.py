"""Faults of the network and of the servers in front of the broker."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

from attrs import evolve, field, frozen

from alchemiser_alpaca.simulator.faults.fault import Go, Stage, WireFault
from alchemiser_alpaca.simulator.http.answers import (
    HTML,
    NO_ANSWER,
    Answer,
    Cut,
    error_answer,
    json_answer,
)
from alchemiser_alpaca.simulator.http.calls import Call
from alchemiser_core.config import must_be

_SECONDS = must_be("0 or more seconds", lambda value: value >= 0)
_CODE = must_be("a status from 100 to 599", lambda value: 100 <= value <= 599)


@frozen(kw_only=True)
class ResetBefore(WireFault):
    """The connection breaks before the broker has taken the request."""

    kind: ClassVar[str] = "reset_before"

    async def around(self, call: Call, go: Go, stage: Stage) -> Answer:
        """No answer, and nothing done."""
        return NO_ANSWER


@frozen(kw_only=True)
class ResetAfter(WireFault):
    """The broker takes the request, then the connection breaks without an answer."""

    kind: ClassVar[str] = "reset_after"

    async def around(self, call: Call, go: Go, stage: Stage) -> Answer:
        """No answer, and all done."""
        await go()
        return NO_ANSWER


@frozen(kw_only=True)
class Hang(WireFault):
    """The server says nothing for a while, then answers."""

    kind: ClassVar[str] = "hang"

    seconds: float = field(default=600.0, validator=_SECONDS)
    """Real seconds."""
    taken: bool = False
    """The broker takes the request before, not after."""

    async def around(self, call: Call, go: Go, stage: Stage) -> Answer:
        """The true answer, late."""
        if self.taken:
            answer = await go()
            await stage.sleep(self.seconds)
            return answer
        await stage.sleep(self.seconds)
        return await go()


class Body(StrEnum):
    """What an error has for a body."""

    JSON = "json"
    HTML = "html"
    EMPTY = "empty"


@frozen(kw_only=True)
class Status(WireFault):
    """A status of a server in front of the broker: 500, 502, 503, 504 and the like."""

    kind: ClassVar[str] = "status"

    code: int = field(default=500, validator=_CODE)
    body: Body = Body.JSON
    message: str = "internal server error occurred"
    error: int = 50010000
    """The API's own code inside a JSON body; left out where it is 0."""
    headers: Mapping[str, str] = field(factory=dict)
    taken: bool = False
    """The broker takes the request all the same."""

    async def around(self, call: Call, go: Go, stage: Stage) -> Answer:
        """The status, whatever the true answer is."""
        if self.taken:
            await go()
        return self._answer().with_headers(self.headers)

    def _answer(self) -> Answer:
        match self.body:
            case Body.JSON:
                return error_answer(self.code, self.error or None, self.message)
            case Body.HTML:
                page = f"<html><body><h1>{self.code}</h1></body></html>"
                return Answer(self.code, page.encode(), {"content-type": HTML})
            case Body.EMPTY:
                return Answer(self.code)


class Truncation(StrEnum):
    """Where an answer is cut."""

    JSON = "json"
    """The JSON ends early, the answer is whole."""
    CONNECTION = "connection"
    """The connection ends before the announced length."""


@frozen(kw_only=True)
class TruncatedBody(WireFault):
    """Half of the body arrives; the request was taken."""

    kind: ClassVar[str] = "truncated_body"

    where: Truncation = Truncation.JSON

    async def around(self, call: Call, go: Go, stage: Stage) -> Answer:
        """The first half of the true answer."""
        answer = await go()
        if self.where is Truncation.CONNECTION:
            return evolve(answer, cut=Cut.MIDWAY)
        return evolve(answer, body=answer.body[: len(answer.body) // 2])


@frozen(kw_only=True)
class Down(WireFault):
    """The broker is gone: every connection breaks, and new ones do for a while."""

    kind: ClassVar[str] = "down"

    seconds: float = field(default=300.0, validator=_SECONDS)
    """Real seconds."""
    taken: bool = False
    """The broker takes the request with which it begins."""

    async def around(self, call: Call, go: Go, stage: Stage) -> Answer:
        """No answer, to this request and to those that follow."""
        if self.taken:
            await go()
        stage.refuse_connections(self.seconds)
        return NO_ANSWER


@frozen(kw_only=True)
class Unauthorised(WireFault):
    """The keys stop working: revoked, or the paper account was reset."""

    kind: ClassVar[str] = "unauthorised"
    usual_times: ClassVar[int] = 0

    async def around(self, call: Call, go: Go, stage: Stage) -> Answer:
        """401."""
        return json_answer({"message": "unauthorized."}, 401)
