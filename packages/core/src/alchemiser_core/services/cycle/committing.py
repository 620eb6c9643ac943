"""The arrows from a draft to its execution: the risk gate, the commitment, the first order."""

from attrs import evolve
from returns.result import Failure, Success

from alchemiser_core.domain.alert import Alert, Severity
from alchemiser_core.domain.journal.events import (
    AlertRaised,
    CycleClosed,
    CycleOpened,
    CycleOutcome,
    JournalEvent,
    PlanCommitted,
)
from alchemiser_core.domain.portfolio.valuation import value_portfolio
from alchemiser_core.domain.risk.breach import RiskRefused
from alchemiser_core.domain.risk.facts import account_facts, earlier_valuation
from alchemiser_core.domain.risk.pre_trade import pre_trade_breaches
from alchemiser_core.domain.risk.trading_state import TradingState, reduced
from alchemiser_core.execution import begin
from alchemiser_core.services.cycle.carrying_out import carried_out, closed, valued
from alchemiser_core.services.cycle.deciding import trading_state
from alchemiser_core.services.cycle.reconciling import reconciled
from alchemiser_core.services.cycle.run import Ended, Ending, Onward, Run, refused, written
from alchemiser_core.services.trading import CycleDraft


def within_limits(run: Run) -> Onward:
    """Let the plan through where it breaks no limit; otherwise every breach is named at once."""
    run = _only_reducing(run)
    draft = _draft(run)
    if draft.plan is None:
        return Success(run)
    books = run.ledger.fold(_before_plan(draft)).opened_books
    portfolio = books.combined()
    valuation = value_portfolio(portfolio, run.marks)
    if isinstance(valuation, Failure):
        return refused(run, valuation.failure())
    day, ledger = run.terms.day, run.ledger
    facts = account_facts(
        portfolio,
        valuation.unwrap(),
        earlier=earlier_valuation(day, ledger.valued, ledger.valued_before),
        traded=run.traded,
    )
    breaches = pre_trade_breaches(draft.plan.plan, run.quotes, facts, run.terms.limits)
    return refused(run, RiskRefused(breaches)) if breaches else Success(run)


def _draft(run: Run) -> CycleDraft:
    if run.draft is None:
        raise ValueError("there is no draft to commit")
    return run.draft


def _before_plan(draft: CycleDraft) -> tuple[JournalEvent, ...]:
    """What was decided, and the cash that moved between the books."""
    return tuple(event for event in draft.events if not isinstance(event, PlanCommitted))


def _only_reducing(run: Run) -> Run:
    """Where only sells may pass, the plan without its buys."""
    draft, state = _draft(run), trading_state(run.ledger.halt)
    if state is not TradingState.REDUCING or draft.plan is None or not draft.plan.plan.buys:
        return run
    kept = reduced(draft.plan.plan)
    plan = evolve(draft.plan, plan=kept.plan)
    left = ", ".join(order.symbol for order in kept.left_out)
    alert = Alert("only-reducing", Severity.WARNING, f"only sells are sent; not bought: {left}")
    events = (*_before_plan(draft), plan)
    alerts = (*draft.alerts, alert)
    return evolve(run, draft=evolve(draft, events=events, plan=plan, alerts=alerts))


def committed(run: Run) -> Onward:
    """Write down what is about to be done, and do it."""
    draft, terms = _draft(run), run.terms
    if run.is_dry:
        return Failure(Ended(run, Ending.PLANNED))
    opened = CycleOpened(run.key, terms.mandate.decide_on.value, terms.execution.tactic.name)
    alerts = [AlertRaised(alert) for alert in draft.alerts]
    events: list[JournalEvent] = [opened, *draft.events, *alerts]
    plan = draft.plan
    if plan is None or not (plan.plan.orders or plan.wishes):
        return _nothing_to_do(run, events)
    return written(run, events).bind(lambda after: _executed(after, plan))


def _nothing_to_do(run: Run, events: list[JournalEvent]) -> Onward:
    """A cycle that trades nothing begins and ends at once."""
    after = run.ledger.fold(events)
    value = valued(run, after, run.marks, run.key)
    equity = value.equity if value is not None else None
    events.append(CycleClosed(run.key, CycleOutcome.NOTHING_TO_DO, equity))
    return written(run, events if value is None else [*events, value])


def _executed(run: Run, plan: PlanCommitted) -> Onward:
    if not plan.plan.orders:
        # Opposite wishes are crossed in full: the books change, and no order is needed.
        return closed(run, plan, run.key, CycleOutcome.COMPLETE).bind(reconciled)
    now, window = run.desk.clock.now(), run.terms.window
    if window is None:
        raise ValueError("a plan is only committed inside of a window")
    rules = run.terms.execution
    deadline = min(window.ends, now + rules.duration)
    first = begin(run.key, plan, run.instruments, rules, now, deadline)
    return carried_out(run, first, plan, run.key)
