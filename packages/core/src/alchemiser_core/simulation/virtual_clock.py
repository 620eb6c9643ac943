"""The virtual clock: time that passes only where somebody waits for it, and then at once."""

from datetime import UTC, datetime, timedelta


def _in_utc(at: datetime) -> datetime:
    """The same moment in UTC, where adding an hour adds an hour in every night of the year."""
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} needs a time zone")
    return at.astimezone(UTC)


class VirtualClock:
    """A clock that never goes back; waiting moves it, and nothing sleeps."""

    def __init__(self, start: datetime) -> None:
        """Stands at `start`, which needs a zone."""
        self._now = _in_utc(start)

    def now(self) -> datetime:
        """The time it stands at, in UTC."""
        return self._now

    def wait_until(self, at: datetime) -> None:
        """It is that time, or stays what it is where that is later."""
        self._now = max(self._now, _in_utc(at))

    def advance(self, by: timedelta) -> None:
        """Let time pass; `ValueError` where `by` is below zero."""
        if by < timedelta(0):
            raise ValueError(f"a clock does not go back by {-by}")
        self._now += by
