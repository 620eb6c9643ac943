"""Whether a person was told: every trouble in the journal has an alert near it."""

from collections.abc import Iterator

from alchemiser_core.domain.journal.account_events import DiscrepancyNoted
from alchemiser_core.domain.journal.events import (
    AlertRaised,
    CycleClosed,
    CycleOutcome,
    Halted,
    JournalEvent,
    LineEnd,
    LineEnded,
    StrategyHeld,
)
from alchemiser_core.simulation.faults.tape import Finished
from alchemiser_core.testing.faults.evidence import Evidence
from alchemiser_core.testing.faults.story import story
from alchemiser_core.testing.faults.violation import Invariant, Violation

_QUIET_OUTCOMES = frozenset({CycleOutcome.COMPLETE, CycleOutcome.NOTHING_TO_DO})
_QUIET_ENDS = frozenset({LineEnd.FILLED, LineEnd.NOT_NEEDED})
ENDED = "ended"
"""How a process that was not killed finishes."""


def silences(facts: Evidence) -> Iterator[Violation]:
    """Troubles without an alert by the end of the next process that was not killed."""
    alerts = [p for p, event in facts.written if isinstance(event, AlertRaised)]
    for position, event in facts.written:
        trouble = _trouble(event)
        if trouble is None:
            continue
        start, end = _around(facts, position)
        if not any(start <= alert <= end for alert in alerts):
            what = f"no alert about: {trouble}"
            yield Violation(Invariant.NO_SILENCE, what, story(facts.notes[start : end + 1]))


def _trouble(event: JournalEvent) -> str | None:
    match event:
        case CycleClosed() if event.outcome not in _QUIET_OUTCOMES:
            return f"cycle of {event.cycle.trading_day} {event.outcome}"
        case LineEnded() if event.end not in _QUIET_ENDS:
            return f"{event.symbol}: {event.end}"
        case Halted():
            return f"halted: {event.code}"
        case DiscrepancyNoted():
            return f"{event.code} {event.subject}"
        case StrategyHeld():
            return f"{event.strategy} could not decide"
        case _:
            return None


def _around(facts: Evidence, position: int) -> tuple[int, int]:
    """From the start of the cycle or process to the end of the first process after it that ended
    by itself.
    """
    start = max((p for p in facts.processes if p <= position), default=0)
    for cycle in facts.cycles:
        if cycle.start <= position <= (cycle.closed_at or cycle.start):
            start = min(start, cycle.start)
    for place in range(position, len(facts.notes)):
        what = facts.notes[place].what
        if isinstance(what, Finished) and what.how.startswith(ENDED):
            return start, place
    return start, len(facts.notes)
