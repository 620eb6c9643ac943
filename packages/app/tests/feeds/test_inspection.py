from datetime import date

import pytest

from alchemiser_app.feeds.inspection import Gap
from alchemiser_app.feeds.sample import FIRST, LAST, SampleFeed
from alchemiser_core.domain.bars import PriceBasis

HEADER = "date,close\n"


@pytest.fixture
def mixed(folder):
    folder.write("SPY.csv", HEADER + "".join(f"2024-01-0{d},10\n" for d in range(1, 10)))
    folder.write("TLT.csv", "date,adj close\n2024-01-02,5\n2024-01-05,0\n2024-01-07,6\n")
    folder.write("GLD.csv", HEADER + "x,1\n")
    folder.write("two words.csv", "not a symbol").write("NOTES.md", "no bars")
    return folder


def test_a_report_tells_range_gaps_basis_and_bad_prices_of_each_symbol(mixed):
    report = mixed.feed.inspect().unwrap()
    spy, tlt = report.symbols
    assert (spy.symbol, spy.file, spy.rows, spy.gaps) == ("SPY", "SPY.csv", 9, ())
    assert (tlt.first, tlt.last, tlt.rows) == (date(2024, 1, 2), date(2024, 1, 7), 2)
    assert tlt.gaps == (Gap(date(2024, 1, 3), date(2024, 1, 6), 4),)
    assert tlt.basis is PriceBasis.ADJUSTED
    assert [bad.session for bad in tlt.bad_prices] == [date(2024, 1, 5)]
    assert len(report.sessions) == 9


def test_errors_of_files_are_part_of_the_report(mixed):
    report = mixed.feed.inspect().unwrap()
    assert [(p.code, p.where) for p in report.problems] == [("unparsable-date", "GLD.csv:2")]


def test_a_report_on_some_symbols_names_those_that_are_missing(mixed):
    report = mixed.feed.inspect(["TLT", "UVXY"]).unwrap()
    assert [r.symbol for r in report.symbols] == ["TLT"]
    assert report.missing == ("UVXY",)
    assert report.problems == ()


def test_strictly_everything_odd_is_a_problem(mixed):
    mixed.write("QQQ.csv", HEADER + "2024-01-03,1\n2024-01-02,1\n2024-01-02,1\n2024-01-20,1\n")
    mixed.write("SPY.csv", HEADER + "".join(f"2024-01-{d:02},10\n" for d in [1, 2, 3, 5, 7, 25]))
    report = mixed.feed.inspect(["SPY", "TLT", "GLD", "QQQ", "UVXY"]).unwrap()
    assert [p.code for p in report.strict_problems()] == [
        "unparsable-date",
        "missing-symbol",
        "unsorted",
        "duplicate-rows",
        "off-axis",
        "bad-price",
    ]


def test_strictly_nothing_is_wrong_with_a_clean_folder(folder):
    folder.write("SPY.csv", HEADER + "2024-01-02,10\n")
    assert folder.feed.inspect().unwrap().strict_problems() == ()


def test_a_symbol_without_a_price_has_no_range(folder):
    folder.write("SPY.csv", HEADER + "2024-01-02,10\n").write("TLT.csv", HEADER + "2024-01-02,\n")
    tlt = folder.feed.inspect().unwrap().symbols[1]
    assert (tlt.first, tlt.last, tlt.rows, tlt.gaps) == (None, None, 0, ())


@pytest.mark.parametrize("content", [None, "x"])
def test_a_folder_with_nothing_to_read_is_an_error(folder, content):
    if content:
        folder.write("SPY.csv", content)
    assert folder.feed.inspect().failure().problems()


def test_the_sample_has_a_report_too():
    report = SampleFeed().inspect(["SPY", "NOSUCH"]).unwrap()
    (spy,) = report.symbols
    assert (spy.first, spy.last, spy.gaps) == (FIRST, LAST, ())
    assert report.synthetic
    assert report.missing == ("NOSUCH",)
    assert len(SampleFeed().inspect().unwrap().symbols) == len(SampleFeed().known)
