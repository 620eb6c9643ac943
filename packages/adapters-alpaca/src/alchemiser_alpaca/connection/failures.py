"""Everything that can come of a call instead of what was asked for: a closed union.

Only `Refused` is the vendor's word on the request itself. After `NoAnswer` nobody knows whether
the request was taken.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from attrs import evolve, field, frozen

from alchemiser_core.domain.plain_text import plain_text
from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.broker import BrokerFailure, BrokerUnavailable, Unauthorised

Json = Any
"""What a JSON text holds: it is read by our own tolerant code, never taken on trust."""

WHERE = "alpaca"


@frozen
class Refused:
    """The vendor looked at the request and refused it."""

    status: int
    code: int | None
    """The vendor's own number, such as 40310000; `None` where the answer has none."""
    message: str
    body: Mapping[str, Json] = field(factory=dict)

    def problem(self, what: str) -> Problem:
        """Said as a problem of `what` was asked for."""
        code = f", code {self.code}" if self.code is not None else ""
        why = plain_text(f"{self.message} (status {self.status}{code})")
        return Problem("refused", what, WHERE, why)


@frozen
class NotAllowed:
    """The key is not accepted."""

    message: str

    def problem(self, what: str) -> Problem:
        """Said as a problem of `what` was asked for."""
        hint = "check the keys, and whether they are of this account: paper and live keys differ"
        return Problem("unauthorised", what, WHERE, plain_text(self.message), hint)


@frozen
class TooMany:
    """There were too many requests; this one was not looked at."""

    retry_after: timedelta | None = None
    """How long to wait, where that is known."""

    def problem(self, what: str) -> Problem:
        """Said as a problem of `what` was asked for."""
        hint = "wait a minute; other programs with the same key count too"
        return Problem("throttled", what, WHERE, "there are too many requests", hint)


@frozen
class NoAnswer:
    """No answer came, or none that can be read; the request may have been taken."""

    why: str

    def problem(self, what: str) -> Problem:
        """Said as a problem of `what` was asked for."""
        hint = "check the network and https://status.alpaca.markets; a simulator has to be running"
        return Problem("no-answer", what, WHERE, self.why, hint)


CallFailure = Refused | NotAllowed | TooMany | NoAnswer


def broker_failure(failure: CallFailure, what: str) -> BrokerFailure:
    """The failure of a read of the broker; `what` says which, one sentence."""
    if isinstance(failure, NotAllowed):
        return Unauthorised(plain_text(failure.message))
    return BrokerUnavailable((failure.problem(what),))


def beside_the_broker(failure: BrokerFailure, setting: str) -> tuple[Problem, ...]:
    """The problems of what is built beside the broker, with a trading server of its own: keys that
    the broker accepts are refused there where `setting` names the other kind of account.
    """
    if not isinstance(failure, Unauthorised):
        return failure.problems()
    hint = f"check the keys; live ones need {setting} to be the live account's server"
    return tuple(evolve(problem, hint=hint) for problem in failure.problems())


def unreadable(what: str, why: str) -> BrokerUnavailable:
    """An answer that came and does not hold what it has to."""
    hint = "if it stays so, the vendor has changed its answers: report it"
    return BrokerUnavailable((Problem("unreadable-answer", what, WHERE, plain_text(why), hint),))
