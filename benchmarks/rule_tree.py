"""J2: a rule tree through the engine, from text to equity curve, against the same written in numpy.

    python benchmarks/rule_tree.py

Nothing in the engine knows the rule tree. Both have to decide the same weights (1e-12) and reach
the same equity (1e-9) before they are timed, turn by turn in one run; the times are medians of
processor seconds.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
from against_plain_evaluator import NAMES, RULE_TREE
from attrs import frozen
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from symphony_of_17741_lines import seeded_history

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.decision import Decisions
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.backtest import BacktestSettings, StrategyDecisions, backtest
from alchemiser_core.symphony import expand, read
from alchemiser_core.symphony.strategy import SymphonyStrategy

Floats = NDArray[np.float64]

FIRST = 199
"""Row of the first decision: 200 closes are there."""
CASH = 100_000.0
COST = 1e-4


# --- by hand -------------------------------------------------------------------------------------


def wilder(changes: Floats, window: int) -> Floats:
    """`total = total * (window - 1) / window + change`, seeded with the sum of the first changes.

    Each pass doubles how far back a total reaches, until what is older has faded to nothing.
    """
    fade = (window - 1) / window
    total = changes[window - 1 :].copy()
    total[0] = changes[:window].sum()
    reach = 1
    while reach < len(total) and fade**reach > 1e-17:
        total[reach:] += fade**reach * total[:-reach]
        reach *= 2
    return total


def strength(close: Floats, window: int) -> Floats:
    """RSI from row `FIRST` on."""
    changes = np.diff(close)
    gains, losses = (wilder(np.maximum(side, 0.0), window) for side in (changes, -changes))
    return (100.0 * gains / (gains + losses))[FIRST - window :]


def weights_by_hand(close: Floats) -> Floats:
    """Weights of all symbols from row `FIRST` on."""
    first, second = close[:, 0], close[:, 1]
    hot = strength(first, 10) > 79.0
    cold = ~hot & (strength(second, 10) < 30.0)
    total = np.cumsum(first)
    mean = (total[FIRST:] - np.concatenate(([0.0], total[: -FIRST - 1]))) / 200.0
    calm = ~(hot | cold)
    rising = calm & (first[FIRST:] > mean)
    weights = np.zeros((len(close) - FIRST, close.shape[1]))
    weights[hot, 2] = 1.0
    weights[cold, 3] = 1.0
    momentum = close[FIRST:, 4:10] / close[FIRST - 20 : -20, 4:10]
    best = np.argpartition(momentum[rising], 4, axis=1)[:, 4:]
    weights[np.flatnonzero(rising)[:, np.newaxis], 4 + best] = 0.5
    recent = close[FIRST - 20 :, 10:14]
    returns = recent[1:] / recent[:-1] - 1.0
    falling = np.flatnonzero(calm & ~rising)
    inverse = 1.0 / sliding_window_view(returns, 20, axis=0)[falling].std(axis=-1, ddof=1)
    weights[falling, 10:14] = inverse / inverse.sum(axis=1, keepdims=True)
    return weights


def equity_by_hand(close: Floats, weights: Floats) -> Floats:
    """Equity after each day's trade at the close; targets apply to equity after costs."""
    worth = weights[:-1] * (close[FIRST + 1 :] / close[FIRST:-1])
    growth = worth.sum(axis=1) + (1.0 - weights[:-1].sum(axis=1))
    drifted = np.zeros_like(weights)
    np.divide(worth, growth[:, np.newaxis], out=drifted[1:])
    kept = np.ones(len(weights))
    for _ in range(4):
        kept = 1.0 - COST * np.abs(weights * kept[:, np.newaxis] - drifted).sum(axis=1)
    equity: Floats = CASH * np.cumprod(kept * np.concatenate(([1.0], growth)))
    equity[0] = CASH
    return equity


# --- through the engine --------------------------------------------------------------------------


def compiled() -> SymphonyStrategy:
    """The strategy, from its text."""
    symphony = read(RULE_TREE).unwrap().symphony
    strategy = SymphonyStrategy("J2", expand(symphony).unwrap())
    assert strategy.program.nodes
    return strategy


def equity_of(history: BarHistory, decisions: Decisions, start: date) -> Floats:
    """The closed-form back-test, with its figures."""
    strategies = (StrategyDecisions("J2", decisions),)
    return backtest(history, strategies, BacktestSettings(start=start)).unwrap().curve.equity


@frozen
class Job:
    """J2 on one history, both ways, step by step."""

    history: BarHistory

    @property
    def ways(self) -> dict[str, Callable[[], object]]:
        """What is timed; `engine` goes from text to equity."""
        close, start = self.history.close, self.history.session(FIRST)
        weights = weights_by_hand(close)
        strategy = compiled()
        decisions = strategy.decide_all(self.history).unwrap()

        def engine() -> Floats:
            decided = compiled().decide_all(self.history).unwrap()
            return equity_of(self.history, decided, start)

        return {
            "weights by hand": lambda: weights_by_hand(close),
            "equity by hand": lambda: equity_by_hand(close, weights),
            "by hand": lambda: equity_by_hand(close, weights_by_hand(close)),
            "read": compiled,
            "decide": lambda: strategy.decide_all(self.history),
            "back-test": lambda: equity_of(self.history, decisions, start),
            "engine": engine,
        }

    def check(self) -> None:
        """Weights and equity are the same both ways."""
        weights = weights_by_hand(self.history.close)
        decisions = compiled().decide_all(self.history).unwrap()
        decided = np.zeros(self.history.close.shape)
        columns = [self.history.columns[symbol] for symbol in decisions.symbols]
        decided[decisions.rows[:, np.newaxis], columns] = decisions.weights
        np.testing.assert_allclose(decided[FIRST:], weights, rtol=0, atol=1e-12)
        equity = equity_of(self.history, decisions, self.history.session(FIRST))
        by_hand = equity_by_hand(self.history.close, weights)
        np.testing.assert_allclose(equity, by_hand, rtol=1e-9)


def medians(ways: Sequence[Callable[[], object]], repeats: int) -> list[float]:
    """Median processor milliseconds of each, taken turn by turn."""
    taken: list[list[float]] = [[] for _ in ways]
    for _ in range(repeats):
        for way, times in zip(ways, taken, strict=True):
            begin = time.process_time()
            way()
            times.append((time.process_time() - begin) * 1e3)
    return [statistics.median(times[1:]) for times in taken]


def main() -> None:
    """One line a size and step."""
    for size, sessions in (("small", 2_520), ("long", 12_600)):
        job = Job(seeded_history(tuple(map(Symbol, NAMES)), sessions))
        job.check()
        ways = job.ways
        found = dict(zip(ways, medians(list(ways.values()), 21), strict=True))
        print(f"J2 {size}: {len(NAMES)} symbols x {sessions:,} sessions, milliseconds")
        for name, taken in found.items():
            print(f"  {name:16}{taken:9.2f}")
        print(f"  engine / by hand {found['engine'] / found['by hand']:8.2f}   goal 2")


if __name__ == "__main__":
    main()
