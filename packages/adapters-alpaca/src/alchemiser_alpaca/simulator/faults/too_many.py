"""The fault of a rate limit that is used up, with the headers that clients may meet."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

from attrs import define, field, frozen

from alchemiser_alpaca.simulator.faults.fault import Go, Stage, WireFault
from alchemiser_alpaca.simulator.http.answers import Answer
from alchemiser_alpaca.simulator.http.calls import Call
from alchemiser_alpaca.simulator.http.limits import is_data, too_many
from alchemiser_core.config import must_be

_SECONDS = must_be("0 or more seconds", lambda value: value >= 0)


class Which(StrEnum):
    """Which requests are one too many."""

    ALL = "all"
    READS = "reads"
    POSTS = "posts"


class Variant(StrEnum):
    """What the headers say of the end."""

    NORMAL = "normal"
    NONE = "none"
    PAST = "past"
    HOUR_AHEAD = "hour_ahead"


@define
class _Storm:
    began: float | None = None


@frozen(kw_only=True)
class RateLimited(WireFault):
    """429 for a while, whatever the budget says."""

    kind: ClassVar[str] = "rate_limited"
    usual_times: ClassVar[int] = 0

    seconds: float = field(default=180.0, validator=_SECONDS)
    """Real seconds from the first request that is refused."""
    which: Which = Which.ALL
    headers: Variant = Variant.NORMAL
    _storm: _Storm = field(init=False, factory=_Storm, eq=False, repr=False)

    async def around(self, call: Call, go: Go, stage: Stage) -> Answer:
        """429 while it lasts."""
        if not self._strikes(call):
            return await go()
        now = stage.steady()
        if self._storm.began is None:
            self._storm.began = now
        left = self._storm.began + self.seconds - now
        if left <= 0:
            return await go()
        told = self._told(stage.now().timestamp(), left)
        return too_many(is_data(call.path)).with_headers(told)

    def _strikes(self, call: Call) -> bool:
        match self.which:
            case Which.ALL:
                return True
            case Which.READS:
                return call.method == "GET"
            case Which.POSTS:
                return call.method == "POST"

    def _told(self, now: float, left: float) -> Mapping[str, str]:
        match self.headers:
            case Variant.NONE:
                return {}
            case Variant.NORMAL:
                reset = now + left
            case Variant.PAST:
                reset = now - 60
            case Variant.HOUR_AHEAD:
                reset = now + 3600
        return {
            "X-RateLimit-Limit": "200",
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": str(int(reset) + 1),
        }
