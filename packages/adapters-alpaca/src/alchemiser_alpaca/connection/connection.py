"""Calls to one of the vendor's servers: counted, bounded in time, repeated only where that is safe.

An order is sent once. Reads, and cancels, which say the same however often, are repeated when no
answer came.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from attrs import evolve, frozen
from returns.result import Failure, Result

from alchemiser_alpaca.connection.answer import understood
from alchemiser_alpaca.connection.budget import Budget
from alchemiser_alpaca.connection.failures import CallFailure, Json, NoAnswer, TooMany
from alchemiser_alpaca.connection.pace import THIS_HOST, Pace
from alchemiser_alpaca.connection.waiting import Patience
from alchemiser_alpaca.keys import Keys

if TYPE_CHECKING:
    from alchemiser_alpaca.connection.answer import Answer
    from alchemiser_alpaca.connection.client import Client, TimeLimits

_LONGEST_ASKED = timedelta(hours=1)

Parameters = Mapping[str, str]


@frozen(eq=False)
class Connection:
    """One server, one key, one budget. It is used by one thread."""

    client: "Client"
    budget: Budget
    patience: Patience
    pace: Pace

    def get(
        self, path: str, parameters: Parameters | None = None, version: str = "v2"
    ) -> Result[Json, CallFailure]:
        """Read; `path` begins with `/` and has nothing in it that was not checked before."""
        data = query(parameters or {})
        return self._repeated(lambda: self.client.exchange("GET", path, data, version))

    def delete(self, path: str) -> Result[Json, CallFailure]:
        """Ask for something to end."""
        return self._repeated(lambda: self.client.exchange("DELETE", path, None, "v2"))

    def post(self, path: str, body: Mapping[str, Json]) -> Result[Json, CallFailure]:
        """Send something, once, whatever happens to it."""
        return self._once(lambda: self.client.exchange("POST", path, dict(body), "v2"))

    def close(self) -> None:
        """Let go of the server."""
        self.client.close()

    def _repeated(self, call: "Callable[[], Answer | NoAnswer]") -> Result[Json, CallFailure]:
        begun, failed = self.pace.steady(), 0
        while True:
            outcome = self._once(call)
            if not isinstance(outcome, Failure):
                return outcome
            failed += 1
            wait = self.patience.wait(failed, outcome.failure(), self.pace.chance())
            spent = self.pace.steady() - begun
            if wait is None or spent + wait > self.patience.total:
                return outcome
            self.pace.sleep(wait)

    def _once(self, call: "Callable[[], Answer | NoAnswer]") -> Result[Json, CallFailure]:
        wait = self.budget.wait()
        if wait > self.patience.own_count:
            return Failure(TooMany(timedelta(seconds=wait)))
        if wait > 0:
            self.pace.sleep(wait)
        self.budget.sent()
        answer = call()
        if isinstance(answer, NoAnswer):
            return Failure(answer)
        asked = self.budget.told(answer.status, answer.headers)
        outcome = understood(answer)
        if asked is None or not isinstance(outcome, Failure):
            return outcome
        return Failure(_waiting(outcome.failure(), asked))


def _waiting(failure: CallFailure, seconds: float) -> CallFailure:
    if isinstance(failure, TooMany):
        return evolve(failure, retry_after=min(timedelta(seconds=seconds), _LONGEST_ASKED))
    return failure


def query(parameters: Parameters) -> str:
    """Parameters of a URL; commas and colons stay as they are, which keeps long lists short."""
    from urllib.parse import urlencode

    return urlencode(parameters, safe=",:")


def connect(
    url: str,
    keys: Keys,
    limits: "TimeLimits",
    requests_a_minute: int,
    patience: Patience | None = None,
    pace: Pace = THIS_HOST,
) -> Connection:
    """A connection to a server; nothing is sent yet."""
    from alchemiser_alpaca.connection.client import Client

    patience = patience or Patience()
    budget = Budget(requests_a_minute, patience.longest_wait, pace)
    return Connection(Client(url, keys, limits, pace), budget, patience, pace)
