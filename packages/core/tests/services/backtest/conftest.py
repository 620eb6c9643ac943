"""Small markets and decisions for the tests of the back-test."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from numpy.typing import NDArray

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.decision import Decisions
from alchemiser_core.domain.rebalance_policy import RebalancePolicy
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.backtest import StrategyDecisions

Rows = Sequence[Sequence[float]]
MakeHistory = Callable[..., BarHistory]
MakeStrategy = Callable[..., StrategyDecisions]


def weekdays(count: int, first: date = date(2020, 1, 6)) -> NDArray[np.datetime64]:
    return np.busday_offset(np.datetime64(first), np.arange(count), roll="forward")


@pytest.fixture
def make_history() -> MakeHistory:
    """`make_history([[100, 50], [101, 51]], opens=...)`: sessions x symbols A, B, ..."""

    def make(
        closes: Rows,
        opens: Rows | None = None,
        symbols: str = "ABCDEFGH",
        first: date = date(2020, 1, 6),
    ) -> BarHistory:
        close = np.array(closes, dtype=np.float64)
        return BarHistory(
            sessions=weekdays(len(close), first),
            symbols=tuple(Symbol(s) for s in symbols[: close.shape[1]]),
            close=close,
            open=None if opens is None else np.array(opens, dtype=np.float64),
        )

    return make


@pytest.fixture
def make_strategy() -> MakeStrategy:
    """`make_strategy(history, {row: {"A": 0.5}})`: rows that are not named are undecidable."""

    def make(
        history: BarHistory,
        weights: dict[int, dict[str, float]],
        policy: RebalancePolicy | None = None,
        name: str = "strategy",
        share: str = "1",
        changed: Sequence[int] = (),
    ) -> StrategyDecisions:
        symbols = tuple(Symbol(s) for s in sorted({s for row in weights.values() for s in row}))
        table = [[weights[row].get(s, 0.0) for s in symbols] for row in sorted(weights)]
        rows = np.array(sorted(weights), dtype=np.intp)
        decisions = Decisions(
            sessions=history.sessions[rows],
            rows=rows,
            symbols=symbols,
            weights=np.array(table, dtype=np.float64).reshape(len(rows), len(symbols)),
            path_changed=np.isin(rows, list(changed)),
        )
        return StrategyDecisions(name, decisions, policy or RebalancePolicy(), Decimal(share))

    return make
