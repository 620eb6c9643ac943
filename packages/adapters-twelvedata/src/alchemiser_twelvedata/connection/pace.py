"""Time and chance as the connection needs them, given from outside so that tests take no time."""

import random
import time
from collections.abc import Callable

from attrs import frozen

_CHANCE = random.SystemRandom()


@frozen(eq=False)
class Pace:
    """What the computer offers."""

    steady: Callable[[], float]
    """Seconds since some moment; nobody can set it."""
    wall: Callable[[], float]
    """Seconds since 1970, as the computer's clock says."""
    sleep: Callable[[float], None]
    """Waits so many seconds."""
    chance: Callable[[], float]
    """A number from 0 to 1, by which repeated calls of many programs are spread."""


THIS_HOST = Pace(time.monotonic, time.time, time.sleep, _CHANCE.random)
