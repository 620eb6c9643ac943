"""The clock port: the only way in which anything in the core learns the time, or waits."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Aware time that never goes back while the program runs.

    The two methods cannot fail, so they return no Result.
    """

    def now(self) -> datetime:
        """The time, with its zone."""
        ...

    def wait_until(self, at: datetime) -> None:
        """Return at that time or earlier, where something else wakes the wait; at once where it has
        passed.
        """
        ...
