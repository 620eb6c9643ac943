"""Halting and resuming an account by hand: in the kill-switch file, and in its journal.

The file is what counts at once, also for a cycle that runs now. The journal remembers who halted
and why; it can only be written while no other process works on it.
"""

from collections.abc import Callable
from datetime import datetime

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.journal.location import ServerLocation, parse_location
from alchemiser_app.journal.opening import open_journal
from alchemiser_app.journal.refusals import JournalLocked, JournalMissing
from alchemiser_app.journal.verification import listed
from alchemiser_app.stopping.halt_refusals import (
    FileStays,
    FullyHalted,
    JournalInUse,
    NotHalted,
    NothingToHalt,
    OtherHosts,
)
from alchemiser_app.stopping.kill_switch_file import FileKillSwitch
from alchemiser_core.domain.journal.events import Halted, JournalEvent, Resumed
from alchemiser_core.domain.problem import Explainable, Problem
from alchemiser_core.services.cycle.deciding import REDUCING
from alchemiser_core.services.ledger import Ledger

BY_HAND = "by-hand"
"""Code of a halt that a person has ordered."""


@frozen(eq=False)
class HaltedPlace:
    """The two places in which an account is halted, and the time."""

    location: str
    switch: FileKillSwitch
    at: datetime

    @property
    def is_shared(self) -> bool:
        """Whether processes of other hosts, which do not see the file, may use the journal."""
        found = parse_location(self.location)
        return isinstance(found, Success) and isinstance(found.unwrap(), ServerLocation)


@frozen
class Switched:
    """What was done."""

    before: str | None
    """Why trading was halted already; `None` where it was not."""
    in_file: bool = False
    """The kill-switch file was made, or taken away."""
    in_journal: bool = False
    """It was written to the journal."""
    is_busy: bool = False
    """It was not written to the journal because another process works on it."""
    is_uncertain: bool = False
    """Somebody may trade on all the same."""
    problems: tuple[Problem, ...] = ()
    """What did not work, and does not change that it was done."""


def halt(place: HaltedPlace, why: str) -> Result[Switched, NotHalted]:
    """Stop everything: no order is sent from here on. Failure: it could not be said anywhere."""
    # Where nobody can look the switch counts as thrown, which does not say that the file is there.
    before = place.switch.thrown() if place.switch.is_there else None
    thrown = place.switch.throw(why) if before is None else Success(None)
    written = _write(place, lambda ledger: () if _is_full(ledger) else (Halted(BY_HAND, why),))
    if isinstance(written, Failure):
        refusal = written.failure()
        if isinstance(thrown, Failure):
            return Failure(NotHalted((*thrown.failure().problems(), *refusal.problems())))
        return Success(_halted_by_file(place, before, refusal))
    ledger, new = written.unwrap()
    problems = thrown.failure().problems() if isinstance(thrown, Failure) else ()
    in_file = before is None and isinstance(thrown, Success)
    if ledger.halt is not None and _is_full(ledger):
        before = before or ledger.halt.why or ledger.halt.code
    return Success(Switched(before, in_file, new, problems=problems))


def _halted_by_file(place: HaltedPlace, before: str | None, refusal: Explainable) -> Switched:
    """The file is there, and the journal was not written."""
    busy = isinstance(refusal, JournalLocked)
    silent = busy or isinstance(refusal, JournalMissing)
    problems = () if silent else refusal.problems()
    uncertain = place.is_shared and not isinstance(refusal, JournalMissing)
    if uncertain:
        problems = (*problems, *OtherHosts(place.location).problems())
    return Switched(before, before is None, False, busy, uncertain, problems)


def halt_buys(place: HaltedPlace, why: str) -> Result[Switched, Explainable]:
    """Let only sells pass from the next cycle on: the journal alone says so.

    Failures: all is halted already, which this would loosen; there is no journal; another process
    works on it.
    """
    thrown = place.switch.thrown()
    if thrown is not None:
        return Failure(FullyHalted(thrown))
    written = _write(place, lambda ledger: () if ledger.halt else (Halted(REDUCING, why),))
    if isinstance(written, Failure):
        refusal = written.failure()
        if isinstance(refusal, JournalLocked):
            return Failure(JournalInUse(refusal, "alchemiser halt stops everything at once"))
        missing = isinstance(refusal, JournalMissing)
        return Failure(NothingToHalt(place.location) if missing else refusal)
    ledger, new = written.unwrap()
    if ledger.halt is not None and _is_full(ledger):
        return Failure(FullyHalted(ledger.halt.why or ledger.halt.code))
    before = ledger.halt.why or ledger.halt.code if ledger.halt is not None else None
    return Success(Switched(before, in_journal=new))


def resume(place: HaltedPlace, why: str) -> Result[Switched, Explainable]:
    """Let orders pass again: the journal first, then the file, so that a halt lasts until both
    are done.

    Failures: the journal is halted and another process works on it, or it cannot be written: then
    nothing was changed; or the file cannot be taken away.
    """
    thrown = place.switch.thrown()
    resumed = (Resumed(why),)
    written = _write(place, lambda ledger: resumed if ledger.halt or thrown else ())
    if isinstance(written, Failure):
        refusal = written.failure()
        if isinstance(refusal, JournalMissing):
            return _released(place, thrown, in_journal=False)
        if isinstance(refusal, JournalLocked):
            return _resumed_beside(place, thrown, refusal)
        return Failure(refusal)
    ledger, new = written.unwrap()
    before = thrown
    if before is None and ledger.halt is not None:
        before = ledger.halt.why or ledger.halt.code
    return _released(place, thrown, in_journal=new).map(
        lambda done: Switched(before, done.in_file, done.in_journal)
    )


def _resumed_beside(
    place: HaltedPlace, thrown: str | None, locked: JournalLocked
) -> Result[Switched, Explainable]:
    """While another process works on the journal only a halt by file can be taken back."""
    entries = listed(place.location)
    if isinstance(entries, Failure):
        return Failure(entries.failure())
    if Ledger().fold(entry.event for entry in entries.unwrap()).halt is not None:
        return Failure(JournalInUse(locked, "end that process, or wait; nothing was changed"))
    return _released(place, thrown, in_journal=False).map(
        lambda done: Switched(done.before, done.in_file, is_busy=True)
    )


def _released(
    place: HaltedPlace, thrown: str | None, *, in_journal: bool
) -> Result[Switched, Explainable]:
    if thrown is None:
        return Success(Switched(None, in_journal=in_journal))
    released = place.switch.release()
    if isinstance(released, Failure):
        return Failure(FileStays(released.failure(), in_journal=in_journal))
    return Success(Switched(thrown, in_file=True, in_journal=in_journal))


def _write(
    place: HaltedPlace, events: Callable[[Ledger], tuple[JournalEvent, ...]]
) -> Result[tuple[Ledger, bool], Explainable]:
    """The ledger before, and whether anything was appended to the journal."""
    opened = open_journal(place.location)
    if isinstance(opened, Failure):
        return Failure(opened.failure())
    with opened.unwrap() as journal:
        entries = journal.entries()
        if isinstance(entries, Failure):
            return Failure(entries.failure())
        ledger = Ledger().fold(entry.event for entry in entries.unwrap())
        new = events(ledger)
        appended = journal.append(new, place.at) if new else Success(())
        if isinstance(appended, Failure):
            return Failure(appended.failure())
        return Success((ledger, bool(new)))


def _is_full(ledger: Ledger) -> bool:
    return ledger.halt is not None and ledger.halt.code != REDUCING
