"""What can be wrong with a clock: far from the broker's, or it jumped while the program ran."""

from datetime import datetime, timedelta

from attrs import frozen

from alchemiser_core.domain.problem import Problem

_ANOTHER_DATE = timedelta(days=2)
"""So far apart it is not the clock that is wrong: the broker lives at another date."""


@frozen
class ClockSkew:
    """Own clock and broker's are further apart than allowed."""

    own: datetime
    broker: datetime
    limit: timedelta

    @property
    def _hint(self) -> str:
        if abs(self.ahead) < _ANOTHER_DATE:
            return "set the clock, and keep it right with a time service"
        return 'set the clock; for a simulator with a date of its own, trading.clock = "broker"'

    @property
    def ahead(self) -> timedelta:
        """By how much the own clock is ahead of the broker's; negative where it is behind."""
        return self.own - self.broker

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the difference, and the limit."""
        side = "ahead of" if self.ahead > timedelta(0) else "behind"
        return (
            Problem(
                code="clock-skew",
                what=f"this computer's clock is {_seconds(abs(self.ahead))} {side} the broker's",
                why=f"more than {_seconds(self.limit)} apart, no time can be trusted",
                hint=self._hint,
            ),
        )


@frozen
class ClockJumped:
    """The computer's clock was set while the program ran."""

    by: timedelta
    """Negative where it was set back."""

    def problems(self) -> tuple[Problem, ...]:
        """One problem: by how much it jumped."""
        way = "forward" if self.by > timedelta(0) else "back"
        return (
            Problem(
                code="clock-jumped",
                what=f"this computer's clock jumped {way} by {_seconds(abs(self.by))}",
                why="it may be wrong now, or have been wrong before",
                hint="keep it right with a time service, and start again",
            ),
        )


ClockFault = ClockSkew | ClockJumped


def clock_faults(
    own: datetime, broker: datetime, limit: timedelta, jumped: timedelta | None = None
) -> tuple[ClockFault, ...]:
    """All that speaks against the own clock; nothing is sent while there is any.

    `own` and `broker` are of the same moment, as far as the connection allows. `limit` is the
    largest difference allowed. `jumped`: by how much the clock jumped, where it did.
    """
    faults: list[ClockFault] = []
    if abs(own - broker) > limit:
        faults.append(ClockSkew(own, broker, limit))
    if jumped is not None:
        faults.append(ClockJumped(jumped))
    return tuple(faults)


def jump(
    wall_passed: timedelta, steady_passed: timedelta, tolerance: timedelta
) -> timedelta | None:
    """By how much a wall clock was set between two readings; `None` within the tolerance.

    `wall_passed` and `steady_passed` are what went by between the two on the wall clock and on one
    that nobody can set.
    """
    by = wall_passed - steady_passed
    return by if abs(by) > tolerance else None


def _seconds(duration: timedelta) -> str:
    if duration >= _ANOTHER_DATE:
        return f"{duration.days} days"
    return f"{duration.total_seconds():g} s"
