"""The figures that sum up an equity curve.

They agree with empyrical; a figure that is undefined is `None`, never 0 or infinite.
"""

from math import sqrt

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from alchemiser_core.domain.performance.drawdown import max_drawdown
from alchemiser_core.domain.performance.equity_curve import SESSIONS_A_YEAR, EquityCurve

_ROUNDING = 1e-15
"""A deviation of returns under this is noise of division; a ratio over it would mean nothing."""


@frozen
class Statistics:
    """Fractions, not percent: 0.05 is 5 %. `None` where a figure is undefined."""

    total_return: float
    cagr: float | None
    """Compound growth over a year of 252 sessions."""
    volatility: float | None
    """Sample deviation (ddof 1) of returns, times sqrt(252)."""
    sharpe: float | None
    """Mean return over sample deviation, times sqrt(252); no risk-free rate."""
    sortino: float | None
    """Mean return over the root mean square of the losses, times sqrt(252)."""
    max_drawdown: float
    """Positive."""
    calmar: float | None
    """`cagr / max_drawdown`."""


def statistics_of(curve: EquityCurve) -> Statistics:
    """All figures of a curve; those that need more returns than there are, are `None`."""
    growth = curve.final / float(curve.equity[0])
    annual = _cagr(growth, curve.years)
    fall = max_drawdown(curve)
    deviation = _deviation(curve.returns)
    return Statistics(
        total_return=growth - 1.0,
        cagr=annual,
        volatility=None if deviation is None else deviation * sqrt(SESSIONS_A_YEAR),
        sharpe=_annual_ratio(curve.returns, deviation),
        sortino=_annual_ratio(curve.returns, _downside(curve.returns)),
        max_drawdown=fall,
        calmar=None if annual is None or fall == 0 else annual / fall,
    )


def _cagr(growth: float, years: float) -> float | None:
    if years == 0 or growth < 0:
        return None
    try:
        return float(growth ** (1.0 / years)) - 1.0
    except OverflowError:
        return None


def _deviation(returns: NDArray[np.float64]) -> float | None:
    return float(returns.std(ddof=1)) if len(returns) > 1 else None


def _downside(returns: NDArray[np.float64]) -> float | None:
    if len(returns) < 2:
        return None
    losses = np.minimum(returns, 0.0)
    return sqrt(float(np.mean(losses * losses)))


def _annual_ratio(returns: NDArray[np.float64], deviation: float | None) -> float | None:
    if deviation is None or deviation <= _ROUNDING:
        return None
    return float(returns.mean()) / deviation * sqrt(SESSIONS_A_YEAR)
