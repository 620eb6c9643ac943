"""Prices that are never used, rows out of order, and rows that stand twice."""

from datetime import date

import numpy as np
import pytest

from alchemiser_core.domain.bars import BadPrice

HEADER = "date,close\n"


@pytest.mark.parametrize("price", ["0", "-1.5", "nan", "inf", "-inf", "0.0", "1e-300", "1e300"])
def test_an_unusable_price_counts_as_missing_and_is_reported(folder, price):
    text = HEADER + f"2024-01-02,10\n2024-01-03,{price}\n2024-01-04,12\n"
    history = folder.write("SPY.csv", text).bars("SPY").unwrap()
    np.testing.assert_array_equal(history.close[:, 0], [10, np.nan, 12])
    (bad,) = history.bad_prices
    assert (bad.symbol, bad.session) == ("SPY", date(2024, 1, 3))
    np.testing.assert_equal(bad.value, float(price))


@pytest.mark.parametrize("cell", ["", "null", "NA"])
def test_an_empty_cell_is_missing_without_more_ado(folder, cell):
    text = HEADER + f"2024-01-02,10\n2024-01-03,{cell}\n"
    history = folder.write("SPY.csv", text).bars("SPY").unwrap()
    np.testing.assert_array_equal(history.close[:, 0], [10, np.nan])
    assert history.bad_prices == ()


def test_unusable_opens_and_volumes_are_not_used_either(folder):
    folder.write("SPY.csv", "date,open,close,volume\n2024-01-02,0,10,-5\n2024-01-03,9,10,0\n")
    history = folder.bars("SPY", closes_only=False).unwrap()
    np.testing.assert_array_equal(history.open[:, 0], [np.nan, 9])
    np.testing.assert_array_equal(history.volume[:, 0], [np.nan, 0])
    assert history.bad_prices == (BadPrice("SPY", date(2024, 1, 2), 0.0),)


def test_bad_prices_outside_the_range_are_not_reported(folder):
    folder.write("SPY.csv", HEADER + "2024-01-02,0\n2024-01-03,11\n")
    assert folder.bars("SPY", start=date(2024, 1, 3)).unwrap().bad_prices == ()


def test_rows_out_of_order_are_sorted_with_a_warning(folder):
    folder.write("SPY.csv", HEADER + "2024-01-04,12\n2024-01-02,10\n2024-01-03,11\n")
    history = folder.bars("SPY").unwrap()
    assert history.close[:, 0].tolist() == [10, 11, 12]
    assert history.warnings == ("SPY.csv: rows were not in order of date; sorted",)


def test_identical_duplicates_are_dropped_with_a_warning(folder):
    folder.write("SPY.csv", HEADER + "2024-01-02,10\n2024-01-02,10\n2024-01-03,\n2024-01-03,\n")
    history = folder.bars("SPY").unwrap()
    np.testing.assert_array_equal(history.close[:, 0], [10, np.nan])
    assert history.warnings == (
        "SPY.csv: 2 identical duplicate rows dropped, the first of 2024-01-02",
    )


def test_three_rows_of_a_day_conflict_where_any_two_do(folder):
    folder.write("SPY.csv", HEADER + "2024-01-02,10\n2024-01-02,10\n2024-01-02,11\n")
    assert folder.codes("SPY") == ["conflicting-rows"]


def test_bars_within_a_day_are_not_passed_off_as_daily(folder):
    folder.write("SPY.csv", HEADER + "2024-01-02 10:00,10\n2024-01-02 11:00,11\n")
    assert folder.codes("SPY") == ["conflicting-rows"]
