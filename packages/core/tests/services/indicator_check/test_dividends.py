"""Prices of two vendors of which just one has dividends in them, laid side by side."""

import numpy as np
import pytest
from attrs import evolve

from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.services.indicator_check.dividends import with_our_dividends
from alchemiser_core.testing.bars import wandering_history

ADJUSTED = evolve(wandering_history(["AAA", "BBB"], 60), basis=PriceBasis.ADJUSTED)
ON_THE_DAY = 0.005


def close_of(history, **changes):
    return evolve(history, open=None, high=None, low=None, **changes)


def unadjusted(rows, size=0.004):
    """AAA's prices as they were traded: with the dividends of these rows not taken out before."""
    close = np.array(ADJUSTED.close)
    for row in rows:
        close[:row, 0] /= 1 - size
    return close_of(ADJUSTED, close=close, basis=PriceBasis.RAW)


def moves(history):
    return history.close[1:] / history.close[:-1]


@pytest.mark.parametrize("rows", [(-1,), (-20,), (-40, -20, -2)])
@pytest.mark.parametrize("is_ours", [True, False])
def test_returns_become_the_same_and_the_last_close_stays(rows, is_ours):
    pair = (ADJUSTED, unadjusted(rows))
    ours, theirs = pair if is_ours else pair[::-1]
    found = with_our_dividends(ours, theirs, ON_THE_DAY)
    assert moves(found) == pytest.approx(moves(ours), rel=1e-12)
    assert found.close[-1] == pytest.approx(theirs.close[-1], rel=1e-12)


def test_a_close_that_is_off_for_a_day_moves_no_other():
    close = np.array(ADJUSTED.close)
    close[[-30, -20, -10], 0] *= 0.996
    theirs = close_of(ADJUSTED, close=close, basis=PriceBasis.RAW)
    found = with_our_dividends(ADJUSTED, theirs, ON_THE_DAY)
    assert found.close == pytest.approx(theirs.close, rel=1e-12)


def test_days_and_prices_that_one_lacks_are_no_matter():
    traded = unadjusted((-20,))
    close = np.array(traded.close)
    close[[3, -25], 0] = np.nan
    close[:, 1] = np.nan
    days = np.delete(np.arange(60), [0, 30, 45])
    lacking = close_of(traded, sessions=traded.sessions[days], close=close[days], volume=None)
    found = with_our_dividends(ADJUSTED, lacking, ON_THE_DAY)
    expected = ADJUSTED.close[days, 0].copy()
    expected[np.isnan(close[days, 0])] = np.nan
    assert found.close[:, 0] == pytest.approx(expected, rel=1e-12, nan_ok=True)
    assert np.isnan(found.close[:, 1]).all()


def test_bars_without_a_day_or_a_price_in_common_are_taken_as_they_are():
    traded = unadjusted((-20,))
    later = evolve(traded, sessions=traded.sessions + 1000)
    assert with_our_dividends(ADJUSTED, later, ON_THE_DAY) is later
    empty = close_of(traded, close=np.full((60, 2), np.nan))
    assert np.isnan(with_our_dividends(ADJUSTED, empty, ON_THE_DAY).close).all()
