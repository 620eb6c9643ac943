"""Decisions of small symphonies, and a second vendor whose bars a test may change."""

from collections.abc import Callable, Mapping

import numpy as np
import pytest
from attrs import evolve

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.indicator_check import Decided, StrategyPath
from alchemiser_core.symphony import read
from alchemiser_core.symphony.strategy import SymphonyStrategy
from alchemiser_core.testing.bars import wandering_history


@pytest.fixture
def history() -> BarHistory:
    """300 sessions of four walks."""
    return wandering_history(["AAA", "BBB", "CCC", "DDD"], 300)


@pytest.fixture
def decided(history: BarHistory) -> Callable[..., Decided]:
    """What bodies of symphonies decide at the last session, each as a strategy of its own."""

    def decide(
        *bodies: str,
        replaced: Mapping[Symbol, Symbol] | None = None,
        bars: BarHistory = history,
    ) -> Decided:
        day = bars.session(len(bars) - 1)
        paths = []
        for number, body in enumerate(bodies, start=1):
            name = f"s{number}"
            text = f'(defsymphony "{name}" {{:rebalance-frequency :daily}} {body})'
            strategy = SymphonyStrategy(name, read(text).unwrap().symphony)
            reasons = strategy.decide(bars, day).unwrap().reasons
            paths.append(StrategyPath(name, reasons, replaced or {}))
        return Decided(day, tuple(paths), bars)

    return decide


@pytest.fixture
def changed(history: BarHistory) -> Callable[..., BarHistory]:
    """The bars with closes of a symbol multiplied, from a row to the end."""

    def change(symbol: str, by: float, row: int = 0) -> BarHistory:
        close = np.array(history.close)
        close[row:, history.columns[Symbol(symbol)]] *= by
        return evolve(history, close=close, open=None, high=None, low=None)

    return change
