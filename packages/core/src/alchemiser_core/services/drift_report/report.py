"""Drift: in what an account came to differ from its back-test, and by how much each time.

From the back-test to the account, one thing after the other is taken as it really was: the
decisions, the sessions traded, the shares, their prices, their costs, and what happened beside the
orders. Each step is one part, so that the parts add up to the whole difference to the cent.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.journal.events import JournalEvent
from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.undecidable import StrategyError
from alchemiser_core.services.backtest import (
    BacktestError,
    BacktestResult,
    BacktestSettings,
    MissingOpen,
    StrategyDecisions,
    backtest,
)
from alchemiser_core.services.backtest.preparation import prepare
from alchemiser_core.services.drift_report.record import LiveRecord, live_record
from alchemiser_core.services.drift_report.stages import (
    Counterpart,
    assumed,
    charged,
    in_cents,
    on_live_sessions,
    paid,
    replayed,
)
from alchemiser_core.services.drift_report.tables import (
    DecisionDifference,
    as_decided_then,
    differences,
)
from alchemiser_core.services.rehearsal import RehearsalSettings, backtest_settings
from alchemiser_core.services.trading import Mandate, precomputed


class Cause(StrEnum):
    """What a part of the difference comes from."""

    DATA = "data"
    """Decisions were others, because the bars were."""
    TIMING = "timing"
    """Traded on other sessions, or not at all."""
    AMOUNTS = "amounts"
    """Other shares than the target asks for: orders not filled, limits, bands, rounding."""
    PRICE = "price"
    """Filled at other prices than the back-test's."""
    COST = "cost"
    """Charged otherwise than assumed."""
    OUTSIDE = "outside"
    """Deposits, withdrawals, dividends, interest, accepted differences."""
    VALUATION = "valuation"
    """The last valuation is not at the closes, or of symbols that the back-test does not know."""


@frozen
class DriftPart:
    """One part of the difference."""

    cause: Cause
    amount: Usd
    """US dollars that the account has more (less, where negative) because of it."""


@frozen(eq=False)
class DriftReport:
    """An account beside the back-test of the same dates."""

    start: date
    """The first session that decided."""
    end: date
    """The session of the last valuation."""
    live: Usd
    """Equity of the account at the end."""
    backtest: Usd
    """That of the back-test."""
    parts: tuple[DriftPart, ...]
    """Adding up to `difference` exactly; each cause once."""
    decisions: tuple[DecisionDifference, ...]
    """Every decision that would be another one now."""
    only_live: tuple[date, ...]
    """Sessions on which the account traded and the back-test does not."""
    only_backtest: tuple[date, ...]
    result: BacktestResult
    """The back-test, from the decisions as they are now."""

    @property
    def difference(self) -> Usd:
        """What the account has more than the back-test, US dollars."""
        return Usd(self.live - self.backtest)

    def part(self, cause: Cause) -> Usd:
        """The part of one cause."""
        (amount,) = (part.amount for part in self.parts if part.cause is cause)
        return amount


@frozen
class NothingToCompare:
    """A journal in which nothing was decided, valued or put in."""

    def problems(self) -> tuple[Problem, ...]:
        """One problem."""
        return (
            Problem(
                code="nothing-to-compare",
                what="the journal has no decision, no valuation or no money to compare",
                hint="trade or rehearse first",
            ),
        )


DriftError = NothingToCompare | StrategyError | BacktestError


def drift_report(
    history: BarHistory,
    mandate: Mandate,
    events: Iterable[JournalEvent],
    missing_open: MissingOpen = MissingOpen.ERROR,
) -> Result[DriftReport, DriftError]:
    """Compare an account with its back-test, from its first decision to its last valuation.

    `history` are the bars as they are now, total-return adjusted or not as the feed has them.
    Failures: `NothingToCompare`, `StrategyFailed`, those of the back-test.
    """
    record = live_record(events)
    start = record.first_decision
    if start is None or not record.valued or record.put_in <= 0:
        return Failure(NothingToCompare())
    decided = precomputed(history, tuple(entry.strategy for entry in mandate.strategies))
    if isinstance(decided, Failure):
        return Failure(decided.failure())
    now = tuple(
        StrategyDecisions(entry.strategy.name, found.table, found.policy, entry.share)
        for entry in mandate.strategies
        for found in (decided.unwrap().decided[entry.strategy.name],)
    )
    asked = _settings(mandate, record, start, missing_open)
    tested = backtest(history, now, asked)
    if isinstance(tested, Failure):
        return Failure(tested.failure())
    return _compared(history, now, record, tested.unwrap(), asked)


def _settings(
    mandate: Mandate, record: LiveRecord, start: date, missing_open: MissingOpen
) -> BacktestSettings:
    end = record.valued[-1].session
    wanted = RehearsalSettings(start, end, Usd(record.put_in), missing_open)
    return backtest_settings(mandate, wanted)


def _compared(
    history: BarHistory,
    now: tuple[StrategyDecisions, ...],
    record: LiveRecord,
    tested: BacktestResult,
    asked: BacktestSettings,
) -> Result[DriftReport, DriftError]:
    then = tuple(as_decided_then(each, record, history) for each in now)
    with_live = backtest(history, then, asked)
    if isinstance(with_live, Failure):
        return Failure(with_live.failure())
    prepared = prepare(history, then, with_live.unwrap().period, asked)
    if isinstance(prepared, Failure):
        return Failure(prepared.failure())
    beside = Counterpart(prepared.unwrap(), with_live.unwrap())
    timed = on_live_sessions(beside, record)
    if isinstance(timed, Failure):
        return Failure(timed.failure())
    stages = _stages(beside, record, tested, timed.unwrap(), asked.cost_fraction)
    traded = {day for own in record.traded.values() for day in own.values()}
    expected = {tested.period.sessions[row].item() for row in tested.account.fill_rows.tolist()}
    return Success(
        DriftReport(
            start=tested.start,
            end=tested.end,
            live=stages[-1],
            backtest=stages[0],
            parts=tuple(
                DriftPart(cause, Usd(after - before))
                for cause, before, after in zip(Cause, stages, stages[1:], strict=False)
            ),
            decisions=tuple(d for each in now for d in differences(each, record, history)),
            only_live=tuple(sorted(traded - expected)),
            only_backtest=tuple(sorted(expected - traded)),
            result=tested,
        )
    )


def _stages(
    beside: Counterpart,
    record: LiveRecord,
    tested: BacktestResult,
    timed: Usd,
    rate: Decimal,
) -> tuple[Usd, ...]:
    """Equity at the end, before the first cause and after each, in the order of `Cause`."""
    as_assumed = assumed(beside, rate)
    real = replayed(beside, record, paid, charged)
    return (
        in_cents(tested.final_equity),
        in_cents(beside.result.final_equity),
        timed,
        replayed(beside, record, beside.fill_price, as_assumed),
        replayed(beside, record, paid, as_assumed),
        real,
        Usd(real + record.outside),
        record.valued[-1].equity,
    )
