"""Stores and series that tests of the bar store begin with."""

import numpy as np
import pytest

from alchemiser_app.bar_store.series import COLUMNS, StoredSeries
from alchemiser_app.bar_store.store import create_store
from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.testing.bars import wandering_history


def _series(symbol="SPY", count=40, basis=PriceBasis.ADJUSTED, seed=0, **changes):
    """Bars that wander, other ones for every seed."""
    history = wandering_history((symbol,), count, seed)
    columns = {name: getattr(history, name)[:, 0].copy() for name in COLUMNS}
    given = {
        "symbol": symbol,
        "days": history.sessions.copy(),
        "basis": basis,
        "source": "alpaca",
        "synthetic": False,
        **columns,
    }
    return StoredSeries(**{**given, **changes})


def _same(one, other):
    """Whether two series agree in every bit and word."""
    words = ("symbol", "basis", "source", "synthetic", "origin", "bad_prices")
    return (
        all(getattr(one, name) == getattr(other, name) for name in words)
        and np.array_equal(one.days, other.days)
        and all(one.column(name).tobytes() == other.column(name).tobytes() for name in COLUMNS)
    )


@pytest.fixture(scope="session")
def series():
    """Makes series: `series("SPY", count=40, basis=PriceBasis.ADJUSTED, seed=0, ...)`."""
    return _series


@pytest.fixture(scope="session")
def same():
    """Whether two series agree in every bit and word."""
    return _same


@pytest.fixture
def store(tmp_path):
    return create_store(tmp_path / "bars").unwrap()
