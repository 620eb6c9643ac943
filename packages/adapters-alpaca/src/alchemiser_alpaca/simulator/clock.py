"""The simulator's clock: real, faster than real, or standing until it is stepped."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class TimeGoesBackError(ValueError):
    """A clock was asked to show an earlier time than it does."""


class SimulatorClock:
    """Aware UTC time that never goes back. Every thread may use it.

    A speed of 1 is real time, 60 lets a minute pass in a second, 0 stands still.
    """

    def __init__(
        self,
        start: datetime,
        speed: float = 1.0,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        """`steady` gives real seconds since any fixed moment."""
        if start.tzinfo is None:
            raise ValueError("the time at which a clock starts needs a time zone")
        self._lock = threading.Lock()
        self._steady = steady
        self._shown = start.astimezone(UTC)
        self._mark = steady()
        self._speed = _checked(speed)
        self.moved: list[Callable[[], None]] = []
        """Called after somebody has moved the time or changed the speed."""

    @property
    def speed(self) -> float:
        """Seconds that pass here in a real second."""
        return self._speed

    @property
    def stands(self) -> bool:
        """Whether time passes only where somebody moves it."""
        return self._speed == 0

    def now(self) -> datetime:
        """The time, in UTC."""
        with self._lock:
            return self._now()

    def set_speed(self, speed: float) -> None:
        """From now on time passes at this speed; `ValueError` below 0 or beyond a day a second."""
        with self._lock:
            self._shown, self._mark = self._now(), self._steady()
            self._speed = _checked(speed)
        self._tell()

    def advance_to(self, moment: datetime) -> None:
        """Show `moment` at once, and go on from there; `TimeGoesBackError` where it has passed."""
        with self._lock:
            now = self._now()
            if moment < now:
                raise TimeGoesBackError(f"{moment.isoformat()} is before {now.isoformat()}")
            self._shown, self._mark = moment.astimezone(UTC), self._steady()
        self._tell()

    def advance(self, by: timedelta) -> None:
        """Show a time later by so much, and go on from there."""
        if by < timedelta(0):
            raise TimeGoesBackError(f"{by} is negative")
        with self._lock:
            self._shown, self._mark = self._now() + by, self._steady()
        self._tell()

    def real_seconds_until(self, moment: datetime) -> float | None:
        """Real seconds until `moment` at this speed, 0 where it has passed; `None` for never."""
        with self._lock:
            left = (moment - self._now()).total_seconds()
            if left <= 0:
                return 0.0
            return None if self._speed == 0 else left / self._speed

    def _tell(self) -> None:
        for each in self.moved:
            each()

    def _now(self) -> datetime:
        passed = max(0.0, self._steady() - self._mark) * self._speed
        return self._shown + timedelta(seconds=passed)


_A_DAY_A_SECOND = 86_400.0


def _checked(speed: float) -> float:
    if not 0 <= speed <= _A_DAY_A_SECOND:
        raise ValueError(f"a speed is between 0 and {_A_DAY_A_SECOND:.0f}, not {speed}")
    return float(speed)
