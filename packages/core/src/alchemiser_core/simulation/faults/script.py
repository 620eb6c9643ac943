"""The script of a day: counts the operations of a program and says which faults are due at each.

It outlives the processes of the day, so that a program that was killed and started again does not
meet the same fault a second time.
"""

from collections import Counter
from datetime import datetime, timedelta

from attrs import define, field

from alchemiser_core.simulation.faults.kinds import FaultKind, Operation
from alchemiser_core.simulation.faults.plan import Fault, FaultPlan
from alchemiser_core.simulation.faults.tape import Tape
from alchemiser_core.simulation.virtual_clock import VirtualClock


@define
class FaultScript:
    """What goes wrong when, and what still does."""

    plan: FaultPlan
    clock: VirtualClock
    tape: Tape
    counted: Counter[Operation] = field(factory=Counter)
    """Operations of the running day."""
    before: list[Counter[Operation]] = field(factory=list)
    """Those of the days that are over, the nights between them left out."""
    lasting: dict[FaultKind, tuple[Fault, datetime]] = field(factory=dict)
    """Faults that go on for a while, with their ends."""
    is_quiet: bool = False
    """No fault strikes any more."""
    _today: dict[Operation, tuple[Fault, ...]] = field(factory=dict)

    def begin(self, day: int) -> None:
        """A new day: operations are counted anew and what lasted is over."""
        faults = [] if self.is_quiet else [f for f in self.plan.faults if f.day == day]
        self._today = {}
        for fault in faults:
            operation = fault.kind.operation
            self._today[operation] = (*self._today.get(operation, ()), fault)
        if self.counted:
            self.before.append(self.counted)
        self.counted = Counter()
        self.lasting.clear()

    def silence(self) -> None:
        """Nothing goes wrong from here on."""
        self.is_quiet = True
        self._today = {}
        self.lasting.clear()

    def due(self, operation: Operation) -> tuple[Fault, ...]:
        """Count one operation; the faults that strike at it."""
        self.counted[operation] += 1
        planned = self._today.get(operation)
        if not planned:
            return ()
        number = self.counted[operation]
        return tuple(f for f in planned if f.call <= number < f.call + f.times)

    def last(self, fault: Fault, *, seconds: int | None = None) -> None:
        """The fault goes on, for its seconds, or to the end of the day where it has none."""
        length = fault.seconds if seconds is None else seconds
        end = self.clock.now() + (timedelta(seconds=length) if length else timedelta(days=1))
        self.lasting[fault.kind] = (fault, end)

    def still(self, kind: FaultKind) -> Fault | None:
        """The fault of a kind that goes on now."""
        if kind not in self.lasting:
            return None
        fault, end = self.lasting[kind]
        if self.clock.now() < end:
            return fault
        del self.lasting[kind]
        return None
