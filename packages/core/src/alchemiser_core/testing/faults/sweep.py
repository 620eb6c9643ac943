"""Sweeps: many seeded fault schedules of the trading cycle, one after another, and their tally."""

from collections import Counter
from collections.abc import Iterable

from attrs import field, frozen

from alchemiser_core.simulation.faults import FaultKind, schedule
from alchemiser_core.testing.faults.harness import Outcome, run
from alchemiser_core.testing.faults.trading import Trading
from alchemiser_core.testing.faults.violation import Invariant, Violation

DAYS = 30
_REPEATED = 20
"""One schedule in so many is run twice, which must end in the same journal."""


@frozen
class Failed:
    """A seed whose schedule broke something that must hold."""

    seed: int
    days: int
    violations: tuple[Violation, ...]

    def __str__(self) -> str:
        first = "; ".join(f"{v.invariant}: {v.what}" for v in self.violations[:3])
        return f"seed {self.seed}, {self.days} days: {first}"


@frozen
class Tally:
    """What came of some schedules."""

    schedules: int = 0
    days: int = 0
    processes: int = 0
    orders: int = 0
    fired: Counter[FaultKind] = field(factory=Counter)
    """How often each kind of fault took effect."""
    failed: tuple[Failed, ...] = ()

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.schedules + other.schedules,
            self.days + other.days,
            self.processes + other.processes,
            self.orders + other.orders,
            self.fired + other.fired,
            (*self.failed, *other.failed),
        )

    @property
    def never_fired(self) -> tuple[FaultKind, ...]:
        """Kinds of faults that never took effect: the sweep proves nothing about them."""
        return tuple(kind for kind in FaultKind if not self.fired[kind])


def replay(seed: int, days: int = DAYS) -> Outcome:
    """The schedule of one seed."""
    return run(schedule(seed, days), Trading)


def sweep(seeds: Iterable[int], days: int = DAYS) -> Tally:
    """Run the schedule of every seed; the stories of those that fail are kept."""
    tally = Tally()
    for seed in seeds:
        outcome = replay(seed, days)
        violations = outcome.violations
        if seed % _REPEATED == 0 and replay(seed, days).digest != outcome.digest:
            what = f"two runs of seed {seed} ended in different journals"
            violations = (*violations, Violation(Invariant.DETERMINISM, what))
        failed = (Failed(seed, days, violations),) if violations else ()
        tally += Tally(1, days, outcome.processes, outcome.orders, outcome.fired, failed)
    return tally
