"""The clock of a broker on this machine, for an application that lives on the broker's date.

A simulated broker may stand in another year, and its time may go faster than the wall's or only
where somebody moves it. So its clock is read again and again, and in between time goes on at the
pace that was seen last. Where it does not answer, time goes on as on the wall, so that no wait
lasts for ever.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from attrs import define, field, frozen
from returns.result import Failure, Result

from alchemiser_core.domain.account import BrokerTime
from alchemiser_core.ports.broker import BrokerFailure
from alchemiser_core.ports.clock import Clock

FIRST_PAUSE = timedelta(milliseconds=100)
"""Between the two readings that tell the pace at first."""
SLICE = timedelta(seconds=1)
"""How long, on the wall, a wait may go without a look at the broker's clock where its pace is not
the wall's."""
STEADY_SLICE = timedelta(seconds=5)
"""The same where its pace is the wall's: requests are counted."""
_FASTEST = 86_400.0
_SAME_PACE = 0.02


class WokenClock(Clock, Protocol):
    """A clock whose waits somebody can end."""

    def woken(self) -> bool:
        """Whether somebody has."""
        ...


@frozen
class _Reading:
    """What the broker's clock said, and when on the wall."""

    wall: datetime
    broker: datetime


@define(eq=False)
class BrokerClock:
    """`Clock` of a broker; made by `broker_clock`. It never goes back."""

    read: Callable[[], Result[BrokerTime, BrokerFailure]]
    wall: WokenClock
    """The computer's clock."""
    _last: _Reading
    _pace: float = 1.0
    """Seconds of the broker's in a second on the wall."""
    _measured: float = 1.0
    """The pace between the last two readings: one leap of the clock is not a pace."""
    _slowest: float = 0.0
    """1 from an interruption on: what is ended then has to end, also where the clock stands."""
    _latest: datetime = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._latest = self._last.broker

    def now(self) -> datetime:
        """The broker's time, read or told from the last reading."""
        if self._is_old(SLICE if self._is_unlike_the_wall else 6 * STEADY_SLICE):
            self.look()
        return self._told()

    def wait_until(self, at: datetime) -> None:
        """Return at that time by the broker's clock, or when the wall's clock was woken; from then
        on no clock stands.

        Where the clock stands, return after about a second: only somebody else can go on then, and
        whoever waits may hear of it elsewhere.
        """
        if at.tzinfo is None:
            raise ValueError(f"{at.isoformat()} needs a time zone")
        waited = False
        while (left := at - self._told()) > timedelta(0) and not self._just_woken():
            if self._is_old(self._slice):
                self.look()
                if waited and self._pace <= 0:
                    return
                continue
            self.wall.wait_until(self.wall.now() + self._pause(left))
            waited = True

    def _just_woken(self) -> bool:
        """Whether the wall's clock was woken since the last time; true once."""
        if self._slowest or not self.wall.woken():
            return False
        self._slowest, self._pace = 1.0, max(self._pace, 1.0)
        return True

    def jumped(self) -> timedelta | None:
        """Never: a simulated clock is moved on purpose."""
        return None

    def look(self) -> None:
        """Read the broker's clock, and learn how fast it goes."""
        answer, wall = self.read(), self.wall.now()
        if isinstance(answer, Failure):
            self._last = _Reading(wall, self._told())
            self._pace = self._measured = 1.0
            return
        reading, passed = _Reading(wall, answer.unwrap().at), wall - self._last.wall
        if reading.broker < self._last.broker:
            # A clock that was set back must not hold up a cycle until it is there again. Its
            # difference to this one is found before the next cycle.
            self._last, self._pace = _Reading(wall, self._told()), self._pace or 1.0
            return
        if passed > timedelta(0):
            measured = max(0.0, (reading.broker - self._last.broker) / passed)
            pace = min(measured, self._measured, _FASTEST)
            self._pace, self._measured = max(pace, self._slowest), measured
        told = self._told()
        ahead = self._slowest > 0 and told > reading.broker
        self._last = _Reading(wall, told) if ahead else reading

    @property
    def _is_unlike_the_wall(self) -> bool:
        return abs(self._pace - 1) > _SAME_PACE or abs(self._measured - 1) > _SAME_PACE

    @property
    def _slice(self) -> timedelta:
        return SLICE if self._is_unlike_the_wall else STEADY_SLICE

    def _is_old(self, age: timedelta) -> bool:
        return self.wall.now() - self._last.wall >= age

    def _told(self) -> datetime:
        passed = (self.wall.now() - self._last.wall).total_seconds()
        told = self._last.broker + timedelta(seconds=passed * self._pace)
        self._latest = max(self._latest, told)
        return self._latest

    def _pause(self, left: timedelta) -> timedelta:
        """How long to sleep on the wall: no longer than until the next look."""
        fresh = self._slice - (self.wall.now() - self._last.wall)
        if self._pace <= 0:
            return fresh
        return min(fresh, left / self._pace)


def broker_clock(
    read: Callable[[], Result[BrokerTime, BrokerFailure]], wall: WokenClock
) -> Result[BrokerClock, BrokerFailure]:
    """A clock that goes by the broker's. Failure: the broker does not say its time."""
    first = read()
    if isinstance(first, Failure):
        return Failure(first.failure())
    start = _Reading(wall.now(), first.unwrap().at)
    return _paced(read, wall, start)


def _paced(
    read: Callable[[], Result[BrokerTime, BrokerFailure]], wall: WokenClock, start: _Reading
) -> Result[BrokerClock, BrokerFailure]:
    wall.wait_until(start.wall + FIRST_PAUSE)
    second, at = read(), wall.now()
    return second.map(lambda time: _clock(read, wall, start, _Reading(at, time.at)))


def _clock(
    read: Callable[[], Result[BrokerTime, BrokerFailure]],
    wall: WokenClock,
    start: _Reading,
    second: _Reading,
) -> BrokerClock:
    passed = second.wall - start.wall
    pace = (second.broker - start.broker) / passed if passed > timedelta(0) else 1.0
    pace = min(max(0.0, pace), _FASTEST)
    return BrokerClock(read, wall, second, pace, pace)
