"""Synthetic bars for any symbols: moody enough that every rule of the strategies gets its day."""

import numpy as np
import pytest

from alchemiser_core.domain.bars import BarHistory

YOUNG = {"KMLM": 60, "FNGU": 320, "SVIX": 150, "UVIX": 150, "SMR": 200, "OKLO": 400}
"""Sessions before the first price of some symbols."""


def market(symbols, sessions=600, seed=1, young=YOUNG):
    """Random walks around a common one whose drift and volatility change every 40 sessions."""
    rng = np.random.default_rng(seed)
    moods = rng.normal(0.0, 0.006, sessions // 40 + 1).repeat(40)[:sessions]
    storms = rng.uniform(0.4, 2.5, sessions // 40 + 1).repeat(40)[:sessions]
    common = moods + storms * rng.normal(0.0, 0.008, sessions)
    beta = rng.uniform(-2.5, 3.0, len(symbols))
    own = rng.normal(0.0, 0.01, (sessions, len(symbols)))
    close = 100 * np.exp(np.cumsum(common[:, None] * beta + own, axis=0))
    for symbol, first in young.items():
        if symbol in symbols:
            close[:first, symbols.index(symbol)] = np.nan
    days = np.busday_offset(np.datetime64("2021-01-04"), np.arange(sessions), roll="forward")
    return BarHistory(days, tuple(symbols), close, synthetic=True)


@pytest.fixture
def synthetic_market():
    """The function that makes the bars."""
    return market
