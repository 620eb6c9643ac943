"""The arrows from the journal to a sound account: read, identify, take up what was left."""

from collections.abc import Sequence
from datetime import datetime

from returns.result import Failure, Success

from alchemiser_core.domain.alert import Alert
from alchemiser_core.domain.changing import changed
from alchemiser_core.domain.journal.events import (
    AlertRaised,
    CycleClosed,
    CycleOpened,
    CycleOutcome,
    JournalEvent,
    JournalOpened,
)
from alchemiser_core.execution import resume
from alchemiser_core.services.cycle.agreement import open_until
from alchemiser_core.services.cycle.carrying_out import carried_out
from alchemiser_core.services.cycle.identity import OtherAccount, mismatches
from alchemiser_core.services.cycle.refusals import CycleStillOpen
from alchemiser_core.services.cycle.run import (
    Ended,
    Onward,
    Run,
    ending_of,
    folded,
    not_written,
    refused,
    written,
)
from alchemiser_core.services.journalling import tell
from alchemiser_core.services.ledger import OpenCycle


def read_journal(run: Run) -> Onward:
    """Fold everything that is in the journal and not known yet."""
    entries = run.desk.journal.entries(run.read)
    if isinstance(entries, Failure):
        return not_written(run, entries.failure())
    events = [entry.event for entry in entries.unwrap()]
    return Success(changed(folded(run, events), untold=_of_last_cycle(events)))


def _of_last_cycle(events: Sequence[JournalEvent]) -> tuple[Alert, ...]:
    """Alerts since a cycle was last opened, oldest first."""
    begun = max((n for n, event in enumerate(events) if isinstance(event, CycleOpened)), default=0)
    return tuple(event.alert for event in events[begun:] if isinstance(event, AlertRaised))


def identify(run: Run) -> Onward:
    """Make sure that portfolio, account and broker are those of the journal."""
    account = run.desk.broker.account()
    if isinstance(account, Failure):
        return refused(run, account.failure())
    wanted = run.terms.identity
    wrong = mismatches(wanted, run.ledger.identity, account.unwrap())
    if wrong:
        return refused(run, OtherAccount(wrong))
    if run.ledger.identity is not None:
        return Success(run)
    opened = JournalOpened(wanted.portfolio, wanted.account, wanted.broker, wanted.is_live)
    return written(run, [opened])


def take_up(run: Run) -> Onward:
    """Go on with a cycle that was not closed: the one way back from a crash.

    One of today is carried out to its end, within the window; one of an earlier day sends nothing
    more. Either way what it sent is accounted for first. Its alerts are told again: the program
    may have ended after one was written and before anybody heard of it.
    """
    cycle = run.ledger.cycle
    if cycle is None:
        return Success(run)
    if run.is_dry:
        return refused(run, CycleStillOpen(cycle.key))
    for alert in run.untold:
        tell(run.desk, alert)
    if cycle.plan is None:
        return written(run, [CycleClosed(cycle.key, CycleOutcome.EXPIRED, None, "no plan")])
    return _resumed(run, cycle).bind(lambda after: _go_on_or_end(after, cycle))


def _resumed(run: Run, cycle: OpenCycle) -> Onward:
    plan, desk = cycle.plan, run.desk
    if plan is None:
        raise ValueError("a cycle without a plan is not resumed")
    symbols = {order.symbol for order in plan.plan.orders}
    instruments = desk.broker.instruments(symbols)
    if isinstance(instruments, Failure):
        return refused(run, instruments.failure())
    now = desk.clock.now()
    first = resume(
        cycle.key,
        plan,
        cycle.orders,
        instruments.unwrap(),
        run.terms.execution,
        now,
        _deadline(run, cycle, now),
    )
    return carried_out(run, first, plan, cycle.key)


def _deadline(run: Run, cycle: OpenCycle, now: datetime) -> datetime:
    """Until when orders of the cycle may still be sent; now, where none may."""
    until = open_until(run) if cycle.key.trading_day == run.terms.day else None
    if until is None or run.ledger.halt is not None:
        return now
    return min(until, now + run.terms.execution.duration)


def _go_on_or_end(run: Run, cycle: OpenCycle) -> Onward:
    """Today's cycle has been traded now; after one of an earlier day comes today's."""
    last = run.ledger.last
    if cycle.key.trading_day != run.terms.day or last is None:
        # What the earlier cycle has sent is in the books; today's has sent nothing yet.
        return Success(changed(run, execution=None))
    return Failure(Ended(run, ending_of(last.outcome)))
