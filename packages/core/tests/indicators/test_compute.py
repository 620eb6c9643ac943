"""Every indicator against explicit windows, over gaps, touching runs and odd shapes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alchemiser_core.domain.continuity import PriceRuns, price_runs
from alchemiser_core.domain.measure import IndicatorKind as Kind
from alchemiser_core.domain.measure import Measure
from alchemiser_core.indicators import bars_needed, compute

NAN = float("nan")
ONE_WINDOW = [kind for kind in Kind if kind not in (Kind.CURRENT_PRICE, Kind.PPO, Kind.PPO_SIGNAL)]
MEASURES = (
    Measure(Kind.CURRENT_PRICE),
    *(Measure(kind, (window,)) for kind in ONE_WINDOW for window in (2, 3, 7, 8, 13)),
    *(Measure(kind, (1,)) for kind in ONE_WINDOW if not kind.startswith("stdev")),
    Measure(Kind.PPO, (3, 8)),
    Measure(Kind.PPO, (8, 3)),
    Measure(Kind.PPO_SIGNAL, (3, 8, 4)),
    Measure(Kind.PPO_SIGNAL, (5, 2, 1)),
)
LONG = (
    Measure(Kind.RSI, (14,)),
    Measure(Kind.MOVING_AVERAGE_PRICE, (200,)),
    Measure(Kind.EXPONENTIAL_MOVING_AVERAGE_PRICE, (21,)),
    Measure(Kind.CUMULATIVE_RETURN, (60,)),
    Measure(Kind.MOVING_AVERAGE_RETURN, (100,)),
    Measure(Kind.STDEV_RETURN, (20,)),
    Measure(Kind.STDEV_PRICE, (45,)),
    Measure(Kind.MAX_DRAWDOWN, (60,)),
    Measure(Kind.PPO, (12, 26)),
    Measure(Kind.PPO_SIGNAL, (12, 26, 9)),
)


def wandering(sessions: int, columns: int, seed: int = 7, scale: float = 100.0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0.0, 0.02, (sessions, columns))
    return scale * np.exp(np.cumsum(noise, axis=0))


def assert_agrees(found: np.ndarray, expected: np.ndarray, measure: Measure, size: float) -> None:
    """To 1e-9, and as far below as the largest number that went into it has digits."""
    in_price = measure.kind in (Kind.STDEV_PRICE,)
    noise = 1e-13 * (size if in_price else 100.0)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=noise, err_msg=str(measure))


def assert_all_agree(runs: PriceRuns, oracle, measures=MEASURES) -> None:
    columns = list(range(runs.values.shape[1]))
    found = compute(dict.fromkeys(measures, columns), runs)
    for measure in measures:
        assert found[measure].shape == (len(columns), len(runs.values))
        assert all(row.flags.c_contiguous for row in found[measure])
        for column in columns:
            largest = np.nanmax(runs.values[:, column], initial=0.0)
            expected = oracle(measure, runs, column)
            assert_agrees(found[measure][column], expected, measure, largest)


@pytest.mark.parametrize("columns", [1, 30])
def test_every_measure_is_what_its_definition_says(oracle, columns: int) -> None:
    assert_all_agree(price_runs(wandering(60, columns)), oracle)


@pytest.mark.parametrize("scale", [1e-4, 6e11])
def test_tiny_and_huge_prices_keep_their_digits(oracle, scale: float) -> None:
    assert_all_agree(price_runs(wandering(40, 2, scale=scale)), oracle)


@pytest.mark.parametrize("measure", LONG, ids=str)
def test_on_real_tickers_every_measure_is_what_its_definition_says(
    oracle, real_closes: dict[str, np.ndarray], measure: Measure
) -> None:
    for closes in list(real_closes.values())[::4]:
        runs = price_runs(closes[-1500:, None])
        found = compute({measure: [0]}, runs)[measure][0]
        largest = np.nanmax(closes[-1500:])
        assert_agrees(found, oracle(measure, runs, 0), measure, largest)


@st.composite
def gapped(draw: st.DrawFn) -> np.ndarray:
    """Stretches of prices and gaps of all lengths."""
    columns = []
    for seed in range(draw(st.integers(1, 3))):
        close = wandering(70, 1, seed)[:, 0]
        for begin, length in draw(
            st.lists(st.tuples(st.integers(0, 69), st.integers(1, 12)), max_size=5)
        ):
            close[begin : begin + length] = NAN
        columns.append(close)
    return np.stack(columns, axis=1)


@settings(max_examples=25, deadline=None)
@given(close=gapped(), carry=st.integers(0, 6))
def test_indicators_look_only_within_their_run(oracle, close: np.ndarray, carry: int) -> None:
    assert_all_agree(price_runs(close, carry), oracle)


def test_runs_that_touch_are_series_of_their_own() -> None:
    first, second = wandering(30, 2, 1), wandering(40, 2, 2) * 5
    age = np.concatenate([np.arange(30), np.arange(40)]).astype(np.int32)
    both = np.concatenate([first, second])
    touching = PriceRuns(both, np.stack([age, age], axis=1), np.ones(both.shape, dtype=bool))
    found = compute(dict.fromkeys(MEASURES, (0, 1)), touching)
    alone = compute(dict.fromkeys(MEASURES, (0, 1)), price_runs(first))
    after = compute(dict.fromkeys(MEASURES, (0, 1)), price_runs(second))
    for measure in MEASURES:
        expected = np.concatenate([alone[measure], after[measure]], axis=1)
        assert np.array_equal(found[measure], expected, equal_nan=True), measure


def test_only_values_without_bars_are_blanked_in_large_arrays(oracle) -> None:
    close = wandering(4000, 6)
    close[:900, 1] = NAN
    close[2000:2003, 2] = NAN
    close[2000:2020, 3] = NAN
    close[3900:, 4] = NAN
    runs = price_runs(close)
    average = Measure(Kind.EXPONENTIAL_MOVING_AVERAGE_PRICE, (10,))
    for measure in (Measure(Kind.CURRENT_PRICE), Measure(Kind.CUMULATIVE_RETURN, (10,)), average):
        for columns in (range(6), (0, 1) * 3):
            found = compute({measure: columns}, runs)[measure]
            for row, column in zip(found, columns, strict=True):
                np.testing.assert_allclose(row, oracle(measure, runs, column), rtol=1e-9)


def test_a_carried_session_has_no_value_and_counts_as_a_bar() -> None:
    close = wandering(30, 1)
    close[20] = NAN
    filled = close.copy()
    filled[20] = close[19]
    found = compute(dict.fromkeys(MEASURES, (0,)), price_runs(close))
    as_filled = compute(dict.fromkeys(MEASURES, (0,)), price_runs(filled))
    for measure in MEASURES:
        assert np.isnan(found[measure][0, 20])
        others = np.arange(30) != 20
        kept, expected = found[measure][0, others], as_filled[measure][0, others]
        assert np.array_equal(kept, expected, equal_nan=True), measure


def test_each_measure_gets_the_columns_that_were_asked_of_it() -> None:
    runs = price_runs(wandering(60, 6))
    whole = compute(dict.fromkeys(MEASURES, range(6)), runs)
    some = compute(dict.fromkeys(MEASURES, (4, 1, 1, 2)), runs)
    for measure in MEASURES:
        assert np.array_equal(some[measure], whole[measure][[4, 1, 1, 2]], equal_nan=True)


def test_equal_closes_deviate_by_exactly_nothing() -> None:
    for price in (0.1, 1 / 3, 1e-4, 5.7e11 / 3):
        runs = price_runs(np.full((300, 1), price))
        for window in (2, 3, 20, 77, 200, 255):
            measures = {Measure(k, (window,)): [0] for k in (Kind.STDEV_PRICE, Kind.STDEV_RETURN)}
            for measure, found in compute(measures, runs).items():
                assert (found[0, bars_needed(measure) - 1 :] == 0.0).all()


def test_strength_is_50_without_any_change_100_without_losses_and_0_without_gains() -> None:
    rising = np.arange(1.0, 31.0)
    close = np.stack([np.full(30, 3.0), rising, rising[::-1]], axis=1)
    measure = Measure(Kind.RSI, (5,))
    found = compute({measure: [0, 1, 2]}, price_runs(close))[measure][:, 5:]
    assert found.tolist() == [[50.0] * 25, [100.0] * 25, [0.0] * 25]


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (4, 0)])
def test_nothing_in_gives_nothing_out(shape: tuple[int, int]) -> None:
    sessions, columns = shape
    found = compute(dict.fromkeys(MEASURES, range(columns)), price_runs(np.empty(shape)))
    assert all(found[measure].shape == (columns, sessions) for measure in MEASURES)


def test_columns_without_a_price_have_no_value() -> None:
    close = np.stack([np.full(60, NAN), wandering(60, 1)[:, 0], np.zeros(60)], axis=1)
    for columns in ([0, 2], [0, 1, 2]):
        found = compute(dict.fromkeys(MEASURES, columns), price_runs(close))
        for measure in MEASURES:
            assert np.isnan(found[measure][[0, -1]]).all()


def test_no_measures_give_no_results() -> None:
    assert compute({}, price_runs(np.ones((3, 1)))) == {}


def test_a_measure_of_no_columns_is_empty() -> None:
    found = compute(dict.fromkeys(MEASURES, ()), price_runs(np.ones((30, 1))))
    assert {values.shape for values in found.values()} == {(0, 30)}


def test_the_inputs_are_left_as_they_were() -> None:
    runs = price_runs(wandering(60, 3))
    before = runs.values.copy(), runs.age.copy()
    for values in compute(dict.fromkeys(MEASURES, range(3)), runs).values():
        values[:] = 0.0
    assert np.array_equal(runs.values, before[0])
    assert np.array_equal(runs.age, before[1])


def test_lesson_deviation_is_daily_percent_not_annualised() -> None:
    close = 100 * np.cumprod(np.tile([1.01, 0.99], 50))[:, None]
    measure = Measure(Kind.STDEV_RETURN, (20,))
    found = compute({measure: [0]}, price_runs(close))[measure][0, -1]
    assert found == pytest.approx(1.0 * np.sqrt(20 / 19), rel=1e-9)


def test_lesson_sample_deviation() -> None:
    close = np.array([[100.0], [102.0], [102.0 * 1.04]])
    returns, prices = Measure(Kind.STDEV_RETURN, (2,)), Measure(Kind.STDEV_PRICE, (2,))
    found = compute({returns: [0], prices: [0]}, price_runs(close))
    assert found[returns][0, 2] == pytest.approx(np.sqrt(2.0), rel=1e-9)
    assert found[prices][0, 1] == pytest.approx(np.sqrt(2.0), rel=1e-9)


@pytest.mark.parametrize("measure", MEASURES, ids=str)
def test_lesson_short_history_is_no_value(measure: Measure) -> None:
    needed = bars_needed(measure)
    for sessions in range(needed + 2):
        found = compute({measure: [0]}, price_runs(wandering(sessions, 1)))[measure][0]
        assert np.isnan(found[: needed - 1]).all()
        assert np.isfinite(found[needed - 1 :]).all()


def test_lesson_a_session_without_a_price_repeats_no_return() -> None:
    close = np.array([[100.0], [110.0], [NAN], [110.0]])
    measure = Measure(Kind.MOVING_AVERAGE_RETURN, (2,))
    assert compute({measure: [0]}, price_runs(close))[measure][0, 3] == 0.0
