"""A fault plan: which fault strikes on which day at which call, as data to keep and to show."""

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from alchemiser_core.simulation.faults.kinds import FaultKind


def _sorted(faults: Iterable["Fault"]) -> tuple["Fault", ...]:
    return tuple(sorted(faults, key=lambda each: (each.day, each.kind.value, each.call)))


@frozen
class Fault:
    """One thing that goes wrong."""

    kind: FaultKind
    day: int = 0
    """From 0."""
    call: int = 1
    """At which operation of its kind on that day, from 1; later processes of the day count on."""
    times: int = 1
    """How many of these operations in a row it hits."""
    seconds: int = 0
    """How long it lasts, or how late something comes."""
    variant: int = 0
    """Chooses among the ways in which the kind can come, as the kind has them."""

    def __str__(self) -> str:
        extent = f", {self.times} times" if self.times > 1 else ""
        lasting = f", {self.seconds} s" if self.seconds else ""
        return (
            f"{self.kind} on day {self.day} at {self.kind.operation} {self.call}"
            f"{extent}{lasting}, variant {self.variant}"
        )


@frozen
class FaultPlan:
    """All faults of a simulation."""

    faults: tuple[Fault, ...] = field(default=(), converter=_sorted)
    seed: int = 0
    """From which it was drawn, and from which the market of the simulation is."""
    days: int = 1

    def by_day(self) -> Mapping[int, tuple[Fault, ...]]:
        """The faults of each day that has some."""
        found: dict[int, list[Fault]] = {}
        for fault in self.faults:
            found.setdefault(fault.day, []).append(fault)
        return {day: tuple(faults) for day, faults in found.items()}

    def without(self, fault: Fault) -> "FaultPlan":
        """The plan with one fault less, to find out which of them it takes."""
        return FaultPlan(tuple(each for each in self.faults if each != fault), self.seed, self.days)
