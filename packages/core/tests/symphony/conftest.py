from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.rebalance_policy import RebalancePolicy
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.symphony.ast import Block, Symphony
from alchemiser_core.symphony.strategy import SymphonyStrategy


def _history(closes: Mapping[str, Sequence[float]]) -> BarHistory:
    columns = [np.asarray(values, dtype=float) for values in closes.values()]
    sessions = np.datetime64("2024-01-01") + np.arange(len(columns[0]))
    return BarHistory(
        sessions=sessions,
        symbols=tuple(Symbol(symbol) for symbol in closes),
        close=np.column_stack(columns),
    )


@pytest.fixture
def history() -> Callable[[Mapping[str, Sequence[float]]], BarHistory]:
    """A history from closes by symbol, one session a calendar day from 2024-01-01."""
    return _history


@pytest.fixture
def strategy() -> Callable[..., SymphonyStrategy]:
    """A symphony strategy of some blocks."""

    def make(*body: Block, policy: RebalancePolicy | None = None) -> SymphonyStrategy:
        return SymphonyStrategy("s", Symphony("s", body, policy or RebalancePolicy()))

    return make


@pytest.fixture
def walk_of() -> Callable[..., np.ndarray]:
    """A seeded random walk of prices: `walk_of(seed, sessions, volatility)`."""

    def make(seed: int, sessions: int = 300, volatility: float = 0.01) -> np.ndarray:
        steps = np.random.default_rng(seed).normal(0.0, volatility, sessions)
        return 100.0 * np.exp(np.cumsum(steps))

    return make
