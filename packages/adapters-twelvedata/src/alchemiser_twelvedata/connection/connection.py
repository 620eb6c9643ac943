"""Calls to the vendor: paid in credits, waiting where there are none, repeated without answer."""

from collections.abc import Callable, Mapping
from threading import Lock
from typing import TYPE_CHECKING

from attrs import field, frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.secret import Secret
from alchemiser_twelvedata.connection.answer import understood
from alchemiser_twelvedata.connection.credits import Credits
from alchemiser_twelvedata.connection.failures import (
    WHERE,
    CallFailure,
    Json,
    NoAnswer,
    OutOfCredits,
    TooMany,
)
from alchemiser_twelvedata.connection.pace import THIS_HOST, Pace

if TYPE_CHECKING:
    from alchemiser_twelvedata.connection.client import Client, TimeLimits


@frozen
class Patience:
    """How often a read is repeated, and how long it is waited."""

    tries: int = 4
    """Requests without an answer."""
    first_wait: float = 0.5
    """Seconds; waits double, and are spread over their whole length."""
    longest_wait: float = 10.0
    minutes: int = 5
    """Minutes in a row that may have no credits left, although nobody here has spent them."""


@frozen(eq=False)
class Connection:
    """One server, one key, one budget. Several threads may use it; their requests go out one after
    the other, and none holds the others up while it waits for credits.
    """

    client: "Client"
    credits: Credits
    patience: Patience
    pace: Pace
    tell: Callable[[str], None]
    """Takes a line on a wait."""
    _one_at_a_time: Lock = field(factory=Lock, init=False)

    def room(self, progress: str = "", at_least: int = 1) -> Result[int, CallFailure]:
        """The credits that may be spent now; where there are none, it is waited for those of the
        next minute, and told with `progress`. Failures: `OutOfCredits`, `TooMany`.
        """
        for _ in range(self.patience.minutes + 1):
            if (day_is_over := self.lacking_today(at_least)) is not None:
                return Failure(day_is_over)
            with self._one_at_a_time:
                free = self.credits.free()
            if free >= min(at_least, self.credits.allowed):
                return Success(free)
            self._wait(progress)
        return Failure(TooMany())

    def lacking_today(self, credits: int) -> OutOfCredits | None:
        """The failure that so many are not left of the day, by what was spent here; else `None`."""
        with self._one_at_a_time:
            if self.credits.has_today(credits):
                return None
        return OutOfCredits(f"the {self.credits.a_day} credits of the day do not go that far")

    def get(
        self, path: str, parameters: Mapping[str, str], cost: int = 1
    ) -> Result[Json, CallFailure]:
        """Read; what has no answer is repeated, and paid again. A minute without credits is a
        failure, so that the caller can ask for less; `paid` waits.
        """
        for failed in range(1, self.patience.tries + 1):
            outcome = self._once(path, parameters, cost)
            if not isinstance(outcome, Failure) or not isinstance(outcome.failure(), NoAnswer):
                return outcome
            if failed < self.patience.tries:
                doubled = self.patience.first_wait * 2.0**failed
                self.pace.sleep(self.pace.chance() * min(doubled, self.patience.longest_wait))
                room = self.room(at_least=cost)
                if isinstance(room, Failure):
                    return Failure(room.failure())
        return outcome

    def paid(self, path: str, parameters: Mapping[str, str]) -> Result[Json, CallFailure]:
        """Read what costs one credit, and wait for it where there is none."""
        for _ in range(self.patience.minutes):
            room = self.room()
            if isinstance(room, Failure):
                return Failure(room.failure())
            outcome = self.get(path, parameters)
            if not isinstance(outcome, Failure) or not isinstance(outcome.failure(), TooMany):
                return outcome
        return outcome

    def spent_elsewhere(self, refusal: TooMany) -> None:
        """Take in that nothing is left of this minute."""
        with self._one_at_a_time:
            self.credits.refused(refusal.limit)

    def close(self) -> None:
        """Let go of the server."""
        self.client.close()

    def _wait(self, progress: str) -> None:
        seconds = self.credits.wait()
        used = f"{self.credits.allowed} credits a minute are used"
        said = f"; {progress}" if progress else ""
        self.tell(f"{WHERE}: {used}, going on in {seconds:.0f} s{said}")
        self.pace.sleep(seconds)

    def _once(
        self, path: str, parameters: Mapping[str, str], cost: int
    ) -> Result[Json, CallFailure]:
        with self._one_at_a_time:
            minute = self.credits.spent(cost)
            answer = self.client.get(path, parameters)
            if isinstance(answer, NoAnswer):
                return Failure(answer)
            self.credits.told(answer.headers, minute)
        outcome = understood(answer)
        if isinstance(outcome, Failure) and isinstance(outcome.failure(), TooMany):
            self.spent_elsewhere(outcome.failure())
        return outcome


def connect(
    url: str,
    key: Secret,
    limits: "TimeLimits",
    credits: Credits,
    tell: Callable[[str], None],
    patience: Patience | None = None,
    pace: Pace = THIS_HOST,
) -> Connection:
    """A connection to a server; nothing is sent yet."""
    from alchemiser_twelvedata.connection.client import Client

    client = Client(url, key, limits, pace)
    return Connection(client, credits, patience or Patience(), pace, tell)
