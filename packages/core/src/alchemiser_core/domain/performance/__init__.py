"""Performance: equity curves, their statistics, drawdowns and turnover."""

from alchemiser_core.domain.performance.benchmark import Benchmark
from alchemiser_core.domain.performance.drawdown import (
    Drawdown,
    drawdowns,
    max_drawdown,
    worst_drawdown,
)
from alchemiser_core.domain.performance.equity_curve import SESSIONS_A_YEAR, EquityCurve
from alchemiser_core.domain.performance.statistics import Statistics, statistics_of
from alchemiser_core.domain.performance.turnover import annual_turnover

__all__ = [
    "SESSIONS_A_YEAR",
    "Benchmark",
    "Drawdown",
    "EquityCurve",
    "Statistics",
    "annual_turnover",
    "drawdowns",
    "max_drawdown",
    "statistics_of",
    "worst_drawdown",
]
