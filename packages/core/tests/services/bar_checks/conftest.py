"""Quiet markets, and histories with one thing that is odd in them."""

from collections.abc import Callable

import numpy as np
import pytest
from attrs import evolve

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.testing.bars import wandering_history

SESSIONS = 120


@pytest.fixture
def quiet() -> BarHistory:
    """Twelve symbols, S00 to S11, over 120 sessions, in which nothing is odd; closes only."""
    whole = wandering_history([f"S{number:02}" for number in range(12)], SESSIONS)
    return evolve(whole, open=None, high=None, low=None, volume=None)


@pytest.fixture
def with_close(quiet: BarHistory) -> Callable[..., BarHistory]:
    """A function that puts prices into the quiet market: rows and columns as in numpy."""

    def put(rows, columns, value, history: BarHistory = quiet) -> BarHistory:
        close = history.close.copy()
        close[rows, columns] = value
        return evolve(history, close=close)

    return put


@pytest.fixture
def scaled(quiet: BarHistory) -> Callable[..., BarHistory]:
    """A function that multiplies all closes of a symbol from a row on, as a split does."""

    def scale(row: int, column: int, factor: float, history: BarHistory = quiet) -> BarHistory:
        close = np.array(history.close)
        close[row:, column] *= factor
        return evolve(history, close=close)

    return scale
