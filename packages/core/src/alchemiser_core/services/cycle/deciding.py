"""The arrows between a sound account and its plan: whether to trade at all, decide, and draft."""

from collections.abc import Mapping
from datetime import date

from returns.result import Failure, Result, Success

from alchemiser_core.domain.changing import changed
from alchemiser_core.domain.journal.events import AlertRaised, Halted
from alchemiser_core.domain.quote import Mark, Quote
from alchemiser_core.domain.risk.trading_state import TradingState
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.domain.undecidable import StrategyError
from alchemiser_core.services.cycle.agreement import NotNow, may_send
from alchemiser_core.services.cycle.market_hours import compared_hours
from alchemiser_core.services.cycle.refusals import AskedToEnd, TradingIsHalted
from alchemiser_core.services.cycle.run import Ended, Ending, Onward, Run, refused, written
from alchemiser_core.services.cycle.terms import DecidingBars
from alchemiser_core.services.trading import (
    Considered,
    CycleFacts,
    StrategiesFailed,
    deciding_session,
    draft_cycle,
)

REDUCING = "reducing"
"""Code of a halt that lets sells pass."""


def trading_state(halt: Halted | None) -> TradingState:
    """What orders an account takes, by the halt that its journal knows."""
    if halt is None:
        return TradingState.ACTIVE
    return TradingState.REDUCING if halt.code == REDUCING else TradingState.HALTED


def not_halted(run: Run) -> Onward:
    """Neither the journal nor the kill switch says stop.

    Asked before all else: a halt is told also on a day whose cycle is over.
    """
    thrown = run.desk.kill_switch.thrown()
    halt = run.ledger.halt
    if halt is None and thrown is not None:
        halt = Halted("kill-switch", thrown)
    if halt is None or trading_state(halt) is not TradingState.HALTED:
        return Success(run)
    return refused(run, TradingIsHalted(halt), Ending.HALTED)


def still_wanted(run: Run) -> Onward:
    """Nobody has said stop since the cycle began: to read the bars may take minutes.

    Nothing is written down then, so that the day can still be traded.
    """
    if run.desk.interrupted():
        return refused(run, AskedToEnd())
    return not_halted(run)


def not_done_yet(run: Run) -> Onward:
    """One cycle a trading day: the second run of a day does nothing, and says so."""
    last = run.ledger.last
    if last is not None and last.cycle.trading_day >= run.terms.day:
        return Failure(Ended(run, Ending.ALREADY_DONE))
    return Success(run)


def in_time(run: Run) -> Onward:
    """There is a session, and calendars, window and clocks agree."""
    hours, allowed = compared_hours(run), may_send(run)
    reasons = allowed.failure().reasons if isinstance(allowed, Failure) else ()
    if reasons or hours.today:
        return refused(run, NotNow((*hours.today, *reasons)))
    untold = [alert for alert in hours.alerts if alert not in run.ledger.told]
    return written(run, [AlertRaised(alert) for alert in untold])


def drafted(run: Run) -> Onward:
    """Read the bars, let the strategies decide, and draft the plan."""
    terms = run.terms
    read = terms.read_bars(terms.day)
    if isinstance(read, Failure):
        return refused(run, read.failure(), Ending.NO_DATA)
    bars = read.unwrap()
    deciding = deciding_session(terms.mandate.decide_on, terms.day, bars.sessions)
    if isinstance(deciding, Failure):
        return refused(run, deciding.failure(), Ending.NO_DATA)
    as_of = deciding.unwrap()
    return _with_market(run, bars, as_of).bind(lambda ready: _drafted(ready, bars, as_of))


def _with_market(run: Run, bars: DecidingBars, as_of: date) -> Onward:
    """How the symbols are traded, and at which prices they are planned."""
    symbols = symbols_of(run)
    instruments = run.desk.broker.instruments(symbols)
    if isinstance(instruments, Failure):
        return refused(run, instruments.failure())
    quotes = run.desk.quotes.quotes(symbols)
    if isinstance(quotes, Failure):
        return refused(run, quotes.failure(), Ending.NO_DATA)
    quoted = dict(quotes.unwrap())
    marks = {**bars.closes.marks(as_of, symbols), **_marks(run, quoted)}
    traded = {
        symbol: changed(found, tradable=False) if symbol in run.left_alone else found
        for symbol, found in instruments.unwrap().items()
    }
    return Success(changed(run, instruments=traded, quotes=quoted, marks=_aged(run, marks)))


def symbols_of(run: Run) -> tuple[Symbol, ...]:
    """Every symbol that is watched, traded or held, sorted."""
    books = run.ledger.books
    held = () if books is None else books.combined().positions.keys()
    return tuple(sorted({*run.terms.mandate.symbols, *held}))


def _marks(run: Run, quotes: Mapping[Symbol, Quote]) -> dict[Symbol, Mark]:
    """The mids of the quotes that may be traded on."""
    now = run.desk.clock.now()
    judged = {s: q.mark(run.terms.day, now, run.terms.quotes) for s, q in quotes.items()}
    return {s: mark.unwrap() for s, mark in judged.items() if isinstance(mark, Success)}


def _aged(run: Run, marks: Mapping[Symbol, Mark]) -> dict[Symbol, Mark]:
    """A close of an earlier session values what is held; it is never the price of a trade."""
    return {
        symbol: mark if mark.session == run.terms.day else changed(mark, age=mark.age + 1)
        for symbol, mark in marks.items()
    }


def _drafted(run: Run, bars: DecidingBars, as_of: date) -> Onward:
    if run.seen is None:
        raise ValueError("a cycle is drafted after the account was reconciled")
    facts = CycleFacts(
        key=run.key,
        as_of=as_of,
        considered=_considered(run, bars, as_of),
        instruments=run.instruments,
        marks=run.marks,
        closes=bars.closes.marks(as_of, symbols_of(run)),
        account_cash=run.seen.account.cash,
    )
    drafted = draft_cycle(run.ledger, run.terms.mandate, facts)
    if isinstance(drafted, Failure):
        why = drafted.failure()
        failed = isinstance(why, StrategiesFailed)
        return refused(run, why, Ending.NO_DATA if failed else Ending.REFUSED)
    draft = drafted.unwrap()
    told = changed(draft, alerts=(*bars.alerts, *draft.alerts)) if bars.alerts else draft
    return Success(changed(run, draft=told))


def _considered(
    run: Run, bars: DecidingBars, as_of: date
) -> dict[str, Result[Considered, StrategyError]]:
    """What each strategy decides, told when it was asked last."""
    memory = run.ledger.decided
    return {
        entry.strategy.name: bars.decisions.consider(
            entry.strategy,
            as_of,
            memory[entry.strategy.name].as_of if entry.strategy.name in memory else None,
        )
        for entry in run.terms.mandate.strategies
    }
