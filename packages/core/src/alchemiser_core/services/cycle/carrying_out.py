"""The arrows from a committed plan to a closed cycle: execute, settle, close, reconcile, value."""

from collections.abc import Mapping

from returns.result import Failure, Success

from alchemiser_core.domain.changing import changed
from alchemiser_core.domain.journal.events import (
    BooksSettled,
    CycleClosed,
    CycleOutcome,
    JournalEvent,
    PlanCommitted,
    Valued,
)
from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.orders.identifiers import CycleKey
from alchemiser_core.domain.portfolio.valuation import value_portfolio
from alchemiser_core.domain.quote import Marks, marks_of
from alchemiser_core.execution import Step
from alchemiser_core.services.cycle.reconciling import reconciled
from alchemiser_core.services.cycle.run import Onward, Run, folded, not_written, written
from alchemiser_core.services.cycle.settlement import settlements
from alchemiser_core.services.execute import execute
from alchemiser_core.services.ledger import Ledger


def carried_out(run: Run, first: Step, plan: PlanCommitted, key: CycleKey) -> Onward:
    """Execute a plan to its end, book what came of it, and compare with the broker."""
    executed = execute(run.desk, first)
    if isinstance(executed, Failure):
        return not_written(run, executed.failure())
    done = executed.unwrap()
    run = changed(folded(run, done.events), execution=done.state)
    outcome = done.state.outcome or CycleOutcome.INCOMPLETE
    return closed(run, plan, key, outcome).bind(reconciled)


def closed(run: Run, plan: PlanCommitted, key: CycleKey, outcome: CycleOutcome) -> Onward:
    """Settle the books by what the orders did, close the cycle and value the account."""
    cycle, state = run.ledger.cycle, run.execution
    settled = cycle.settled if cycle is not None else frozenset()
    orders = state.orders.values() if state is not None else ()
    booked = settlements(plan, orders, settled, key.trading_day)
    if isinstance(booked, Failure):
        # Only a fill that nobody asked for comes here, and the plan has named every symbol.
        raise ValueError("; ".join(str(problem) for problem in booked.failure().problems()))
    marks = {**marks_of(key.trading_day, plan.marks.items()), **run.marks}
    settling = _bookable(run, booked.unwrap())
    value = valued(run, run.ledger.fold(settling), marks, key)
    equity = value.equity if value is not None else None
    events: list[JournalEvent] = [*settling, CycleClosed(key, outcome, equity)]
    return written(run, events if value is None else [*events, value])


def _bookable(run: Run, booked: tuple[BooksSettled, ...]) -> tuple[BooksSettled, ...]:
    """Without symbols of which the broker says that more was sold than the books hold; these are
    left to the reconciliation, which names them and blocks.
    """
    books = run.ledger.opened_books
    return tuple(e for e in booked if isinstance(books.apply(dict(e.fills)), Success))


def valued(run: Run, ledger: Ledger, marks: Marks, key: CycleKey) -> Valued | None:
    """What account and books are worth at the marks; `None` where a holding has none."""
    books = ledger.books
    if books is None:
        return None
    each = books.equity(marks)
    whole = value_portfolio(books.combined(), marks)
    if isinstance(each, Failure) or isinstance(whole, Failure):
        return None
    amounts: Mapping[str, Usd] = each.unwrap()
    held = {symbol: marks[symbol] for symbol in whole.unwrap().values}
    now, equity = run.desk.clock.now(), whole.unwrap().equity
    return Valued(key.trading_day, now, equity, amounts, ledger.contributed, held)
