"""A violation: something that must hold whatever happens, and did not."""

from enum import StrEnum

from attrs import frozen


class Invariant(StrEnum):
    """What must hold."""

    NO_DUPLICATE = "G1 no duplicate intent"
    BOUNDED = "G2 bounded exposure"
    WRITE_AHEAD = "G3 write-ahead"
    CONVERGENCE = "G4 convergence"
    NO_GUESS = "G5 no guess"
    NO_SILENCE = "G6 no silence"
    DETERMINISM = "G8 determinism"
    STOPPED = "nothing is sent after a stop"
    BOUNDED_TIME = "every cycle ends in bounded time"


@frozen
class Violation:
    """One violation, with what led to it, in order, in words."""

    invariant: Invariant
    what: str
    story: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "\n".join(
            (f"{self.invariant}: {self.what}", *(f"    {line}" for line in self.story))
        )
