"""The clock of a program that waits for days: it follows the computer's time when that is set."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from typing import Protocol

from alchemiser_core.ports.clock import Clock

SLICE = timedelta(seconds=1)
"""How often what is left of a wait is shown."""

Show = Callable[[timedelta], None]
"""Is told what is left of a wait."""


def _unseen(left: timedelta) -> None:
    """Nobody looks on."""


@contextmanager
def no_countdown() -> Iterator[Show]:
    """Shows nothing."""
    yield _unseen


class NoticesJumps(Clock, Protocol):
    """A clock that tells when somebody has set it."""

    def jumped(self) -> timedelta | None:
        """By how much it was set; `None` where it was not."""
        ...


class WaitingClock:
    """`Clock` for the waits between cycles.

    Within a cycle a clock that is set is a fault, see `SystemClock`; between two cycles it is most
    often a correction, and the next slot is to be met by the corrected time. So this clock may go
    back. What was traded is not traded again, whatever it says.
    """

    def __init__(
        self,
        started: Callable[[], NoticesJumps],
        stopped: Callable[[], bool],
        countdown: Callable[[], AbstractContextManager[Show]] = no_countdown,
    ) -> None:
        """`started` makes a clock that takes up the time as it is; `stopped` ends a wait."""
        self._started = started
        self._stopped = stopped
        self._countdown = countdown
        self._clock = started()

    def now(self) -> datetime:
        """The time in UTC, by the computer's clock as it is set now."""
        if self._clock.jumped() is not None:
            self._clock = self._started()
        return self._clock.now()

    def wait_until(self, at: datetime) -> None:
        """Return at that time, or when stopped."""
        with self._countdown() as show:
            while not self._stopped():
                now = self.now()
                if now >= at:
                    return
                show(at - now)
                self._clock.wait_until(min(at, now + SLICE))
