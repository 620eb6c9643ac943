"""The figures of an equity curve agree with empyrical, and are `None` where they are undefined."""

import warnings

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from alchemiser_core.domain.performance import (
    EquityCurve,
    annual_turnover,
    drawdowns,
    max_drawdown,
    statistics_of,
    worst_drawdown,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import empyrical


def curve_of(equity: NDArray[np.float64] | list[float]) -> EquityCurve:
    values = np.array(equity, dtype=np.float64)
    return EquityCurve(np.datetime64("2020-01-01") + np.arange(len(values)), values)


def random_curve(seed: int) -> EquityCurve:
    rng = np.random.default_rng(seed)
    returns = rng.normal(0.0004, 0.012, int(rng.integers(2, 900)))
    return curve_of(100_000 * np.concatenate(([1.0], np.cumprod(1 + returns))))


@pytest.mark.parametrize("seed", range(25))
def test_every_figure_agrees_with_empyrical(seed: int) -> None:
    curve = random_curve(seed)
    found = statistics_of(curve)
    returns = pd.Series(curve.equity).pct_change().dropna()
    expected = {
        "total_return": empyrical.cum_returns_final(returns),
        "cagr": empyrical.cagr(returns),
        "volatility": empyrical.annual_volatility(returns),
        "sharpe": empyrical.sharpe_ratio(returns),
        "sortino": empyrical.sortino_ratio(returns),
        "max_drawdown": -empyrical.max_drawdown(returns),
        "calmar": empyrical.calmar_ratio(returns),
    }
    for name, value in expected.items():
        assert getattr(found, name) == pytest.approx(value, rel=1e-9, abs=1e-12), name


def test_one_session_has_a_return_of_zero_and_nothing_else() -> None:
    found = statistics_of(curve_of([100.0]))
    assert (found.total_return, found.max_drawdown) == (0.0, 0.0)
    assert found.cagr is None
    assert found.volatility is None
    assert found.sharpe is None
    assert found.sortino is None
    assert found.calmar is None


def test_cash_has_no_ratio_but_a_growth_of_zero() -> None:
    found = statistics_of(curve_of([100.0] * 30))
    assert (found.cagr, found.volatility) == (0.0, 0.0)
    assert found.sharpe is None
    assert found.sortino is None
    assert found.calmar is None


def test_steady_growth_has_no_sharpe_ratio_made_of_rounding_noise() -> None:
    found = statistics_of(curve_of(100 * 1.001 ** np.arange(300)))
    assert found.sharpe is None
    assert found.cagr == pytest.approx(1.001**252 - 1)


def test_without_a_loss_there_is_no_sortino_and_no_calmar() -> None:
    found = statistics_of(curve_of([100.0, 101.0, 104.0, 104.5]))
    assert found.sortino is None
    assert found.calmar is None
    assert found.sharpe is not None


def test_growth_too_large_for_a_float_is_undefined() -> None:
    assert statistics_of(curve_of([1.0, 1e200])).cagr is None


def test_a_drawdown_is_positive_and_counts_from_the_starting_cash() -> None:
    curve = curve_of([100.0, 90.0, 95.0, 120.0, 60.0, 90.0])
    np.testing.assert_allclose(drawdowns(curve), [0, 0.1, 0.05, 0, 0.5, 0.25])
    assert max_drawdown(curve) == 0.5


def test_the_worst_drawdown_has_its_dates() -> None:
    curve = curve_of([100.0, 120.0, 60.0, 90.0, 120.0, 110.0])
    found = worst_drawdown(curve)
    assert found is not None
    days = [day.item() for day in curve.sessions]
    assert found.depth == 0.5
    assert (found.peak, found.trough, found.recovered) == (days[1], days[2], days[4])


def test_a_drawdown_that_lasts_has_no_recovery() -> None:
    found = worst_drawdown(curve_of([100.0, 80.0, 99.0]))
    assert found is not None
    assert found.recovered is None


def test_a_curve_that_never_falls_has_no_worst_drawdown() -> None:
    assert worst_drawdown(curve_of([100.0, 100.0, 101.0])) is None


def test_turnover_is_half_the_traded_value_over_mean_equity_a_year() -> None:
    curve = curve_of([100.0] * 127)  # half a year of returns
    assert annual_turnover(50.0, curve) == pytest.approx(0.5)
    assert annual_turnover(50.0, curve_of([100.0])) is None


def test_a_curve_needs_one_value_a_session() -> None:
    days = np.datetime64("2020-01-01") + np.arange(3)
    with pytest.raises(ValueError, match="3 sessions"):
        EquityCurve(days, np.ones(2))
