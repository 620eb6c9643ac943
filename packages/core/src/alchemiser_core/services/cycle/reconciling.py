"""The arrow that compares the journal with the broker, at the start and at the end of a cycle."""

from datetime import timedelta

from returns.result import Failure, Result, Success

from alchemiser_core.domain.alert import Alert, Severity
from alchemiser_core.domain.changing import changed
from alchemiser_core.domain.journal.events import AlertRaised
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.domain.quote import Mark
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.execution.rules import OnHalt
from alchemiser_core.ports.quotes import QuotesUnavailable
from alchemiser_core.services.cycle.run import Ended, Ending, Onward, Run, refused, written
from alchemiser_core.services.reconciliation import (
    BrokerState,
    Reconciliation,
    read_broker,
    read_since,
    reconcile,
)

_AGAIN = timedelta(seconds=2)


def reconciled(run: Run) -> Onward:
    """Book what the broker knows and the journal does not, as far as the policy allows.

    What may pass by itself, as positions that lag behind the orders, is read again for a while; so
    are own orders of earlier cycles that are still open, which are cancelled. The end: differences
    that somebody has to look at, or a broker that does not answer.
    """
    until = run.desk.clock.now() + run.terms.reconcile_patience
    cancelled: frozenset[str] = frozenset()
    while True:
        compared = _compared(run)
        if isinstance(compared, Failure):
            return compared
        run, found = compared.unwrap()
        stale = () if _stay_open(run) else found.stale
        fresh = tuple(r for r in stale if r.broker_order_id not in cancelled)
        again = run.desk.clock.now() + _AGAIN
        if not (found.retry or stale) or again > until or run.is_dry:
            break
        told = _cancel(run, fresh)
        if isinstance(told, Failure):
            return told
        run = told.unwrap()
        cancelled |= {report.broker_order_id for report in fresh}
        run.desk.clock.wait_until(again)
    noted = written(run, found.events)
    if isinstance(noted, Failure) or not found.blocking:
        return noted
    problems = tuple(p for d in found.discrepancies for p in d.problems())
    return Failure(Ended(noted.unwrap(), _ending(run), problems))


def _compared(run: Run) -> Result[tuple[Run, Reconciliation], Ended]:
    read = read_broker(run.desk.broker, read_since(run.ledger, run.terms.day))
    if isinstance(read, Failure):
        return refused(run, read.failure(), _ending(run))
    seen = read.unwrap()
    marks = _marks(run, seen)
    if isinstance(marks, Failure):
        return refused(run, marks.failure(), _ending(run))
    policy, day = run.terms.reconciling, run.terms.day
    found = reconcile(run.ledger, seen, policy, marks.unwrap(), day)
    after = changed(run, seen=seen, left_alone=found.left_alone, discrepancies=found.discrepancies)
    return Success((after, found))


def _marks(run: Run, seen: BrokerState) -> Result[dict[Symbol, Mark], QuotesUnavailable]:
    """Prices at which shares are booked that the journal does not know; none where it knows all."""
    books = run.ledger.books
    known = {} if books is None else books.combined().positions
    strange = {p.symbol for p in seen.positions if p.symbol not in known}
    symbols = strange | known.keys() if run.terms.reconciling.adopts else frozenset[Symbol]()
    if not symbols:
        return Success({})
    now, day = run.desk.clock.now(), run.terms.day
    quotes = run.desk.quotes.quotes(symbols)
    if isinstance(quotes, Failure):
        return Failure(quotes.failure())
    judged = {s: q.mark(day, now, run.terms.quotes) for s, q in quotes.unwrap().items()}
    return Success({s: mark.unwrap() for s, mark in judged.items() if isinstance(mark, Success)})


def _stay_open(run: Run) -> bool:
    """Whether open orders are left as they are, because of a stop and by choice."""
    if run.terms.execution.on_halt is not OnHalt.LEAVE:
        return False
    stopped = run.execution is not None and run.execution.stopped is not None
    halted = run.ledger.halt is not None or run.desk.kill_switch.thrown() is not None
    return stopped or halted


def _cancel(run: Run, stale: tuple[OrderReport, ...]) -> Onward:
    """Cancel own orders that no cycle looks after any more."""
    alerts = (_alert(report) for report in stale)
    noted = written(run, [AlertRaised(each) for each in alerts if each not in run.ledger.told])
    if isinstance(noted, Success):
        for report in stale:
            refusal = run.desk.broker.cancel(report.broker_order_id)
            if isinstance(refusal, Failure):
                return refused(run, refusal.failure(), _ending(run))
    return noted


def _alert(report: OrderReport) -> Alert:
    text = f"an order of an earlier cycle was still open and is cancelled: {report.symbol}"
    return Alert("stale-order", Severity.WARNING, text, report.client_order_id)


def _ending(run: Run) -> Ending:
    """Before any order it is a refusal; afterwards the account is left to the next look."""
    return Ending.REFUSED if run.execution is None else Ending.INCOMPLETE
