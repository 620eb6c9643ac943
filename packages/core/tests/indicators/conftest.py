"""Indicators computed the plain way, one window after the other, and the real closes."""

import csv
import itertools
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from alchemiser_core.domain.continuity import PriceRuns
from alchemiser_core.domain.measure import IndicatorKind, Measure

DAILY = Path(__file__).parents[5] / "shared" / "market" / "daily"
Oracle = Callable[[Measure, PriceRuns, int], np.ndarray]


def _average(series: list[float], window: int) -> list[float]:
    alpha = 2 / (window + 1)
    averages = series[:1]
    for value in series[1:]:
        averages.append(averages[-1] + alpha * (value - averages[-1]))
    return averages


def _oscillator(prices: list[float], short: int, long: int) -> list[float]:
    pairs = zip(_average(prices, short), _average(prices, long), strict=True)
    return [(of_short - of_long) / of_long * 100 for of_short, of_long in pairs]


def _strength(prices: list[float], window: int) -> list[float]:
    changes = [b - a for a, b in itertools.pairwise(prices)]
    gain = math.fsum(max(c, 0) for c in changes[:window]) / window
    loss = math.fsum(max(-c, 0) for c in changes[:window]) / window
    values = [math.nan] * window
    for index in range(window - 1, len(changes)):
        if index >= window:
            gain = (gain * (window - 1) + max(changes[index], 0)) / window
            loss = (loss * (window - 1) + max(-changes[index], 0)) / window
        values.append(100 * gain / (gain + loss) if gain + loss > 0 else 50.0)
    return values[: len(prices)]


def _of_window(kind: IndicatorKind, closes: np.ndarray) -> float:
    """A windowed measure of exactly the closes that it needs."""
    returns = closes[1:] / closes[:-1] - 1
    match kind:
        case IndicatorKind.CURRENT_PRICE:
            return float(closes[-1])
        case IndicatorKind.MOVING_AVERAGE_PRICE:
            return math.fsum(closes) / len(closes)
        case IndicatorKind.CUMULATIVE_RETURN:
            return float(closes[-1] / closes[0] - 1) * 100
        case IndicatorKind.MOVING_AVERAGE_RETURN:
            return math.fsum(returns) / len(returns) * 100
        case IndicatorKind.STDEV_RETURN:
            return float(np.std(returns, ddof=1)) * 100
        case IndicatorKind.STDEV_PRICE:
            return float(np.std(closes, ddof=1))
        case _:
            assert kind is IndicatorKind.MAX_DRAWDOWN
            return float(np.max(1 - closes / np.maximum.accumulate(closes))) * 100


_BARS = {
    IndicatorKind.CURRENT_PRICE: lambda: 1,
    IndicatorKind.MOVING_AVERAGE_PRICE: lambda n: n,
    IndicatorKind.EXPONENTIAL_MOVING_AVERAGE_PRICE: lambda n: n,
    IndicatorKind.RSI: lambda n: n + 1,
    IndicatorKind.CUMULATIVE_RETURN: lambda n: n + 1,
    IndicatorKind.MOVING_AVERAGE_RETURN: lambda n: n + 1,
    IndicatorKind.STDEV_RETURN: lambda n: n + 1,
    IndicatorKind.STDEV_PRICE: lambda n: n,
    IndicatorKind.MAX_DRAWDOWN: lambda n: n,
    IndicatorKind.PPO: lambda s, n: max(s, n),
    IndicatorKind.PPO_SIGNAL: lambda s, n, m: max(s, n) + m - 1,
}


def _of_run(measure: Measure, closes: np.ndarray) -> np.ndarray:
    """A measure of one unbroken run."""
    windows, prices = measure.windows, closes.tolist()
    needed = _BARS[measure.kind](*windows)
    match measure.kind:
        case IndicatorKind.RSI:
            values = np.array(_strength(prices, *windows))
        case IndicatorKind.EXPONENTIAL_MOVING_AVERAGE_PRICE:
            values = np.array(_average(prices, *windows))
        case IndicatorKind.PPO:
            values = np.array(_oscillator(prices, *windows))
        case IndicatorKind.PPO_SIGNAL:
            short, long, smooth = windows
            lead = max(short, long) - 1
            defined = _oscillator(prices, short, long)[lead:]
            values = np.concatenate([np.full(lead, np.nan), _average(defined, smooth)])
            values = values[: len(prices)]
        case kind:
            ends = range(needed, len(closes) + 1)
            found = [_of_window(kind, closes[end - needed : end]) for end in ends]
            values = np.array([math.nan] * (needed - 1) + found)[: len(closes)]
    values[: needed - 1] = np.nan
    return values


@pytest.fixture(scope="session")
def oracle() -> Oracle:
    """A measure of one column, run by run."""

    def of_column(measure: Measure, runs: PriceRuns, column: int) -> np.ndarray:
        age, closes = runs.age[:, column], runs.values[:, column]
        values = np.full(len(age), np.nan)
        begins = np.flatnonzero(age == 0).tolist()
        for begin in begins:
            end = begin + 1
            while end < len(age) and age[end] > 0:
                end += 1
            values[begin:end] = _of_run(measure, closes[begin:end])
        values[~runs.present[:, column]] = np.nan
        return values

    return of_column


@pytest.fixture(scope="session")
def real_closes() -> dict[str, np.ndarray]:
    """Closes of every real ticker over its own sessions."""
    files = sorted(DAILY.glob("*.csv"))
    if not files:
        pytest.skip("the folder of real market data is not there")
    closes = {}
    for file in files:
        with file.open(newline="") as lines:
            closes[file.stem] = np.array([float(row["close"]) for row in csv.DictReader(lines)])
    return closes
