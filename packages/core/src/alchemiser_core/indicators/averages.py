"""Exponential averages of prices, oscillators of two of them, and the oscillators' signals.

An average is kept as a sum, `sum = sum * (1 - alpha) + price`, which is 1 / alpha times as large,
so that the states of all windows read the same prices.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from alchemiser_core.domain.continuity import PriceRuns
from alchemiser_core.domain.measure import IndicatorKind, Measure
from alchemiser_core.indicators.recursion import Block, Emit, Places, States, scan, seed_places
from alchemiser_core.indicators.requirement import windows_of

Series = NDArray[np.float64]
Measures = Mapping[Measure, Places]


def exponential_averages(measures: Measures, runs: PriceRuns) -> dict[Measure, Series]:
    """Averages, oscillators (percent) and signals of the columns wanted of each measure."""
    if not measures:
        return {}
    kind = IndicatorKind.EXPONENTIAL_MOVING_AVERAGE_PRICE
    plain = {m: columns for m, columns in measures.items() if m.kind is kind}
    paired = {m: columns for m, columns in measures.items() if m.kind is not kind}
    sessions, width = runs.values.shape
    wanted = [_keys(plain, 0, width), _keys(paired, 0, width), _keys(paired, 1, width)]
    keys, inverse = np.unique(np.concatenate(wanted), return_inverse=True)
    window, column = np.divmod(keys, max(width, 1))
    alone, short, long = np.split(inverse, np.cumsum([len(part) for part in wanted])[:-1])
    averages = np.full((len(alone), sessions), np.nan)
    oscillators = np.full((len(short), sessions), np.nan)

    def emit(begin: int, end: int, values: Block) -> None:
        if len(alone):
            averages[:, begin:end] = np.take(values, alone, axis=1).T
        if len(short):
            of_short, of_long = np.take(values, short, axis=1), np.take(values, long, axis=1)
            oscillators[:, begin:end] = _oscillator(of_short, of_long).T

    _scan_averages(runs.by_column, column, window, column, np.zeros_like(column), runs, emit)
    return _split(plain, averages) | _with_signals(_split(paired, oscillators), paired, runs)


def _keys(measures: Measures, position: int, width: int) -> Places:
    """The window at a position and the column of each average, as one number."""
    keys = [windows_of(m)[position] * width + columns for m, columns in measures.items()]
    return np.concatenate(keys) if keys else np.empty(0, dtype=np.intp)


def _split(measures: Measures, series: Series) -> dict[Measure, Series]:
    """The rows of each measure."""
    ends = np.cumsum([len(columns) for columns in measures.values()])
    return {m: series[end - len(measures[m]) : end] for m, end in zip(measures, ends, strict=True)}


def _oscillator(short: Block, long: Block) -> Block:
    oscillator = short - long
    oscillator /= long
    oscillator *= 100.0
    return oscillator


def _with_signals(
    oscillators: Mapping[Measure, Series], measures: Measures, runs: PriceRuns
) -> dict[Measure, Series]:
    """Oscillators, and in place of some their signals, seeded by the first value of each run."""
    signals = [m for m in measures if m.kind is IndicatorKind.PPO_SIGNAL]
    if not signals:
        return dict(oscillators)
    sizes = [len(measures[m]) for m in signals]
    series = np.concatenate([oscillators[m] for m in signals])
    columns = np.concatenate([measures[m] for m in signals])
    lead = np.repeat([max(windows_of(m)[:2]) - 1 for m in signals], sizes)
    smooth = np.repeat([windows_of(m)[2] for m in signals], sizes)
    out = np.full_like(series, np.nan)

    def emit(begin: int, end: int, values: Block) -> None:
        out[:, begin:end] = values.T

    _scan_averages(series, np.arange(len(series)), smooth, columns, lead, runs, emit)
    return dict(oscillators) | _split({m: measures[m] for m in signals}, out)


def _scan_averages(
    series: Series,
    rows: Places,
    window: Places,
    columns: Places,
    lead: Places,
    runs: PriceRuns,
    emit: Emit,
) -> None:
    """Average `rows` of a series, each seeded `lead` sessions behind the starts of its column."""
    alpha = 2.0 / (window + 1)
    used, position = np.unique(rows, return_inverse=True)
    state, row, stop = seed_places(runs, columns, lead)
    value = series[rows[state], row] / alpha[state]
    states = States(position, 1.0 - alpha, state, row, stop, value)

    def inputs(begin: int, end: int) -> Block:
        return series[used, begin:end].T

    def emit_averages(begin: int, end: int, sums: Block) -> None:
        emit(begin, end, sums * alpha)

    scan(inputs, states, series.shape[1], emit_averages)
