"""What becomes of any call of a broker: outages, storms, hangs, and the end of the process."""

from datetime import timedelta

from attrs import define, field, frozen

from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.broker import BrokerFailure, BrokerUnavailable, Unauthorised
from alchemiser_core.simulation.faults.killed import ProcessKilled
from alchemiser_core.simulation.faults.kinds import FaultKind, Operation
from alchemiser_core.simulation.faults.plan import Fault
from alchemiser_core.simulation.faults.script import FaultScript
from alchemiser_core.simulation.virtual_clock import VirtualClock

READ_PATIENCE = timedelta(seconds=20)
"""For how long the reads of a real adapter are repeated before they fail."""
HANG = timedelta(seconds=30)
"""After which a call that hangs is given up, unless the fault says otherwise."""

_LASTING = (
    FaultKind.THROTTLED_ALL,
    FaultKind.THROTTLED_READS,
    FaultKind.UNAUTHORISED,
    FaultKind.BROKER_DOWN,
    FaultKind.CLOSED_EARLY,
)


@frozen
class Call:
    """One call on its way."""

    operation: Operation
    killed_after: bool = False
    hangs: Fault | None = None
    thrown_after: Fault | None = None
    """The kill switch that is thrown when the call is over."""


@define
class Calls:
    """Counts the calls of a broker and says what becomes of them."""

    script: FaultScript
    clock: VirtualClock
    _felt: set[Fault] = field(factory=set, init=False)

    def begin(self, operation: Operation) -> Call:
        """A call leaves the program, unless the process is killed before."""
        due = {fault.kind: fault for fault in self.script.due(Operation.CALL)}
        if not due:
            return Call(operation)
        if FaultKind.KILLED_BEFORE_CALL in due:
            self.script.tape.struck(FaultKind.KILLED_BEFORE_CALL, operation)
            raise ProcessKilled(f"before: {operation}")
        if FaultKind.CLOCK_LEAPS in due:
            leap = due[FaultKind.CLOCK_LEAPS]
            self.script.tape.struck(leap.kind, f"{leap.seconds} s")
            self.clock.advance(timedelta(seconds=leap.seconds))
        for kind in _LASTING:
            if kind in due:
                self.script.last(due[kind])
        return Call(
            operation,
            FaultKind.KILLED_AFTER_CALL in due,
            due.get(FaultKind.HANGS),
            due.get(FaultKind.KILL_SWITCH),
        )

    def end(self, call: Call) -> None:
        """The answer is on its way back, unless the process is killed before it is there."""
        if call.thrown_after is not None:
            self.script.tape.struck(FaultKind.KILL_SWITCH)
            self.script.last(call.thrown_after, seconds=0)
        if call.killed_after:
            self.script.tape.struck(FaultKind.KILLED_AFTER_CALL, call.operation)
            raise ProcessKilled(f"after: {call.operation}")

    def hang(self, fault: Fault) -> None:
        """Time passes until the call is given up."""
        self.script.tape.struck(FaultKind.HANGS, f"{fault.seconds} s")
        self.clock.advance(timedelta(seconds=fault.seconds) if fault.seconds else HANG)

    def lasting(self, kind: FaultKind) -> Fault | None:
        """The fault of the kind that goes on now; counted once, when it is first felt."""
        fault = self.script.still(kind)
        if fault is not None and fault not in self._felt:
            self._felt.add(fault)
            self.script.tape.struck(kind)
        return fault

    def read_failure(self, call: Call, due: tuple[Fault, ...]) -> BrokerFailure | None:
        """Why a read has no answer; `None` where it has one."""
        if call.hangs is not None:
            self.hang(call.hangs)
            return unavailable("no answer in time")
        if self.lasting(FaultKind.UNAUTHORISED):
            return Unauthorised("the key is not valid")
        if self.lasting(FaultKind.BROKER_DOWN):
            self.clock.advance(timedelta(seconds=1))
            return unavailable("the connection was refused")
        if self.lasting(FaultKind.THROTTLED_ALL) or self.lasting(FaultKind.THROTTLED_READS):
            self.clock.advance(READ_PATIENCE)
            return unavailable("too many requests")
        for fault in due:
            if fault.kind in _FAILING:
                self.script.tape.struck(fault.kind)
                return unavailable("an error of the server")
        return None


_FAILING = frozenset(
    {
        FaultKind.POSITIONS_FAIL,
        FaultKind.ACCOUNT_FAILS,
        FaultKind.ORDERS_FAIL,
        FaultKind.ACTIVITIES_FAIL,
        FaultKind.INSTRUMENTS_FAIL,
    }
)


def unavailable(why: str) -> BrokerUnavailable:
    """A read that was not answered."""
    problem = Problem(
        code="broker-unavailable",
        what="the broker does not answer",
        where="simulation",
        why=why,
        hint="try again later",
    )
    return BrokerUnavailable((problem,))
