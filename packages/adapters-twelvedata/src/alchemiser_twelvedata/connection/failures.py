"""Everything that can come of a call instead of what was asked for: a closed union."""

from collections.abc import Iterable
from typing import Any

from attrs import frozen

from alchemiser_core.domain.plain_text import plain_text
from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.market_data import MarketDataUnavailable

Json = Any
"""What a JSON text holds: it is read by our own strict code, never taken on trust."""

WHERE = "twelvedata"


@frozen
class NotAllowed:
    """The key is not accepted."""

    message: str

    def problem(self, what: str) -> Problem:
        """Said as a problem of `what` was asked for."""
        hint = "check the key at https://twelvedata.com/account/api-keys"
        return Problem("unauthorised", what, WHERE, plain_text(self.message), hint)


@frozen
class NotInPlan:
    """The plan that is paid for does not have it."""

    message: str

    def problem(self, what: str) -> Problem:
        """Said as a problem of `what` was asked for."""
        hint = "leave the symbol out, or see https://twelvedata.com/pricing"
        return Problem("not-in-data-plan", what, WHERE, plain_text(self.message), hint)


@frozen
class TooMany:
    """The credits of this minute are used; the request was not looked at."""

    limit: int | None = None
    """Credits a minute of the plan, where the vendor says so."""

    def problem(self, what: str) -> Problem:
        """Said as a problem of `what` was asked for."""
        told = "" if self.limit is None else f"; the vendor says that there are {self.limit}"
        why = f"the credits of the minute were used whenever the request came{told}"
        hint = "other programs with the same key count too; credits_per_minute is your plan's limit"
        return Problem("throttled", what, WHERE, why, hint)


@frozen
class OutOfCredits:
    """The credits of the day are used."""

    message: str

    def problem(self, what: str) -> Problem:
        """Said as a problem of `what` was asked for."""
        hint = "there are new ones after midnight UTC; credits_per_day is your plan's limit"
        return Problem("out-of-credits", what, WHERE, plain_text(self.message), hint)


@frozen
class NoData:
    """The vendor does not know the symbol, or has nothing of it in the range asked for."""

    message: str

    def problem(self, what: str) -> Problem:
        """Said as a problem of `what` was asked for."""
        hint = "check the symbol and the dates"
        return Problem("no-such-data", what, WHERE, plain_text(self.message), hint)


@frozen
class Refused:
    """The vendor looked at the request and refused it."""

    code: int
    message: str

    def problem(self, what: str) -> Problem:
        """Said as a problem of `what` was asked for."""
        return Problem("refused", what, WHERE, plain_text(f"{self.message} (code {self.code})"))


@frozen
class NoAnswer:
    """No answer came, or none that is the vendor's word."""

    why: str

    def problem(self, what: str) -> Problem:
        """Said as a problem of `what` was asked for."""
        hint = "check the network and https://status.twelvedata.com; a stand-in has to be running"
        return Problem("no-answer", what, WHERE, self.why, hint)


@frozen
class Unreadable:
    """An answer of the vendor's that does not hold what it has to."""

    why: str

    def problem(self, what: str) -> Problem:
        """Said as a problem of `what` was asked for."""
        hint = "if it stays so, the vendor has changed its answers: report it"
        return Problem("unreadable-answer", what, WHERE, plain_text(self.why), hint)


@frozen
class OtherInstrument:
    """The symbol stands for an index, or something not traded in dollars in New York's time."""

    why: str

    def problem(self, what: str) -> Problem:
        """Said as a problem of `what` was asked for."""
        hint = "take the symbol from another feed; this one reads shares and funds of the US alone"
        return Problem("other-instrument", what, WHERE, plain_text(self.why), hint)


CallFailure = (
    NotAllowed
    | NotInPlan
    | TooMany
    | OutOfCredits
    | NoData
    | Refused
    | NoAnswer
    | Unreadable
    | OtherInstrument
)


def unavailable(failures: Iterable[tuple[str, CallFailure]]) -> MarketDataUnavailable:
    """The failure of the port; each with what could not be had, one sentence."""
    return MarketDataUnavailable(tuple(failure.problem(what) for what, failure in failures))
