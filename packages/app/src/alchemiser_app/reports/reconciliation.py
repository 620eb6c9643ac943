"""What came of comparing a journal with its broker, for a person and as an object."""

from collections.abc import Iterator
from typing import Any

from alchemiser_app.reports.events import event_line
from alchemiser_core.domain.journal.codec import kind_of
from alchemiser_core.domain.journal.events import JournalEvent
from alchemiser_core.domain.problem import Problem
from alchemiser_core.services.cycle import Ended
from alchemiser_core.services.reconciliation import Discrepancy


def reconciliation_lines(ended: Ended) -> Iterator[str]:
    """What would be booked, where nothing may be; what still differs; and whether that blocks."""
    run = ended.run
    booked = [line for line in map(event_line, run.unwritten) if line is not None]
    if booked:
        yield "dry run; this would be written:"
        yield from booked
    for found in run.discrepancies:
        yield from _discrepancy_lines(found)
    if ended.problems():
        yield "NOTHING IS TRADED until this is settled"
    elif run.discrepancies:
        yield "these keep nothing from being traded but their own symbols"
    elif run.seen is not None:
        yield "journal and broker agree"


def _discrepancy_lines(found: Discrepancy) -> Iterator[str]:
    (problem,) = found.problems()
    yield f"{found.kind.value}: {found.subject}"
    yield f"  journal  {found.journal}"
    yield f"  broker   {found.broker}"
    yield f"  do       {problem.hint}"


def told_problems(ended: Ended) -> tuple[Problem, ...]:
    """What the report says, so that no alert has to say it again."""
    differences = (Problem(found.kind.value, found.text) for found in ended.run.discrepancies)
    return (*ended.problems(), *differences)


def other_problems(ended: Ended) -> tuple[Problem, ...]:
    """What went wrong beside the differences, which the report tells with both sides."""
    told = {problem for found in ended.run.discrepancies for problem in found.problems()}
    return tuple(problem for problem in ended.problems() if problem not in told)


def reconciliation_json(ended: Ended, written: tuple[JournalEvent, ...]) -> dict[str, Any]:
    """`reconcile --json`; both sides of a discrepancy are texts."""
    run, identity = ended.run, ended.run.terms.identity
    events = run.unwritten if run.is_dry else written
    return {
        "session": run.terms.day.isoformat(),
        "portfolio": identity.portfolio,
        "broker": identity.broker,
        "account": identity.account,
        "live": identity.is_live,
        "dry_run": run.is_dry,
        "agrees": run.seen is not None and not run.discrepancies,
        "blocked": bool(ended.problems()),
        "discrepancies": [_discrepancy_json(found) for found in run.discrepancies],
        "events": [kind_of(event) for event in events],
    }


def _discrepancy_json(found: Discrepancy) -> dict[str, Any]:
    (problem,) = found.problems()
    return {
        "code": found.kind.value,
        "subject": found.subject,
        "journal": found.journal,
        "broker": found.broker,
        "blocks": found.kind.blocks,
        "hint": problem.hint,
    }
