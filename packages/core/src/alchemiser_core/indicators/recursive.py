"""Indicators that run over all of a run's history: RSI, exponential averages and oscillators.

Everything asked for is put into one scan (the oscillators' signals into a second one, as they read
the first one's results). The states are sums, `sum = sum * decay + input`, and not averages: RSI
needs only the ratio of two, and an exponential average is its sum times alpha, so that the states
of all windows read the same rows of inputs.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from alchemiser_core.domain.continuity import PriceRuns
from alchemiser_core.indicators.recursion import Seeds, scan
from alchemiser_core.indicators.requirement import windows_of
from alchemiser_core.symphony.ast import IndicatorKind, Measure

Columns = NDArray[np.intp]
Series = NDArray[np.float64]
_Average = tuple[int, bytes]

RECURSIVE_KINDS = frozenset(
    {
        IndicatorKind.RSI,
        IndicatorKind.EXPONENTIAL_MOVING_AVERAGE_PRICE,
        IndicatorKind.PPO,
        IndicatorKind.PPO_SIGNAL,
    }
)


@frozen(eq=False)
class _Batch:
    """States that share a decay: the row of inputs that each reads, and their seeds."""

    source: Columns
    decay: float
    seeds: Seeds


def _scan(inputs: Series, batches: Sequence[_Batch]) -> list[Series]:
    """All batches in one scan; for each its states x sessions."""
    sizes = [len(batch.source) for batch in batches]
    ends = np.cumsum(sizes)
    seeds = Seeds(
        np.concatenate(
            [b.seeds.state + end - len(b.source) for b, end in zip(batches, ends, strict=True)]
        ),
        np.concatenate([batch.seeds.row for batch in batches]),
        np.concatenate([batch.seeds.stop for batch in batches]),
        np.concatenate([batch.seeds.value for batch in batches]),
    )
    source = np.concatenate([batch.source for batch in batches])
    decay = np.repeat([batch.decay for batch in batches], sizes)
    return np.split(scan(inputs, source, decay, seeds), ends[:-1])


def _seed_places(
    runs: PriceRuns, columns: Columns, lead: int
) -> tuple[Columns, NDArray[np.intp], NDArray[np.intp]]:
    """Where states are seeded, `lead` sessions after each run's start: state, row and stop."""
    state, place = runs.runs.of(columns)
    row, stop = runs.runs.start[place] + lead, runs.runs.stop[place]
    kept = row < stop
    return state[kept], row[kept], stop[kept]


def _averages(
    inputs: Series, source: Columns, window: int, places: tuple[Columns, Columns, Columns]
) -> _Batch:
    """Exponential averages of rows of inputs, as sums: to be multiplied by `_alpha(window)`."""
    state, row, stop = places
    value = inputs[source[state], row] / _alpha(window)
    return _Batch(source, 1.0 - _alpha(window), Seeds(state, row, stop, value))


def _alpha(window: int) -> float:
    return 2.0 / (window + 1)


def _wilder_sums(
    inputs: Series, gains: Columns, losses: Columns, window: int, runs: PriceRuns, columns: Columns
) -> _Batch:
    """Wilder's sums of gains, then of losses; the first N changes of a run are the seed."""
    state, row, stop = _seed_places(runs, columns, window)
    source = np.concatenate([gains, losses])
    state = np.concatenate([state, state + len(columns)])
    row, stop = np.tile(row, 2), np.tile(stop, 2)
    changes = inputs[source[state][:, None], row[:, None] + np.arange(1 - window, 1)]
    value = np.add.accumulate(changes, axis=1)[:, -1]
    return _Batch(source, (window - 1) / window, Seeds(state, row, stop, value))


def _strength(sums: Series) -> Series:
    """RSI of Wilder's sums of gains (first half) and losses; 50 where both are 0."""
    gains, losses = np.split(sums, 2)
    total = gains + losses
    strength: Series = np.divide(gains, total)
    strength *= 100.0
    np.copyto(strength, 50.0, where=total == 0.0)
    return strength


def _oscillator(short: Series, long: Series) -> Series:
    """Percentage price oscillator of two exponential averages."""
    oscillator = short - long
    oscillator /= long
    oscillator *= 100.0
    return oscillator


def _average_windows(measure: Measure) -> tuple[int, ...]:
    """Windows of the exponential averages of price that a measure is made of."""
    return () if measure.kind is IndicatorKind.RSI else windows_of(measure)[:2]


@frozen(eq=False)
class _Inputs:
    """Prices, gains and losses of the columns asked for, as rows."""

    rows: Series
    price_columns: Columns
    change_columns: Columns

    def price(self, columns: Columns) -> Columns:
        """Rows of the prices of columns."""
        return np.searchsorted(self.price_columns, columns)

    def gain(self, columns: Columns) -> Columns:
        """Rows of the gains of columns."""
        return len(self.price_columns) + np.searchsorted(self.change_columns, columns)

    def loss(self, columns: Columns) -> Columns:
        """Rows of the losses of columns."""
        return self.gain(columns) + len(self.change_columns)


def _union(columns: Sequence[Columns]) -> Columns:
    return np.unique(np.concatenate(columns)) if columns else np.empty(0, dtype=np.intp)


def _inputs(measures: Mapping[Measure, Columns], runs: PriceRuns) -> _Inputs:
    rsi = IndicatorKind.RSI
    price = _union([c for m, c in measures.items() if m.kind is not rsi])
    change = _union([c for m, c in measures.items() if m.kind is rsi])
    prices = runs.by_column
    rows = np.empty((len(price) + 2 * len(change), prices.shape[1]))
    rows[: len(price)] = prices[price]
    gains, losses = np.split(rows[len(price) :], 2)
    gains[:, :1] = np.nan
    of_change = prices[change]
    np.subtract(of_change[:, 1:], of_change[:, :-1], out=gains[:, 1:])
    np.negative(gains, out=losses)
    np.maximum(gains, 0.0, out=gains)
    np.maximum(losses, 0.0, out=losses)
    return _Inputs(rows, price, change)


def compute_recursive(
    measures: Mapping[Measure, Columns], runs: PriceRuns
) -> dict[Measure, Series]:
    """The recursive measures, columns x sessions; meaningless where bars are lacking."""
    if not measures:
        return {}
    inputs = _inputs(measures, runs)
    batches: dict[object, _Batch] = {}
    for measure, columns in measures.items():
        if measure.kind is IndicatorKind.RSI:
            gains, losses = inputs.gain(columns), inputs.loss(columns)
            (window,) = windows_of(measure)
            batches[measure] = _wilder_sums(inputs.rows, gains, losses, window, runs, columns)
        for window in _average_windows(measure):
            if (window, columns.tobytes()) not in batches:
                places = _seed_places(runs, columns, 0)
                batches[window, columns.tobytes()] = _averages(
                    inputs.rows, inputs.price(columns), window, places
                )
    states = dict(zip(batches, _scan(inputs.rows, list(batches.values())), strict=True))
    results: dict[Measure, Series] = {}
    for measure, columns in measures.items():
        averages = [
            states[window, columns.tobytes()] * _alpha(window)
            for window in _average_windows(measure)
        ]
        match averages:
            case []:
                results[measure] = _strength(states[measure])
            case [average]:
                results[measure] = average
            case [short, long]:
                results[measure] = _oscillator(short, long)
    results.update(_signals({m: (c, results[m]) for m, c in measures.items()}, runs))
    return results


def _signals(
    oscillators: Mapping[Measure, tuple[Columns, Series]], runs: PriceRuns
) -> dict[Measure, Series]:
    """Signals in place of their oscillators."""
    wanted = {m: v for m, v in oscillators.items() if m.kind is IndicatorKind.PPO_SIGNAL}
    if not wanted:
        return {}
    inputs = np.concatenate([series for _, series in wanted.values()])
    batches, begin = [], 0
    for measure, (columns, _) in wanted.items():
        short, long, smooth = windows_of(measure)
        source = np.arange(begin, begin + len(columns))
        places = _seed_places(runs, columns, max(short, long) - 1)
        batches.append(_averages(inputs, source, smooth, places))
        begin += len(columns)
    states = _scan(inputs, batches)
    return {
        measure: sums * _alpha(windows_of(measure)[2])
        for measure, sums in zip(wanted, states, strict=True)
    }
