"""The budget of credits, counted as the vendor counts it: by minutes of the clock, and by days.

One symbol costs one credit, however it is asked for. The vendor says in headers what it has
counted itself, which holds what other programs with the same key have used; there is no
`Retry-After`. Where its `Date` differs from the computer's clock, minutes are counted by that.
"""

import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

from attrs import define, field

from alchemiser_twelvedata.connection.pace import Pace

_MINUTE, _DAY = 60, 86_400
_MARGIN = 1.0
"""Seconds into the next minute before anything is sent: headers tell the time by the second."""
_SPREAD = 2.0
"""Seconds over which programs with the same key are spread, or the same one would always be first
and leave nothing for the other.
"""
_COUNT = re.compile(r"\s*([0-9]{1,9})\s*")
_SAME_CLOCK = 2.0
"""Seconds by which a header's time may be outside of those of the request only because it is cut to
the second."""


@define(eq=False)
class Credits:
    """What may be spent now."""

    a_minute: int
    """Of the plan, positive."""
    a_day: int
    """Of the plan; 0 where there is no such limit. Only what this process spends is counted."""
    pace: Pace
    _used: int = field(default=0, init=False)
    _used_today: int = field(default=0, init=False)
    _minute: int = field(default=-1, init=False)
    _day: int = field(default=-1, init=False)
    _ahead: float = field(default=0.0, init=False)
    """Seconds by which the vendor's clock is ahead of the computer's."""
    _sent_at: float = field(default=0.0, init=False)
    """When the last request went out, by the computer's clock."""
    allowed: int = field(init=False)
    """Credits a minute; fewer than `a_minute` where the vendor says so."""

    def __attrs_post_init__(self) -> None:
        self.allowed = self.a_minute

    def free(self) -> int:
        """Credits that may still be spent in this minute and on this day."""
        self._turn()
        free = self.allowed - self._used
        return max(0, free if not self.a_day else min(free, self.a_day - self._used_today))

    def has_today(self, credits: int) -> bool:
        """Whether so many are left of the day."""
        self._turn()
        return not self.a_day or self._used_today + credits <= self.a_day

    def wait(self) -> float:
        """Seconds until the next minute has surely begun at the vendor's."""
        spread = _MARGIN + _SPREAD * self.pace.chance()
        return _MINUTE - self._now() % _MINUTE + spread

    def spent(self, credits: int) -> int:
        """A request goes out now; the minute in which it does."""
        self._turn()
        self._sent_at = self.pace.wall()
        self._used += credits
        self._used_today += credits
        return self._minute

    def told(self, headers: Mapping[str, str], sent_in: int) -> None:
        """Take in what the vendor says, unless it is of a minute that has passed."""
        self._hold_clock_against(headers.get("date", ""))
        self._turn()
        left = _COUNT.fullmatch(headers.get("api-credits-left", ""))
        if left is not None and sent_in == self._minute:
            self._used = max(self._used, self.allowed - int(left[1]))

    def refused(self, limit: int | None) -> None:
        """The vendor says that nothing is left in this minute."""
        if limit:
            self.allowed = min(self.a_minute, limit)
        self._turn()
        self._used = max(self._used, self.allowed)

    def _now(self) -> float:
        return self.pace.wall() + self._ahead

    def _turn(self) -> None:
        """Begin to count anew in a new minute, and on a new day, which is one of UTC."""
        minute, day = int(self._now() // _MINUTE), int(self._now() // _DAY)
        if minute != self._minute:
            self._minute, self._used = minute, 0
        if day != self._day:
            self._day, self._used_today = day, 0

    def _hold_clock_against(self, told: str) -> None:
        """A time between request and answer is no difference, however long the answer took."""
        try:
            there = parsedate_to_datetime(told)
            at = (there if there.tzinfo else there.replace(tzinfo=UTC)).timestamp()
        except (TypeError, ValueError, OverflowError, IndexError):
            return
        sent, received = self._sent_at - _SAME_CLOCK, self.pace.wall() + _SAME_CLOCK
        self._ahead = 0.0 if sent <= at <= received else at - self.pace.wall()
