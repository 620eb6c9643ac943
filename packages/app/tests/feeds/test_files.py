"""The `files` feed as a whole: sessions, symbols, and which files it touches."""

import os
import tracemalloc
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from returns.result import Success

from alchemiser_app.feeds.files import FilesFeed
from alchemiser_core.ports.market_data import BarRequest
from alchemiser_core.testing.bars import wandering_history
from alchemiser_core.testing.conformance import MarketDataConformance

HEADER = "date,close\n"
MARKET = Path(__file__).parents[5] / "shared" / "market" / "daily"
FULL = ("open", "high", "low", "close", "volume")


def as_csv(history, symbol):
    """One column of a history, written so that it reads back exactly."""
    column = history.columns[symbol]
    rows = [
        ",".join([str(day), *(repr(float(getattr(history, n)[row, column])) for n in FULL)])
        for row, day in enumerate(history.sessions)
    ]
    return "\n".join(["date," + ",".join(FULL), *rows])


class TestFiles(MarketDataConformance):
    known = ("SPY", "TLT", "BRK.B")

    @pytest.fixture
    def feed(self, tmp_path):
        history = wandering_history(self.known, 40)
        for symbol in self.known:
            (tmp_path / f"{symbol.replace('.', '-')}.csv").write_text(as_csv(history, symbol))
        return FilesFeed(tmp_path)


class TestFilesWithoutSpy(MarketDataConformance):
    """The sessions are then those of the symbols asked for."""

    known = ("TLT", "GLD")
    has_full_bars = False

    @pytest.fixture
    def feed(self, folder):
        days = [f"2024-02-{day:02}" for day in range(1, 21)]
        folder.write("TLT.csv", HEADER + "".join(f"{d},{i + 1}\n" for i, d in enumerate(days)))
        folder.write("GLD.csv", HEADER + "".join(f"{d},5\n" for d in days[1::2]))
        return folder.feed


class TestRealFiles(MarketDataConformance):
    known = ("SPY", "UVXY", "BRK.B", "KMLM")

    @pytest.fixture
    def feed(self):
        if not MARKET.is_dir():
            pytest.skip("the real bars are not beside the repository")
        return FilesFeed(MARKET)


def test_lesson_holidays_are_no_sessions(folder):
    """A row on a day without trading, with yesterday's price in it, is no session."""
    folder.write("SPY.csv", HEADER + "2024-01-12,10\n2024-01-16,11\n")
    folder.write("TLT.csv", HEADER + "2024-01-12,5\n2024-01-15,5\n2024-01-16,6\n")
    history = folder.bars("TLT").unwrap()
    assert history.sessions.tolist() == [date(2024, 1, 12), date(2024, 1, 16)]
    assert history.close[:, 0].tolist() == [5, 6]
    assert history.warnings == (
        "TLT.csv: 1 rows dropped that are no sessions, the first of 2024-01-15",
    )


def test_lesson_missing_ticker_is_one_thing_everywhere(folder):
    """No file, or a file without a price: a column of NaN, and every session of the others."""
    folder.write("SPY.csv", HEADER + "2024-01-02,10\n2024-01-03,11\n")
    folder.write("SVIX.csv", HEADER + "2024-01-02,\n2024-01-03,0\n")
    history = folder.bars("SVIX", "SPY", "UVIX").unwrap()
    assert history.missing_symbols == ("SVIX", "UVIX")
    assert history.close[:, 1].tolist() == [10, 11]
    assert len(history) == len(folder.bars("SPY").unwrap())


def test_a_session_that_a_symbol_lacks_is_a_hole_in_its_column(folder):
    folder.write("SPY.csv", HEADER + "2024-01-02,10\n2024-01-03,11\n2024-01-04,12\n")
    folder.write("TLT.csv", HEADER + "2024-01-02,5\n2024-01-04,6\n")
    history = folder.bars("TLT").unwrap()
    np.testing.assert_array_equal(history.close[:, 0], [5, np.nan, 6])


def test_without_spy_the_sessions_are_those_of_the_symbols_needed(folder):
    folder.write("TLT.csv", HEADER + "2024-01-02,5\n")
    folder.write("GLD.csv", HEADER + "2024-01-04,6\n")
    folder.write("QQQ.csv", HEADER + "2024-01-03,7\n")
    history = folder.bars("TLT", "GLD").unwrap()
    assert history.sessions.tolist() == [date(2024, 1, 2), date(2024, 1, 4)]


def test_a_calendar_overrides_spy(folder):
    class Fridays:
        def between(self, first, last):
            days = np.arange(np.datetime64(first, "D"), np.datetime64(last, "D") + 1)
            return Success(days[np.is_busday(days, weekmask="Fri")])

    folder.write("SPY.csv", "broken")
    folder.write("TLT.csv", HEADER + "2024-01-04,4\n2024-01-05,5\n2024-01-19,6\n")
    feed = FilesFeed(folder.path, Fridays())
    history = feed.bars(BarRequest(["TLT"])).unwrap()
    np.testing.assert_array_equal(history.close[:, 0], [5, np.nan, 6])


@pytest.mark.parametrize(
    "name",
    ["BRK-B.csv", "BRK.B.csv", "BRK_B.csv", "brk-b.csv", "Brk.b.CSV", "BRK-B.Csv"],
)
def test_spellings_of_a_share_class_are_one_symbol(folder, name):
    folder.write(name, HEADER + "2024-01-02,10\n")
    assert folder.bars("BRK.B").unwrap().close[0, 0] == 10


def test_two_files_of_one_symbol_are_an_error(folder):
    folder.write("BRK-B.csv", HEADER + "2024-01-02,10\n")
    folder.write("brk.b.csv", HEADER + "2024-01-02,11\n")
    (problem,) = folder.problems("BRK.B")
    assert problem.code == "several-files"
    assert "BRK-B.csv, brk.b.csv" in problem.what


def test_a_range_before_any_data_says_what_range_there_is(folder):
    folder.write("SPY.csv", HEADER + "2024-01-02,10\n2024-01-05,11\n")
    (problem,) = folder.problems("SPY", end=date(2023, 1, 1))
    assert problem.code == "no-session-in-range"
    assert problem.why == "the sessions run from 2024-01-02 to 2024-01-05"
    assert folder.codes("SPY", start=date(2024, 1, 3), end=date(2024, 1, 4)) == [problem.code]


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    result = FilesFeed(tmp_path / "nowhere").bars(BarRequest(["SPY"]))
    (problem,) = result.failure().problems()
    assert problem.code == "no-folder"
    assert "nowhere" in problem.where


def test_a_folder_without_any_of_the_symbols_is_an_error(folder):
    assert folder.write("GLD.csv", HEADER + "2024-01-02,1\n").codes("TLT", "UVXY") == ["no-files"]


def test_a_file_that_cannot_be_read_is_an_error(folder):
    (folder.path / "SPY.csv").mkdir()
    (folder.path / "TLT.csv").symlink_to(folder.path / "gone.csv")
    problems = folder.problems("SPY", "TLT")
    assert [(p.code, p.where) for p in problems] == [
        ("unreadable-file", "SPY.csv"),
        ("unreadable-file", "TLT.csv"),
    ]


def test_only_the_files_that_are_needed_are_touched(folder, monkeypatch):
    for number in range(3000):
        folder.write(f"X{number}.csv", "this is no data")
    folder.write("SPY.csv", HEADER + "2024-01-02,10\n").write("TLT.csv", HEADER + "2024-01-02,5\n")
    touched = []
    for action in ("read_bytes", "open", "stat"):
        original = getattr(Path, action)

        def noted(path, *args, _original=original, **kwargs):
            touched.append(path.name)
            return _original(path, *args, **kwargs)

        monkeypatch.setattr(Path, action, noted)
    assert folder.bars("TLT").unwrap().close[0, 0] == 5
    assert set(touched) == {"SPY.csv", "TLT.csv"}


def test_closes_alone_are_read_unless_more_is_asked_for(folder):
    folder.write("SPY.csv", "date,open,close\n2024-01-02,9,10\n")
    assert folder.bars("SPY").unwrap().open is None
    assert folder.bars("SPY", closes_only=False).unwrap().open[0, 0] == 9
    assert np.isnan(folder.bars("SPY", closes_only=False).unwrap().volume).all()


def test_real_bars_read_as_they_are_written():
    if not MARKET.is_dir():
        pytest.skip("the real bars are not beside the repository")
    history = FilesFeed(MARKET).bars(BarRequest(["UVXY", "SPY"])).unwrap()
    rows = (MARKET / "UVXY.csv").read_text().split()[1:]
    for line in (rows[0], rows[len(rows) // 2], rows[-1]):
        day, *_, close, _volume = line.split(",")
        assert history.close[history.row_at(date.fromisoformat(day)), 0] == float(close)
    assert np.isfinite(history.close[:, 0]).sum() == len(rows)
    assert history.warnings == history.bad_prices == ()


def test_the_files_of_a_large_strategy_need_little_memory():
    if not MARKET.is_dir():
        pytest.skip("the real bars are not beside the repository")
    symbols = [path.stem.replace("-", ".") for path in sorted(MARKET.glob("*.csv"))]
    feed = FilesFeed(MARKET)
    feed.bars(BarRequest(symbols[:1]))
    tracemalloc.start()
    history = feed.bars(BarRequest(symbols)).unwrap()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert history.missing_symbols == ()
    assert peak < 60e6


def test_a_pipe_is_no_file_of_bars_and_not_waited_for(folder):
    os.mkfifo(folder.path / "SPY.csv")
    (problem,) = folder.problems("SPY")
    assert (problem.code, problem.why) == ("unreadable-file", "it is no regular file")
