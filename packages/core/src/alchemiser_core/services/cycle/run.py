"""A cycle in the making: what it knows so far, how it writes, and how it ends."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from attrs import field, frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.alert import Alert, Severity
from alchemiser_core.domain.changing import changed
from alchemiser_core.domain.instrument import Instruments
from alchemiser_core.domain.journal.events import AlertRaised, CycleOutcome, JournalEvent
from alchemiser_core.domain.orders.identifiers import CycleKey
from alchemiser_core.domain.problem import Explainable, Problem
from alchemiser_core.domain.quote import Mark, Quote
from alchemiser_core.domain.risk.day_traded import DayTraded
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.execution import ExecutionState
from alchemiser_core.services.cycle.terms import Terms
from alchemiser_core.services.desk import Desk
from alchemiser_core.services.journalling import tell, write
from alchemiser_core.services.ledger import Ledger
from alchemiser_core.services.reconciliation import BrokerState, Discrepancy
from alchemiser_core.services.trading import CycleDraft


class Ending(StrEnum):
    """How a run of the trading cycle ended, for whoever called it."""

    COMPLETE = "complete"
    NOTHING_TO_DO = "nothing to do"
    """The strategies want what is held, or their policies do not trade today."""
    ALREADY_DONE = "already done"
    """The cycle of the trading day is over; it is not traded twice."""
    PLANNED = "planned"
    """A dry run: everything up to the first order."""
    INCOMPLETE = "incomplete"
    """Something that was planned is not filled, or the account does not agree afterwards."""
    REFUSED = "refused"
    """Before any order."""
    NO_DATA = "no data"
    """Bars are missing or bad, or a strategy failed; before any order."""
    HALTED = "halted"


@frozen(eq=False)
class Known:
    """What a program that goes on has folded of its journal; the rest is read."""

    read: int = 0
    """Number of the last entry folded."""
    ledger: Ledger = field(factory=Ledger)
    traded: DayTraded = field(factory=DayTraded)


NOTHING = Known()
"""Where a program starts: everything is read."""


@frozen(eq=False, slots=False)
class Run:
    """Everything that the arrows of a cycle hand on."""

    desk: Desk
    terms: Terms
    is_dry: bool = False
    """Nothing is written, nothing is sent."""
    read: int = 0
    """Number of the last entry of the journal that was folded before the run."""
    ledger: Ledger = field(factory=Ledger)
    untold: tuple[Alert, ...] = ()
    """Alerts that were read, since a cycle was last opened; nobody knows whether they were told."""
    unwritten: tuple[JournalEvent, ...] = ()
    """What a dry run would have written."""
    seen: BrokerState | None = None
    discrepancies: tuple[Discrepancy, ...] = ()
    """In what journal and broker differ, after everything that could be booked was."""
    left_alone: frozenset[Symbol] = frozenset()
    """Symbols that are not traded in this cycle: somebody else's order is open in them."""
    instruments: Instruments = field(factory=dict)
    quotes: dict[Symbol, Quote] = field(factory=dict)
    marks: dict[Symbol, Mark] = field(factory=dict)
    traded: DayTraded = field(factory=DayTraded)
    """What the journal has of the trading day's orders."""
    draft: CycleDraft | None = None
    execution: ExecutionState | None = None

    @property
    def key(self) -> CycleKey:
        """The key of the trading day's cycle."""
        identity = self.terms.identity
        return CycleKey(identity.portfolio, identity.account, self.terms.day)


@frozen(eq=False)
class Ended:
    """A run that is over, with the reasons where it did not trade to the end."""

    run: Run
    ending: Ending
    found: tuple[Problem, ...] = ()

    def problems(self) -> tuple[Problem, ...]:
        """Why."""
        return self.found


Onward = Result[Run, Ended]
"""What an arrow gives: the run with more in it, or its end."""


def written(run: Run, events: Sequence[JournalEvent]) -> Onward:
    """The run after events were written down and folded. The end: they could not be."""
    if run.is_dry:
        return Success(changed(folded(run, events), unwritten=(*run.unwritten, *events)))
    appended = write(run.desk, events)
    if isinstance(appended, Failure):
        return not_written(run, appended.failure())
    return Success(folded(run, events))


def folded(run: Run, events: Iterable[JournalEvent]) -> Run:
    """The run after events that are in the journal."""
    known = tuple(events)
    return changed(run, ledger=run.ledger.fold(known), traded=run.traded.fold(known))


def not_written(run: Run, failure: Explainable) -> Failure[Ended]:
    """The end of a run whose journal does not take anything any more."""
    problems = failure.problems()
    for problem in problems:
        tell(run.desk, Alert(problem.code, Severity.CRITICAL, str(problem)))
    sent = run.ledger.cycle is not None and run.ledger.cycle.plan is not None
    return Failure(Ended(run, Ending.INCOMPLETE if sent else Ending.REFUSED, problems))


def refused(run: Run, why: Explainable, ending: Ending = Ending.REFUSED) -> Failure[Ended]:
    """The end of a run before any order; a person is told every reason, once a trading day.

    Whoever calls is told each time: by the problems.
    """
    problems = why.problems()
    alerts = [
        AlertRaised(alert)
        for alert in dict.fromkeys(_alert(run, problem) for problem in problems)
        if alert not in run.ledger.told
    ]
    # The journal of another account is not written to, not even with why.
    identified = run.ledger.identity == run.terms.identity
    if run.is_dry:
        return Failure(Ended(run, ending, problems))
    if not identified:
        for raised in alerts:
            tell(run.desk, raised.alert)
        return Failure(Ended(run, ending, problems))
    noted = written(run, alerts)
    if isinstance(noted, Failure):
        return noted
    return Failure(Ended(noted.unwrap(), ending, problems))


def _alert(run: Run, problem: Problem) -> Alert:
    text = f"session {run.terms.day}: {problem}"
    return Alert(problem.code, Severity.WARNING, text, problem.where)


def ending_of(outcome: CycleOutcome) -> Ending:
    """What a cycle's outcome means to the caller."""
    match outcome:
        case CycleOutcome.COMPLETE:
            return Ending.COMPLETE
        case CycleOutcome.NOTHING_TO_DO:
            return Ending.NOTHING_TO_DO
        case CycleOutcome.HALTED:
            return Ending.HALTED
        case CycleOutcome.REFUSED:
            return Ending.REFUSED
        case CycleOutcome.INCOMPLETE | CycleOutcome.EXPIRED:
            return Ending.INCOMPLETE
