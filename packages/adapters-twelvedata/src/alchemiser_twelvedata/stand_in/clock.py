"""The stand-in's own time: the computer's, or one that is set and stands."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from attrs import define, field


def _system() -> datetime:
    return datetime.now(UTC)


@define(eq=False)
class StandInClock:
    """Says what time it is there."""

    source: Callable[[], datetime] = field(default=_system)
    """Gives aware times."""
    _at: datetime | None = field(default=None, init=False)

    def now(self) -> datetime:
        """The time, in UTC."""
        return (self._at or self.source()).astimezone(UTC)

    def set(self, at: datetime) -> None:
        """From now on it is this time, until it is set or advanced again."""
        self._at = at

    def advance(self, by: timedelta) -> None:
        """It is so much later, and stands."""
        self._at = self.now() + by
