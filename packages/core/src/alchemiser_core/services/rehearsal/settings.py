"""What a rehearsal is asked."""

from datetime import date
from decimal import Decimal

from attrs import field, frozen

from alchemiser_core.config.settings import DecideOn
from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.risk.limits import RiskLimits
from alchemiser_core.execution import ExecutionRules
from alchemiser_core.services.backtest import BacktestSettings, FillTiming, MissingOpen
from alchemiser_core.services.trading import Mandate

_FILLS = {
    DecideOn.PREVIOUS_CLOSE: FillTiming.NEXT_CLOSE,
    DecideOn.AFTER_CLOSE: FillTiming.NEXT_OPEN,
    DecideOn.PROVISIONAL: FillTiming.CLOSE,
}


@frozen
class RehearsalSettings:
    """Dates, cash, and the rules that are not part of the mandate."""

    start: date | None = None
    """First session that decides; `None` for the first after the last undecidable one."""
    end: date | None = None
    """Last session, inclusive; `None` for all there is."""
    cash: Usd = field(default=Usd(Decimal(100_000)))
    """US dollars before the first trade, in whole cents."""
    missing_open: MissingOpen = MissingOpen.ERROR
    execution: ExecutionRules = field(factory=ExecutionRules)
    limits: RiskLimits = field(factory=RiskLimits)


def backtest_settings(mandate: Mandate, settings: RehearsalSettings) -> BacktestSettings:
    """The back-test of the same dates, costs and bars that decide."""
    return BacktestSettings(
        start=settings.start,
        end=settings.end,
        cash=settings.cash,
        cost_bps=mandate.costs.cost_bps,
        slippage_bps=mandate.costs.slippage_bps,
        fill=_FILLS[mandate.decide_on],
        missing_open=settings.missing_open,
        whole_shares=mandate.planning.whole_shares,
        rebalance_books=mandate.rebalance_books,
    )
