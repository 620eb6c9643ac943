"""The budget of requests: how many may be sent in a minute, by our own count and by the server's.

Trading and market data are counted apart, so each has a budget of its own.
"""

from collections import deque
from collections.abc import Mapping

from attrs import define, field

from alchemiser_alpaca.connection.pace import Pace
from alchemiser_alpaca.connection.waiting import asked_to_wait, count_of

_MINUTE = 60.0


@define(eq=False)
class Budget:
    """What was sent in the last minute, and until when the server wants nothing more."""

    a_minute: int
    """Requests, positive."""
    longest_block: float
    """Seconds for which the server's word alone can hold requests back."""
    pace: Pace
    _sent: deque[float] = field(factory=deque, init=False)
    _blocked_until: float = field(default=float("-inf"), init=False)
    _allowed: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._allowed = self.a_minute

    def wait(self) -> float:
        """Seconds until a request may be sent; 0 where it may be at once."""
        now = self.pace.steady()
        while self._sent and self._sent[0] <= now - _MINUTE:
            self._sent.popleft()
        free = now
        if len(self._sent) >= self._allowed:
            free = self._sent[len(self._sent) - self._allowed] + _MINUTE
        return max(free, self._blocked_until, now) - now

    def sent(self) -> None:
        """A request goes out now."""
        self._sent.append(self.pace.steady())

    def told(self, status: int, headers: Mapping[str, str]) -> float | None:
        """Take in what the server says of its own count; the seconds that it asks to wait."""
        limit, remaining = (count_of(headers, f"x-ratelimit-{n}") for n in ("limit", "remaining"))
        if limit:
            self._allowed = min(self.a_minute, limit)
        asked = asked_to_wait(headers, self.pace.wall())
        if status == 429 or remaining == 0:
            block = _MINUTE / self._allowed if asked is None else asked
            until = self.pace.steady() + min(block, self.longest_block)
            self._blocked_until = max(self._blocked_until, until)
        return asked
