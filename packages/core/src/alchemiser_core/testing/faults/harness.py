"""The harness: runs one fault plan day by day, kills and restarts processes, and has it judged."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Protocol

from attrs import frozen

from alchemiser_core.services.ledger import Ledger
from alchemiser_core.simulation.faults import FaultKind, FaultPlan, Note, Operation, ProcessKilled
from alchemiser_core.simulation.faults.tape import Began, Finished
from alchemiser_core.testing.faults.alerts import ENDED
from alchemiser_core.testing.faults.convergence import unconverged
from alchemiser_core.testing.faults.judge import judge
from alchemiser_core.testing.faults.violation import Invariant, Violation
from alchemiser_core.testing.faults.world import Drawn, World, world

MOST_PROCESSES = 12
"""Of one day: more than any plan can kill."""


@frozen
class Closing:
    """What a program says of itself when all is over."""

    ledger: Ledger
    written_again: int
    """Journal entries that a second recovery has written."""
    problems: tuple[str, ...] = ()
    """What still keeps it from trading."""


class Program(Protocol):
    """What is put to the test, in one world."""

    def process(self, day: int) -> str | None:
        """One process on a day; in words how it ended, `None` where the journal failed."""
        ...

    def operate(self, day: int) -> None:
        """What a person does in the morning of a day, while nothing goes wrong."""
        ...

    def last_look(self, day: int) -> Closing | None:
        """The end, when nothing goes wrong any more; `None` for a program without books."""
        ...


@frozen
class Outcome:
    """What came of a fault plan."""

    plan: FaultPlan
    violations: tuple[Violation, ...]
    fired: Counter[FaultKind]
    processes: int
    orders: int
    """That reached the broker."""
    digest: str
    """Of the last journal entry: the same for the same plan."""
    notes: Sequence[Note]
    world: World
    """As it is at the end."""


def run(
    plan: FaultPlan, program: Callable[[World], Program], market: Drawn | None = None
) -> Outcome:
    """Run a plan with a program, and judge what came of it."""
    stage = world(plan, market)
    tested = program(stage)
    processes = 0
    for day in range(plan.days):
        stage.begin_day(day)
        if day:
            tested.operate(day)
        stage.script.begin(day)
        processes += _day(stage, tested, day)
    stage.script.silence()
    stage.begin_day(plan.days)
    closing = tested.last_look(plan.days)
    violations = judge(stage.exchange, stage.tape.notes)
    if closing is not None:
        left = unconverged(stage.exchange, stage.tape.notes, closing.ledger)
        violations = (*violations, *left, *_unsettled(closing))
    kept = stage.storage.kept
    return Outcome(
        plan,
        violations,
        stage.tape.fired,
        processes,
        len(stage.exchange.received),
        kept[-1].record.digest if kept else "",
        stage.tape.notes,
        stage,
    )


def _unsettled(closing: Closing) -> tuple[Violation, ...]:
    found = []
    if closing.written_again:
        what = f"a second recovery wrote {closing.written_again} entries"
        found.append(Violation(Invariant.CONVERGENCE, what))
    if closing.problems:
        what = f"trading stays blocked: {'; '.join(closing.problems)}"
        found.append(Violation(Invariant.CONVERGENCE, what))
    return tuple(found)


def _day(stage: World, program: Program, day: int) -> int:
    """All processes of a day: the first, one after every kill, and one that is a repetition."""
    twice = _at_the_slot(stage)
    for process in range(1, MOST_PROCESSES + 1):
        if _process(stage, program, day, process).startswith(ENDED):
            if not twice:
                return process
            twice = False
            stage.tape.struck(FaultKind.STARTED_TWICE)
    return MOST_PROCESSES


def _at_the_slot(stage: World) -> bool:
    """The slot is missed, or not; whether the cycle is to be started twice."""
    twice = False
    for fault in stage.script.due(Operation.DAY):
        if fault.kind is FaultKind.SLOT_MISSED:
            stage.tape.struck(fault.kind, f"{fault.seconds} s")
            stage.clock.advance(timedelta(seconds=fault.seconds))
        else:
            twice = True
    return twice


def _process(stage: World, program: Program, day: int, number: int) -> str:
    stage.tape.note(Began(day, number))
    try:
        said = program.process(day)
        how = "the journal failed" if said is None else f"{ENDED}: {said}"
    except ProcessKilled as killed:
        how = f"killed {killed}"
    stage.tape.note(Finished(how))
    return how
