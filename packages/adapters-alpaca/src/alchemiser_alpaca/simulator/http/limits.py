"""The two rate limits of the API, trading and data apart, and what is answered beyond them."""

import time
from collections.abc import Callable, Mapping

from attrs import define, field

from alchemiser_alpaca.simulator.http.answers import Answer, error_answer
from alchemiser_alpaca.simulator.http.budget import Allowance, Budget


def is_data(path: str) -> bool:
    """Whether a path is of the market-data API, which has a budget and errors of its own."""
    return path.startswith(("/v2/stocks", "/v1/"))


def too_many(of_data: bool) -> Answer:
    """The answer to one request too many."""
    if of_data:
        return error_answer(429, None, "too many requests.")
    return error_answer(429, 42910000, "rate limit exceeded")


@define
class Limits:
    """Both budgets, of the same size."""

    a_minute: int
    """Requests a minute; 0 for no limit."""
    tells_retry_after: bool = False
    """Whether a refusal says `Retry-After` too."""
    steady: Callable[[], float] = time.monotonic
    _trading: Budget = field(init=False)
    _data: Budget = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._trading = Budget(self.a_minute, self.steady)
        self._data = Budget(self.a_minute, self.steady)

    def take(self, path: str) -> Allowance:
        """Ask for one request to that path."""
        return (self._data if is_data(path) else self._trading).take()

    def headers(self, allowance: Allowance, now: float) -> Mapping[str, str]:
        """What an answer tells of the budget; `now` in seconds of the epoch."""
        if not allowance.limit:
            return {}
        told = dict(allowance.headers(now))
        if not allowance.allowed and self.tells_retry_after:
            told["Retry-After"] = str(int(allowance.next_in) + 1)
        return told
