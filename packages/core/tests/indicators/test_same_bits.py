"""A value depends on the past it may see and on nothing else, to the last bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alchemiser_core.domain.continuity import PriceRuns, price_runs
from alchemiser_core.domain.measure import IndicatorKind as Kind
from alchemiser_core.domain.measure import Measure
from alchemiser_core.indicators import bars_needed, compute, recursion, windows

RECURSIVE = (
    Measure(Kind.RSI, (2,)),
    Measure(Kind.RSI, (14,)),
    Measure(Kind.EXPONENTIAL_MOVING_AVERAGE_PRICE, (10,)),
    Measure(Kind.PPO, (12, 26)),
    Measure(Kind.PPO_SIGNAL, (12, 26, 9)),
)
WINDOWED = (
    Measure(Kind.CURRENT_PRICE),
    Measure(Kind.MOVING_AVERAGE_PRICE, (50,)),
    Measure(Kind.CUMULATIVE_RETURN, (30,)),
    Measure(Kind.MOVING_AVERAGE_RETURN, (21,)),
    Measure(Kind.STDEV_RETURN, (20,)),
    Measure(Kind.STDEV_PRICE, (47,)),
    Measure(Kind.MAX_DRAWDOWN, (60,)),
)


def gappy(sessions: int, columns: int, seed: int = 3) -> np.ndarray:
    rng = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.03, (sessions, columns)), axis=0))
    for column in range(1, columns):
        for _ in range(2):
            begin = int(rng.integers(0, sessions))
            close[begin : begin + int(rng.integers(1, 10)), column] = np.nan
    return close


def assert_same_bits(left: np.ndarray, right: np.ndarray, measure: Measure) -> None:
    assert left.shape == right.shape
    assert np.array_equal(left, right, equal_nan=True), measure


@settings(max_examples=25, deadline=None)
@given(cut=st.integers(0, 400), seed=st.integers(0, 5))
def test_later_sessions_change_no_value(cut: int, seed: int) -> None:
    close = gappy(400, 4, seed)
    measures = dict.fromkeys(RECURSIVE + WINDOWED, range(4))
    whole, known = compute(measures, price_runs(close)), compute(measures, price_runs(close[:cut]))
    for measure in measures:
        assert_same_bits(whole[measure][:, :cut], known[measure], measure)


@pytest.mark.parametrize("measure", WINDOWED, ids=str)
def test_sessions_before_the_window_change_no_value(measure: Measure) -> None:
    close, needed = gappy(300, 1), bars_needed(measure)
    whole = compute({measure: [0]}, price_runs(close))[measure][0]
    for end in range(needed, 301, 7):
        alone = compute({measure: [0]}, price_runs(close[end - needed : end]))[measure][0]
        assert alone[-1] == whole[end - 1]


@pytest.mark.parametrize("measure", RECURSIVE + WINDOWED, ids=str)
def test_other_columns_change_no_value(measure: Measure) -> None:
    close = gappy(300, 40)
    together = compute({measure: range(40)}, price_runs(close))[measure]
    for column in range(40):
        alone = compute({measure: [0]}, price_runs(close[:, [column]]))[measure]
        assert_same_bits(alone[0], together[column], measure)


@pytest.mark.parametrize("measure", WINDOWED, ids=str)
def test_how_much_is_worked_on_at_a_time_changes_no_value(
    measure: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = price_runs(gappy(300, 9))
    whole = compute({measure: range(9)}, runs)[measure]
    monkeypatch.setattr(windows, "SLAB", 700)
    assert_same_bits(compute({measure: range(9)}, runs)[measure], whole, measure)


def test_side_by_side_and_one_by_one_give_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = price_runs(gappy(600, 12))
    measures = dict.fromkeys(RECURSIVE, range(12))
    monkeypatch.setattr(recursion, "_SESSION_COST", 10**9)
    narrow = compute(measures, runs)
    monkeypatch.setattr(recursion, "_SESSION_COST", 0)
    wide = compute(measures, runs)
    monkeypatch.setattr(recursion, "_BLOCK", 11)
    short_blocks = compute(measures, runs)
    for measure in RECURSIVE:
        assert_same_bits(narrow[measure], wide[measure], measure)
        assert_same_bits(short_blocks[measure], wide[measure], measure)


@pytest.mark.parametrize("order", ["C", "F"])
def test_the_layout_of_the_arrays_changes_no_value(order: str) -> None:
    runs = price_runs(gappy(300, 5))
    laid_out = PriceRuns(
        np.array(runs.values, order=order),
        np.array(runs.age, order=order),
        np.array(runs.present, order=order),
    )
    measures = dict.fromkeys(RECURSIVE + WINDOWED, range(5))
    expected, found = compute(measures, runs), compute(measures, laid_out)
    for measure in measures:
        assert_same_bits(found[measure], expected[measure], measure)
