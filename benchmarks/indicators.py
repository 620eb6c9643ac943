"""Time each indicator on 200 symbols x 2,520 sessions against plain numpy, TA-Lib and a copy.

Run `python benchmarks/indicators.py`. All of it is measured in one run on one thread, turn by turn,
and each number is the median of several repeats. Before anything is timed, the results are checked
to be equal. "numpy" is the indicator written down directly with numpy, sessions x symbols; TA-Lib
gets contiguous columns, one call each, and has no cumulative return or drawdown of this kind.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Sequence

import numpy as np
import talib
from attrs import frozen
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from alchemiser_core.domain.continuity import PriceRuns, price_runs
from alchemiser_core.domain.measure import IndicatorKind as Kind
from alchemiser_core.domain.measure import Measure
from alchemiser_core.indicators import compute

Prices = NDArray[np.float64]


def seeded_closes(symbols: int = 200, sessions: int = 2_520, seed: int = 7) -> Prices:
    """A seeded market of one factor, sessions x symbols."""
    rng = np.random.default_rng(seed)
    volatility = rng.uniform(0.006, 0.022, symbols)
    drift = rng.uniform(0.0, 0.0006, symbols)
    beta = rng.uniform(0.2, 1.2, symbols)
    market = rng.normal(0.0, 0.008, (sessions, 1))
    own = rng.normal(0.0, 1.0, (sessions, symbols)) * volatility
    return np.round(100.0 * np.exp(np.cumsum(drift + beta * market + own, axis=0)), 4)


def numpy_strength(close: Prices, window: int) -> Prices:
    changes = np.diff(close, axis=0)
    up, down = np.maximum(changes, 0.0), np.maximum(-changes, 0.0)
    gain, loss = up[:window].mean(axis=0), down[:window].mean(axis=0)
    out = np.full(close.shape, np.nan)
    out[window] = 100.0 * gain / (gain + loss)
    for row in range(window, len(changes)):
        gain = (gain * (window - 1) + up[row]) / window
        loss = (loss * (window - 1) + down[row]) / window
        out[row + 1] = 100.0 * gain / (gain + loss)
    return out


def numpy_mean(close: Prices, window: int) -> Prices:
    total = np.cumsum(close, axis=0)
    out = np.full(close.shape, np.nan)
    out[window - 1] = total[window - 1] / window
    out[window:] = (total[window:] - total[:-window]) / window
    return out


def numpy_average(close: Prices, window: int) -> Prices:
    alpha = 2.0 / (window + 1)
    out = close.copy()
    for row in range(1, len(close)):
        out[row] = alpha * close[row] + (1.0 - alpha) * out[row - 1]
    out[: window - 1] = np.nan
    return out


def numpy_deviation(close: Prices, window: int) -> Prices:
    returns = close[1:] / close[:-1] - 1.0
    out = np.full(close.shape, np.nan)
    out[window:] = sliding_window_view(returns, window, axis=0).std(axis=-1, ddof=1) * 100.0
    return out


def numpy_cumulative_return(close: Prices, window: int) -> Prices:
    out = np.full(close.shape, np.nan)
    out[window:] = (close[window:] / close[:-window] - 1.0) * 100.0
    return out


def numpy_drawdown(close: Prices, window: int) -> Prices:
    out = np.full(close.shape, np.nan)
    for column in range(close.shape[1]):
        windows = sliding_window_view(close[:, column], window)
        falls = windows / np.maximum.accumulate(windows, axis=1)
        out[window - 1 :, column] = (1.0 - falls.min(axis=1)) * 100.0
    return out


def _talib_deviation(closes: Prices, window: int) -> Prices:
    deviation = talib.STDDEV(closes[1:] / closes[:-1] - 1.0, window)
    return np.concatenate([[np.nan], deviation * np.sqrt(window / (window - 1)) * 100.0])


@frozen
class Subject:
    """An indicator and its other ways of being computed."""

    name: str
    measure: Measure
    plain: Callable[[Prices, int], Prices]
    library: Callable[[Prices, int], Prices] | None
    """One column with TA-Lib, where it computes the same thing."""


SUBJECTS = (
    Subject("RSI 10", Measure(Kind.RSI, (10,)), numpy_strength, talib.RSI),
    Subject("mean 200", Measure(Kind.MOVING_AVERAGE_PRICE, (200,)), numpy_mean, talib.SMA),
    Subject(
        "standard deviation 20",
        Measure(Kind.STDEV_RETURN, (20,)),
        numpy_deviation,
        _talib_deviation,
    ),
    Subject(
        "cumulative return 60",
        Measure(Kind.CUMULATIVE_RETURN, (60,)),
        numpy_cumulative_return,
        None,
    ),
    Subject("max drawdown 60", Measure(Kind.MAX_DRAWDOWN, (60,)), numpy_drawdown, None),
    Subject(
        "exponential mean 20",
        Measure(Kind.EXPONENTIAL_MOVING_AVERAGE_PRICE, (20,)),
        numpy_average,
        None,
    ),
)


@frozen
class Timing:
    """Median milliseconds of one indicator."""

    name: str
    ours: float
    plain: float
    library: float | None


def _ways(subject: Subject, close: Prices, runs: PriceRuns) -> list[Callable[[], Prices]]:
    """Ours, plain numpy and TA-Lib; each result symbols x sessions or the other way round."""
    (window,) = (w for w in subject.measure.windows if isinstance(w, int))
    columns = range(close.shape[1])
    by_column = np.ascontiguousarray(close.T)
    ways: list[Callable[[], Prices]] = [
        lambda: compute({subject.measure: columns}, runs)[subject.measure],
        lambda: subject.plain(close, window),
    ]
    library = subject.library
    if library is not None:
        ways.append(lambda: np.stack([library(column, window) for column in by_column]))
    return ways


def milliseconds(ways: Sequence[Callable[[], object]], repeats: int) -> list[float]:
    """Median time of each way, taken turn by turn."""
    taken: list[list[float]] = [[] for _ in ways]
    for _ in range(repeats):
        for way, times in zip(ways, taken, strict=True):
            begin = time.perf_counter()
            way()
            times.append((time.perf_counter() - begin) * 1e3)
    return [statistics.median(times) for times in taken]


def measure(close: Prices, repeats: int) -> list[Timing]:
    """Check that all ways agree, then time them."""
    runs = price_runs(close)
    timings = []
    for subject in SUBJECTS:
        ways = _ways(subject, close, runs)
        ours, plain, *library = (way() for way in ways)
        np.testing.assert_allclose(ours, plain.T, rtol=1e-8)
        for found in library:
            np.testing.assert_allclose(ours, found, rtol=1e-8)
        times = milliseconds(ways, repeats)
        timings.append(Timing(subject.name, times[0], times[1], [*times, None][2]))
    return timings


def table(timings: Sequence[Timing], copy: float) -> str:
    """The timings and their ratios, as text."""
    head = f"{'milliseconds':24}{'ours':>9}{'numpy':>9}{'TA-Lib':>9}{'x copy':>9}"
    lines = [f"{head}{'x numpy':>9}{'x TA-Lib':>9}"]
    for timing in timings:
        library, ratio = "-", "-"
        if timing.library is not None:
            library, ratio = f"{timing.library:.2f}", f"{timing.ours / timing.library:.2f}"
        lines.append(
            f"{timing.name:24}{timing.ours:9.2f}{timing.plain:9.2f}{library:>9}"
            f"{timing.ours / copy:9.1f}{timing.ours / timing.plain:9.2f}{ratio:>9}"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--symbols", type=int, default=200)
    parser.add_argument("--sessions", type=int, default=2_520)
    parser.add_argument("--repeats", type=int, default=9)
    given = parser.parse_args(arguments)
    close = seeded_closes(given.symbols, given.sessions)
    target = np.empty_like(close)
    copy, runs = milliseconds(
        [lambda: np.copyto(target, close), lambda: price_runs(close)], given.repeats
    )
    print(f"{given.symbols} symbols x {given.sessions} sessions, numpy {np.__version__}")
    print(f"a copy of the matrix {copy:.3f} ms, runs of prices {runs:.2f} ms\n")
    print(table(measure(close, given.repeats), copy))


if __name__ == "__main__":
    main()
