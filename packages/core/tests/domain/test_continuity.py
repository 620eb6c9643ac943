"""Gaps are carried for a while, then cut a series into runs; bad prices count as missing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alchemiser_core.domain.continuity import PriceRuns, price_runs

NAN = float("nan")


def column(*prices: float, carry: int = 5) -> PriceRuns:
    return price_runs(np.array(prices)[:, None], carry)


def session_by_session(close: np.ndarray, carry: int) -> tuple[np.ndarray, ...]:
    """Values, ages and presence as the rule reads, one price after the other."""
    values = np.full(close.shape, np.nan)
    age = np.full(close.shape, -1)
    present = np.zeros(close.shape, dtype=bool)
    for col in range(close.shape[1]):
        last, since, bars = NAN, carry + 1, 0
        for row, price in enumerate(close[:, col]):
            if np.isfinite(price) and price > 0:
                bars = bars + 1 if since <= carry else 1
                last, since, present[row, col] = price, 0, True
            else:
                since += 1
                bars += 1
            if since <= carry:
                values[row, col], age[row, col] = last, bars - 1
    return values, age, present


def assert_follows_the_rule(runs: PriceRuns, close: np.ndarray, carry: int) -> None:
    values, age, present = session_by_session(close, carry)
    assert np.array_equal(runs.values, values, equal_nan=True)
    assert np.array_equal(runs.age, age)
    assert np.array_equal(runs.present, present)


def test_a_whole_series_is_one_run() -> None:
    runs = column(1.0, 2.0, 3.0)
    assert runs.values[:, 0].tolist() == [1.0, 2.0, 3.0]
    assert runs.age[:, 0].tolist() == [0, 1, 2]
    assert runs.present.all()


def test_a_run_begins_with_the_first_price() -> None:
    runs = column(NAN, NAN, 3.0, 4.0)
    assert runs.age[:, 0].tolist() == [-1, -1, 0, 1]
    assert np.isnan(runs.values[:2, 0]).all()


def test_five_missing_sessions_are_carried_and_the_run_goes_on() -> None:
    runs = column(7.0, *[NAN] * 5, 8.0)
    assert runs.values[:, 0].tolist() == [7.0] * 6 + [8.0]
    assert runs.age[:, 0].tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert runs.present[:, 0].tolist() == [True] + [False] * 5 + [True]


def test_from_the_sixth_missing_session_nothing_is_carried_and_a_new_run_begins() -> None:
    runs = column(7.0, *[NAN] * 6, 8.0, 9.0)
    assert runs.values[:6, 0].tolist() == [7.0] * 6
    assert np.isnan(runs.values[6, 0])
    assert runs.age[:, 0].tolist() == [0, 1, 2, 3, 4, 5, -1, 0, 1]


def test_a_price_is_carried_even_if_none_follows() -> None:
    runs = column(7.0, *[NAN] * 8)
    assert runs.age[:, 0].tolist() == [0, 1, 2, 3, 4, 5, -1, -1, -1]


def test_how_long_a_price_is_carried_can_be_set() -> None:
    assert column(7.0, NAN, 8.0, carry=0).age[:, 0].tolist() == [0, -1, 0]
    assert column(7.0, NAN, NAN, 8.0, carry=1).age[:, 0].tolist() == [0, 1, -1, 0]


@pytest.mark.parametrize("bad", [0.0, -1.0, NAN, float("inf"), float("-inf")])
def test_a_bad_price_counts_as_missing(bad: float) -> None:
    runs = column(bad, 5.0, bad, 6.0)
    assert runs.age[:, 0].tolist() == [-1, 0, 1, 2]
    assert runs.values[1:, 0].tolist() == [5.0, 5.0, 6.0]
    assert runs.present[:, 0].tolist() == [False, True, False, True]
    assert np.isnan(runs.values[0, 0])


@pytest.mark.parametrize("bad", [0.0, -1.0, float("inf")])
def test_a_bad_price_before_the_first_one_is_no_value(bad: float) -> None:
    assert np.isnan(column(bad, 5.0, 6.0).values[0, 0])
    assert np.isnan(column(bad, bad).values).all()


def test_several_gaps_of_one_column_each_begin_a_run() -> None:
    long_gap = [NAN] * 6
    runs = column(1.0, *long_gap, 2.0, 3.0, *long_gap, 4.0)
    assert np.flatnonzero(runs.age[:, 0] == 0).tolist() == [0, 7, 15]


def test_a_gap_at_the_end_of_a_column_does_not_reach_into_the_next() -> None:
    close = np.array([[1.0, 4.0], [NAN, 5.0], [NAN, NAN]])
    assert_follows_the_rule(price_runs(close, 1), close, 1)


def test_closes_are_left_as_they_were() -> None:
    for order in ("C", "F"):
        close = np.array([[1.0, 2.0], [NAN, 0.0], [3.0, 4.0]], order=order)
        before = close.copy()
        price_runs(close)
        assert np.array_equal(close, before, equal_nan=True)


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (4, 0)])
def test_nothing_in_gives_nothing_out(shape: tuple[int, int]) -> None:
    runs = price_runs(np.empty(shape))
    assert runs.values.shape == runs.age.shape == runs.present.shape == shape


def test_the_table_of_runs_names_every_run_in_order() -> None:
    close = np.array([[1.0, NAN, NAN], [NAN, NAN, 2.0], [3.0, NAN, 2.0], [3.0, NAN, NAN]])
    table = price_runs(close, 0).runs
    assert table.start.tolist() == [0, 2, 1]
    assert table.stop.tolist() == [1, 4, 3]
    assert table.count.tolist() == [2, 0, 1]
    position, place = table.of(np.array([2, 1, 0, 0]))
    assert position.tolist() == [0, 2, 2, 3, 3]
    assert place.tolist() == [2, 0, 1, 0, 1]


def test_a_column_is_settled_where_nothing_but_own_prices_follows() -> None:
    close = np.array(
        [[1.0, NAN, 1.0, 1.0, 1.0], [1.0, 1.0, NAN, 1.0, NAN], [1.0, 1.0, 1.0, NAN, NAN]]
    )
    assert price_runs(close[:, :2]).settled.tolist() == [0, 1]
    assert price_runs(close[:, 2:]).settled.tolist() == [3, 3, 3]
    assert price_runs(np.full((3, 1), NAN)).settled.tolist() == [3]


@st.composite
def closes(draw: st.DrawFn) -> np.ndarray:
    """Prices with gaps of all lengths, in up to four columns."""
    sessions, columns = draw(st.integers(0, 30)), draw(st.integers(0, 4))
    price = st.sampled_from([NAN, NAN, NAN, 0.0, float("inf"), 1.0, 2.0, 3.0])
    cells = draw(st.lists(price, min_size=sessions * columns, max_size=sessions * columns))
    return np.array(cells, dtype=np.float64).reshape(sessions, columns)


@given(closes(), st.integers(0, 7))
def test_any_pattern_of_gaps_follows_the_rule(close: np.ndarray, carry: int) -> None:
    assert_follows_the_rule(price_runs(close, carry), close, carry)
    assert_follows_the_rule(price_runs(np.asfortranarray(close), carry), close, carry)


@given(closes(), st.integers(0, 30))
def test_later_sessions_change_nothing_before_them(close: np.ndarray, cut: int) -> None:
    whole, cut_off = price_runs(close), price_runs(close[:cut])
    assert np.array_equal(whole.values[:cut], cut_off.values, equal_nan=True)
    assert np.array_equal(whole.age[:cut], cut_off.age)
    assert np.array_equal(whole.present[:cut], cut_off.present)
