"""The end of a cycle as a page for a person and as an object for a program."""

from collections.abc import Iterator
from typing import Any

from alchemiser_app.reports.events import event_line
from alchemiser_app.reports.money import money, money_that_adds_up
from alchemiser_app.reports.orders import order_json
from alchemiser_app.reports.plan import order_lines
from alchemiser_core.domain.journal.events import (
    AlertRaised,
    JournalEvent,
    OrderIntended,
    StrategyDecided,
    StrategyHeld,
)
from alchemiser_core.domain.money import decimal_text
from alchemiser_core.ports.market_data import MarketData
from alchemiser_core.services.cycle import Ended, Ending, Terms
from alchemiser_core.services.trading import CycleDraft

_WORDS = {
    Ending.COMPLETE: "complete: everything that was planned is filled",
    Ending.NOTHING_TO_DO: "nothing to do: the account holds what the strategies want",
    Ending.PLANNED: "dry run: nothing was sent",
    Ending.INCOMPLETE: "INCOMPLETE: something that was planned is not filled, see above",
    Ending.REFUSED: "refused before any order",
    Ending.NO_DATA: "refused before any order: there is nothing to decide by",
    Ending.HALTED: "HALTED",
}

_NOT_VALUED = (Ending.PLANNED, Ending.ALREADY_DONE, Ending.REFUSED, Ending.NO_DATA)


def headline(portfolio: str, terms: Terms, feed: MarketData) -> str:
    """Which account is traded, when, and whether its prices are made up."""
    live = " (LIVE)" if terms.identity.is_live else ""
    made_up = " on SYNTHETIC prices" if feed.synthetic else ""
    account = f"{terms.identity.broker} account {terms.identity.account}"
    return f"{portfolio} on {account}{live}{made_up}, session {terms.day}"


def ending_lines(ended: Ended) -> Iterator[str]:
    """What came of a cycle, after the lines of its events."""
    run = ended.run
    if ended.ending is Ending.ALREADY_DONE and run.ledger.last is not None:
        last = run.ledger.last
        yield f"nothing to do: the cycle of {last.cycle.trading_day} is over ({last.outcome})"
        if last.cycle.trading_day == run.terms.day:
            yield "  an account is traded once a session; the next session has its own cycle"
        else:
            yield f"  the session of {run.terms.day} is not after it"
        return
    if run.is_dry and run.draft is not None:
        yield from (line for line in map(event_line, run.draft.events) if line is not None)
        if run.draft.plan is not None:
            yield from order_lines(run.draft.plan.plan)
    yield _undecided(run.draft) if _is_undecided(ended) else _WORDS[ended.ending]


def _is_undecided(ended: Ended) -> bool:
    """Whether nothing was traded although some strategy could not say what it wants."""
    draft = ended.run.draft
    held = draft is not None and any(isinstance(e, StrategyHeld) for e in draft.events)
    return held and ended.ending is Ending.NOTHING_TO_DO


def _undecided(draft: CycleDraft | None) -> str:
    """The books of strategies that could not decide keep what they hold; that is not what they
    want.
    """
    events = draft.events if draft is not None else ()
    held = [event.strategy for event in events if isinstance(event, StrategyHeld)]
    names = ", ".join(held)
    if not any(isinstance(event, StrategyDecided) for event in events):
        return f"NOTHING DECIDED: {names} could not, and the account keeps what it holds"
    return f"nothing to do: {names} could not decide; the others have what they want"


def ending_json(
    ended: Ended, events: tuple[JournalEvent, ...], *, synthetic: bool
) -> dict[str, Any]:
    """`trade --json`; quantities and money are strings."""
    run = ended.run
    draft, last = run.draft, run.ledger.last
    plan = draft.plan.plan if draft is not None and draft.plan is not None else None
    orders = run.execution.orders.values() if run.execution is not None else ()
    valued = run.ledger.valued
    if run.is_dry:
        events = (*run.unwritten, *_drafted(draft))
    alerts = [event.alert for event in events if isinstance(event, AlertRaised)]
    return {
        "outcome": ended.ending.value,
        "session": run.terms.day.isoformat(),
        "portfolio": run.terms.identity.portfolio,
        "broker": run.terms.identity.broker,
        "account": run.terms.identity.account,
        "live": run.terms.identity.is_live,
        "synthetic": synthetic,
        "last_cycle": last.cycle.trading_day.isoformat() if last is not None else None,
        "decisions": [_decision(e) for e in events if isinstance(e, StrategyDecided)],
        "held": [
            {"strategy": e.strategy, "why": e.why} for e in events if isinstance(e, StrategyHeld)
        ],
        "plan": plan.as_data() if plan is not None else None,
        "orders": [order_json(progress) for progress in orders],
        "sent": sum(isinstance(event, OrderIntended) for event in events),
        "alerts": [
            {"code": a.code, "severity": a.severity.value, "text": a.text, "subject": a.subject}
            for a in alerts
        ],
        "equity": decimal_text(valued.equity) if valued is not None else None,
        "books": {
            name: decimal_text(amount) for name, amount in (valued.books if valued else {}).items()
        },
    }


def _drafted(draft: CycleDraft | None) -> Iterator[JournalEvent]:
    """What a dry run would have written of its draft."""
    if draft is not None:
        yield from draft.events
        yield from map(AlertRaised, draft.alerts)


def _decision(event: StrategyDecided) -> dict[str, Any]:
    return {
        "strategy": event.strategy,
        "as_of": event.as_of.isoformat(),
        "weights": {s: decimal_text(w) for s, w in event.weights.items()},
        "trades": event.reason.value if event.reason is not None else None,
    }


def account_lines(ended: Ended) -> Iterator[str]:
    """What the account is worth after the cycle; nothing where this run has not valued it."""
    valued = ended.run.ledger.valued
    if valued is None or ended.ending in _NOT_VALUED:
        return
    yield f"equity {money(valued.equity)}"
    if len(valued.books) > 1:
        amounts = money_that_adds_up(list(valued.books.values()))
        for name, amount in zip(valued.books, amounts, strict=True):
            yield f"  {name:<24} {amount:>16}"
