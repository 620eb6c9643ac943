"""Counts credits by minutes of a clock and by days of UTC, as the vendor does."""

from datetime import datetime

from attrs import define, field


@define(eq=False)
class Meter:
    """What was used in the minute and on the day of the last request."""

    used: int = field(default=0, init=False)
    used_today: int = field(default=0, init=False)
    _minute: datetime | None = field(default=None, init=False)

    def take(self, credits: int, now: datetime) -> None:
        """Count a request; one that will be refused counts too."""
        minute = now.replace(second=0, microsecond=0)
        if minute != self._minute:
            if self._minute is None or minute.date() != self._minute.date():
                self.used_today = 0
            self._minute, self.used = minute, 0
        self.used += credits
        self.used_today += credits
