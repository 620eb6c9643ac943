"""The rate limit: a bucket that refills all the time, and the headers that tell of it."""

import time
from collections.abc import Callable, Mapping

from attrs import define, field, frozen

MINUTE = 60.0


@frozen
class Allowance:
    """What the bucket said to one request."""

    allowed: bool
    limit: int
    remaining: int
    full_in: float
    """Real seconds until the bucket is full again: what the vendor calls its reset."""
    next_in: float
    """Real seconds until one more request is allowed; 0 where it is already."""

    def headers(self, now: float) -> Mapping[str, str]:
        """The three headers that every answer carries; `now` in seconds of the epoch."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(int(now + self.full_in) + 1),
        }


@define
class Budget:
    """Requests a minute; each that is allowed takes one, and time puts them back one by one.

    It counts real seconds at whatever speed the simulator's clock runs, since a client waits real
    seconds.
    """

    limit: int
    """Requests a minute; 0 for no limit."""
    steady: Callable[[], float] = time.monotonic
    _level: float = field(init=False)
    _mark: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._level, self._mark = float(self.limit), self.steady()

    def take(self) -> Allowance:
        """Ask for one request."""
        if self.limit == 0:
            return Allowance(True, 0, 0, 0.0, 0.0)
        now = self.steady()
        self._level = min(self.limit, self._level + (now - self._mark) * self.limit / MINUTE)
        self._mark = now
        allowed = self._level >= 1
        if allowed:
            self._level -= 1
        each = MINUTE / self.limit
        return Allowance(
            allowed=allowed,
            limit=self.limit,
            remaining=int(self._level),
            full_in=(self.limit - self._level) * each,
            next_in=max(0.0, 1 - self._level) * each,
        )
