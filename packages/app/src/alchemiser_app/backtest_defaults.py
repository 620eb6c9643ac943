"""The settings of a back-test as the configuration gives them; flags of the command come on top."""

from alchemiser_core.config import Configuration, DecideOn
from alchemiser_core.services.backtest.settings import (
    BacktestSettings,
    FillTiming,
)

_FILLS = {
    DecideOn.PREVIOUS_CLOSE: FillTiming.NEXT_CLOSE,
    DecideOn.AFTER_CLOSE: FillTiming.NEXT_OPEN,
    DecideOn.PROVISIONAL: FillTiming.CLOSE,
}


def fill_timing(configuration: Configuration) -> FillTiming:
    """The fill that rehearses `decide_on` where it is set; else the close that decided."""
    decide_on = configuration.settings.decide_on
    return FillTiming.CLOSE if decide_on is None else _FILLS[decide_on]


def backtest_settings(configuration: Configuration) -> BacktestSettings:
    """Costs, fill, whole shares and the rhythm of the books; the rest are the defaults."""
    settings = configuration.settings
    return BacktestSettings(
        cost_bps=settings.costs.cost_bps,
        slippage_bps=settings.costs.slippage_bps,
        fill=fill_timing(configuration),
        whole_shares=settings.planning.whole_shares,
        rebalance_books=settings.portfolio.rebalance_books,
    )
