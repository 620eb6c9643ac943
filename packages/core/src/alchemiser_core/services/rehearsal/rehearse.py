"""Rehearse a mandate over history: the real trading cycle, session by session, on a simulated
exchange whose prices are those of the back-test.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
from attrs import define, field
from returns.result import Failure, Result, Success

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.instrument import NINE_DECIMALS, ONE_SHARE
from alchemiser_core.domain.journal.events import PlanCommitted
from alchemiser_core.domain.performance import EquityCurve, statistics_of
from alchemiser_core.domain.portfolio.book import Books
from alchemiser_core.domain.undecidable import StrategyError
from alchemiser_core.ports.order_journal import JournalFailure, OrderJournal
from alchemiser_core.services.backtest import (
    BacktestError,
    BacktestResult,
    BacktestSettings,
    StrategyDecisions,
    backtest,
)
from alchemiser_core.services.backtest.account import AccountPath
from alchemiser_core.services.backtest.books_path import BooksRecord, books_path
from alchemiser_core.services.backtest.preparation import prepare
from alchemiser_core.services.cycle import DecidingBars, Ended, Ending, Known, trade
from alchemiser_core.services.ledger import Ledger
from alchemiser_core.services.rehearsal.bound import rehearsal_bound
from alchemiser_core.services.rehearsal.result import AgainstBacktest, Rehearsal, RehearsedCycle
from alchemiser_core.services.rehearsal.settings import RehearsalSettings, backtest_settings
from alchemiser_core.services.rehearsal.stage import Stage, stage
from alchemiser_core.services.trading import LastCloses, Mandate, PrecomputedDecisions, precomputed

RehearsalError = StrategyError | BacktestError | JournalFailure


def rehearse(
    history: BarHistory, mandate: Mandate, settings: RehearsalSettings, journal: OrderJournal
) -> Result[Rehearsal, RehearsalError]:
    """Trade every session of the period and compare with the back-test of the same dates.

    `journal` is new and empty. Failures: those of the back-test, `StrategyFailed`, and a journal
    that cannot be read or written. A cycle that is refused is none: it is in the result, and the
    next session goes on.
    """
    decided = precomputed(history, tuple(entry.strategy for entry in mandate.strategies))
    if isinstance(decided, Failure):
        return Failure(decided.failure())
    strategies = _decisions(mandate, decided.unwrap())
    asked = backtest_settings(mandate, settings)
    tested = backtest(history, strategies, asked)
    if isinstance(tested, Failure):
        return Failure(tested.failure())
    prepared = prepare(history, strategies, tested.unwrap().period, asked)
    if isinstance(prepared, Failure):
        return Failure(prepared.failure())
    bars = DecidingBars(history.sessions, decided.unwrap(), LastCloses(history))
    run = _Run(stage(prepared.unwrap(), mandate, settings, bars, journal))
    run.all_sessions(asked)
    if run.stage.journal.failure is not None:
        return Failure(run.stage.journal.failure)
    return Success(run.result(tested.unwrap(), asked))


def _decisions(mandate: Mandate, decided: PrecomputedDecisions) -> tuple[StrategyDecisions, ...]:
    return tuple(
        StrategyDecisions(
            entry.strategy.name,
            decided.decided[entry.strategy.name].table,
            decided.decided[entry.strategy.name].policy,
            entry.share,
        )
        for entry in mandate.strategies
    )


@define(eq=False)
class _Run:
    """A rehearsal in the making."""

    stage: Stage
    cycles: list[RehearsedCycle] = field(factory=list)
    record: BooksRecord = field(factory=BooksRecord)
    kept: list[float] = field(factory=list)
    """US dollars that the buys of each session in the record had to leave."""
    known: Known = field(factory=Known)
    ledger: Ledger = field(factory=Ledger)

    def all_sessions(self, asked: BacktestSettings) -> None:
        """Trade from the first session that can be filled to the last."""
        for row in range(asked.fill_delay, len(self.stage.prepared.period)):
            if self.stage.journal.failure is None:
                self._session(row)

    def _session(self, row: int) -> None:
        before = len(self.stage.exchange.executions)
        ended = trade(self.stage.desk, self.stage.terms(row), known=self.known)
        self.known, self.ledger = self._known(ended), ended.run.ledger
        fills = len(self.stage.exchange.executions) - before
        day: date = self.stage.prepared.period.sessions[row].item()
        self.cycles.append(RehearsedCycle(day, ended.ending, fills, ended.found))
        plan = _plan(ended)
        if plan is not None and ended.run.ledger.books is not None:
            self._note(row, ended.run.ledger.books, before)
            self.kept.append(float(plan.kept_cash))

    def _known(self, ended: Ended) -> Known:
        """What need not be read again; everything is, after a cycle that did not end well."""
        if ended.ending not in (Ending.COMPLETE, Ending.NOTHING_TO_DO):
            return Known()
        return Known(self.stage.journal.last, ended.run.ledger, ended.run.traded)

    def _note(self, row: int, books: Books, before: int) -> None:
        """What every book holds now, and what the exchange has traded."""
        prices, record = self.stage.prepared.prices, self.record
        own = [books.books[name].portfolio for name in self._names()]
        costs = np.array([float(portfolio.costs) for portfolio in own])
        traded = np.zeros(len(prices.symbols))
        for execution in self.stage.exchange.executions[before:]:
            traded[prices.place[execution.symbol]] += float(execution.value)
        record.rows.append(row)
        record.units.append(np.array([[float(p.quantity(s)) for s in prices.symbols] for p in own]))
        record.cash.append(np.array([float(portfolio.cash) for portfolio in own]))
        record.costs.append(costs - sum(record.costs, start=np.zeros(len(costs))))
        record.traded.append(traded)

    def _names(self) -> Sequence[str]:
        return [book.strategy.name for book in self.stage.prepared.books]

    def result(self, tested: BacktestResult, asked: BacktestSettings) -> Rehearsal:
        """Everything, once the last session is over."""
        account = books_path(self.stage.prepared, self.record, ()).account
        curve = EquityCurve(account.sessions, account.equity)
        return Rehearsal(
            account=account,
            curve=curve,
            statistics=statistics_of(curve),
            cycles=tuple(self.cycles),
            executions=tuple(self.stage.exchange.executions),
            alerts=tuple(self.stage.witness.alerts),
            ledger=self.ledger,
            backtest=tested,
            against=_against(account, self, tested, asked),
            synthetic=tested.synthetic,
        )


def _plan(ended: Ended) -> PlanCommitted | None:
    return None if ended.run.draft is None else ended.run.draft.plan


def _against(
    account: AccountPath, run: _Run, tested: BacktestResult, asked: BacktestSettings
) -> AgainstBacktest:
    off = np.abs(account.equity / tested.curve.equity - 1.0)
    worst = int(off.argmax())
    increment = float(ONE_SHARE if asked.whole_shares else NINE_DECIMALS)
    costs = float(asked.cost_fraction)
    bound = rehearsal_bound(account, run.record, run.kept, increment, costs)
    return AgainstBacktest(float(off[worst]), account.sessions[worst].item(), bound)
