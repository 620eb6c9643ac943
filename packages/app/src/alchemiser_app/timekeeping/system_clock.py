"""The system's clock, held against one that nobody can set, and waits that can be woken.

The time of day is the computer's while that moves as steadily as its uptime does. From the moment
at which somebody sets it by more than a tolerance, time goes on by the uptime alone, so that no
deadline is missed or comes early, and `jumped` tells by how much the two are apart. The program is
then better started again, which takes up the time of day as it is.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from attrs import frozen

from alchemiser_core.domain.schedule import jump

TOLERANCE = timedelta(seconds=2)
"""What a time service may correct at once."""

SLICE = timedelta(seconds=1)
"""How long a wait may go without a look at whether it is still meant."""


def _uptime() -> float:
    """Seconds that nobody can set; where the system has such a clock, sleep of the host counts."""
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):
        clock: int | None = getattr(time, name, None)
        if clock is not None:
            return time.clock_gettime(clock)
    return time.monotonic()


@frozen
class HostTime:
    """What the computer offers."""

    wall: Callable[[], datetime]
    """The time of day, aware; anybody may set it."""
    steady: Callable[[], float]
    """Seconds since some moment; nobody can set it."""
    sleep: Callable[[float], None]
    """Waits so many seconds."""


THIS_HOST = HostTime(wall=lambda: datetime.now(UTC), steady=_uptime, sleep=time.sleep)


def never() -> bool:
    """Nothing wakes a wait."""
    return False


class SystemClock:
    """`Clock` of the computer."""

    def __init__(
        self,
        wake: Callable[[], bool] = never,
        host: HostTime = THIS_HOST,
        tolerance: timedelta = TOLERANCE,
    ) -> None:
        """`wake` is asked all the while a wait lasts; the wait ends early when it becomes true."""
        self._wake = wake
        self._woken = False
        self._host = host
        self._tolerance = tolerance
        self._agreed = host.wall().astimezone(UTC), host.steady()
        self._latest = self._agreed[0]

    def now(self) -> datetime:
        """The time in UTC; never before what it was the last time."""
        wall, steady, own = self._read()
        if self._jump(wall, steady) is None:
            self._agreed = wall, steady
            own = wall
        self._latest = max(self._latest, own)
        return self._latest

    def jumped(self) -> timedelta | None:
        """By how much the time of day is off from where it would be had nobody set it.

        `None` within the tolerance, and again when it has been set back to where it was.
        """
        wall, steady, _ = self._read()
        return self._jump(wall, steady)

    def wait_until(self, at: datetime) -> None:
        """Return at that time; once earlier, when what wakes has become true.

        Only once: who goes on waiting while it stays true is not woken again, or a loop that polls
        would do so without a pause.
        """
        if at.tzinfo is None:
            raise ValueError(f"{at.isoformat()} needs a time zone")
        while not self._just_woken():
            left = at - self.now()
            if left <= timedelta(0):
                return
            self._host.sleep(min(left, SLICE).total_seconds())

    def woken(self) -> bool:
        """Whether what wakes a wait is true now."""
        return self._wake()

    def _just_woken(self) -> bool:
        before, self._woken = self._woken, self._wake()
        return self._woken and not before

    def _read(self) -> tuple[datetime, float, datetime]:
        """Time of day, uptime, and the time by the uptime since both last agreed."""
        wall, steady = self._host.wall().astimezone(UTC), self._host.steady()
        at, then = self._agreed
        return wall, steady, at + timedelta(seconds=steady - then)

    def _jump(self, wall: datetime, steady: float) -> timedelta | None:
        at, then = self._agreed
        return jump(wall - at, timedelta(seconds=steady - then), self._tolerance)
