import numpy as np
import pytest

from alchemiser_core.domain.bars import PriceBasis

ROWS = "2024-01-02,10\n2024-01-03,11\n"


@pytest.mark.parametrize("date", ["date", "Date", "DATE", "timestamp", "Timestamp", "Datetime"])
@pytest.mark.parametrize("close", ["close", "Close", "CLOSE", " close "])
def test_any_file_of_dates_and_closes_works(folder, date, close):
    history = folder.write("SPY.csv", f"{date},{close}\n{ROWS}").bars("SPY").unwrap()
    np.testing.assert_array_equal(history.close[:, 0], [10, 11])
    assert history.basis is PriceBasis.AS_GIVEN


@pytest.mark.parametrize(
    "close",
    [
        "adj close",
        "Adj Close",
        "adj_close",
        "Adj. Close",
        "adjusted_close",
        "AdjClose",
        "5. adjusted close",
    ],
)
def test_an_adjusted_close_is_recognised_and_named(folder, close):
    history = folder.write("SPY.csv", f"date,{close}\n{ROWS}").bars("SPY").unwrap()
    np.testing.assert_array_equal(history.close[:, 0], [10, 11])
    assert history.basis is PriceBasis.ADJUSTED


def test_columns_may_stand_in_any_order_among_others(folder):
    folder.write("SPY.csv", 'note,close,x,"date"\n"a, b",10,,2024-01-02\n,"11",?,"2024-01-03"\n')
    np.testing.assert_array_equal(folder.bars("SPY").unwrap().close[:, 0], [10, 11])


def test_thousands_of_columns_are_no_trouble(folder):
    names = ",".join(f"c{i}" for i in range(5000))
    cells = ",".join(["1"] * 5000)
    folder.write("SPY.csv", f"{names},date,close\n{cells},2024-01-02,10\n")
    assert folder.bars("SPY").unwrap().close[0, 0] == 10


@pytest.mark.parametrize(
    ("header", "codes"),
    [
        ("day,price", ["no-usable-column", "no-usable-column"]),
        ("date,price", ["no-usable-column"]),
        ("when,close", ["no-usable-column"]),
        ("date;close,x", ["no-usable-column", "no-usable-column"]),
        ("2024-01-02,10", ["no-usable-column", "no-usable-column"]),
    ],
)
def test_no_usable_column_is_an_error_that_names_the_columns_there_are(folder, header, codes):
    problems = folder.write("SPY.csv", f"{header}\n{ROWS}").problems("SPY")
    assert [p.code for p in problems] == codes
    for problem in problems:
        assert problem.where == "SPY.csv"
        assert repr(header.split(",")[0]) in problem.why


def test_two_columns_of_one_meaning_are_an_error(folder):
    folder.write("SPY.csv", "date,Close,close\n2024-01-02,10,11\n")
    (problem,) = folder.problems("SPY")
    assert problem.code == "ambiguous-column"
    assert "'Close'" in problem.what
    assert "'close'" in problem.what


def test_where_a_file_has_both_closes_the_adjusted_is_used_and_the_others_are_scaled(folder):
    folder.write(
        "SPY.csv",
        "Date,Open,High,Low,Close,Adj Close,Volume\n2024-01-02,9,12,8,10,5,100\n"
        "2024-01-03,10,10,10,10,,100\n",
    )
    history = folder.bars("SPY", closes_only=False).unwrap()
    assert history.basis is PriceBasis.ADJUSTED
    first = [float(getattr(history, n)[0, 0]) for n in ("open", "high", "low", "close", "volume")]
    assert first == [4.5, 6, 4, 5, 100]
    assert np.isnan(history.open[1, 0])
    assert folder.bars("SPY").unwrap().close[0, 0] == 5


def test_open_high_and_low_without_a_close_to_scale_them_by_are_left_out(folder):
    folder.write("SPY.csv", "date,open,adj close\n2024-01-02,9,5\n")
    history = folder.bars("SPY", closes_only=False).unwrap()
    assert np.isnan(history.open).all()
    assert history.warnings == (
        "SPY.csv: open, high and low are left out: there is no close to scale them by",
    )


def test_prices_of_different_bases_are_not_passed_off_as_adjusted(folder):
    folder.write("SPY.csv", f"date,close\n{ROWS}").write("TLT.csv", f"date,adj close\n{ROWS}")
    history = folder.bars("SPY", "TLT").unwrap()
    assert history.basis is PriceBasis.AS_GIVEN
    assert history.warnings == (
        "only some files have an adjusted close (TLT); the others' close is as given",
    )
    assert folder.bars("TLT").unwrap().basis is PriceBasis.ADJUSTED
