import numpy as np
import pytest
from typer.testing import CliRunner

from alchemiser_app.bar_store.exporting import Export, FileFormat
from alchemiser_app.bar_store.series import COLUMNS
from alchemiser_app.cli.main import app
from alchemiser_app.feeds.files import FilesFeed
from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.ports.market_data import BarRequest

ADJUSTED, RAW, AS_GIVEN = PriceBasis.ADJUSTED, PriceBasis.RAW, PriceBasis.AS_GIVEN


def run(*words):
    return CliRunner().invoke(app, ["data", "export", *map(str, words)])


@pytest.mark.parametrize("form", list(FileFormat))
@pytest.mark.parametrize("basis", list(PriceBasis))
def test_what_is_written_reads_back_bit_for_bit(store, series, tmp_path, form, basis):
    own = series("BRK.B", basis=basis)
    own.close[5] = own.open[5] = own.high[5] = own.low[5] = np.nan
    own.open[7], own.volume[8] = np.nan, np.nan
    own.close[9], own.close[10] = 0.1 + 0.2, 1e12 / 3
    store.put(own).unwrap()
    assert Export(store, basis, tmp_path, form).write("BRK.B").unwrap() == 40
    read = FilesFeed(tmp_path).bars(BarRequest(("BRK.B",), closes_only=False)).unwrap()
    np.testing.assert_array_equal(read.sessions, own.days)
    for name in COLUMNS:
        assert getattr(read, name)[:, 0].tobytes() == own.column(name).tobytes(), name
    assert (read.basis is ADJUSTED) == (basis is ADJUSTED)
    assert read.bad_prices == ()
    assert read.warnings == ()


def test_a_day_with_an_open_and_no_close_keeps_its_open(store, series, tmp_path):
    own = series()
    own.close[5] = np.nan
    store.put(own).unwrap()
    Export(store, ADJUSTED, tmp_path, FileFormat.CSV).write("SPY").unwrap()
    read = FilesFeed(tmp_path).bars(BarRequest(("SPY",), closes_only=False)).unwrap()
    assert read.open[5, 0] == own.open[5]


def test_columns_that_are_empty_are_left_out(store, series, tmp_path):
    store.put(series(volume=np.full(40, np.nan), basis=RAW)).unwrap()
    Export(store, RAW, tmp_path, FileFormat.CSV).write("SPY").unwrap()
    assert (tmp_path / "SPY.csv").read_text().startswith("date,open,high,low,close\n")


class TestCommand:
    def test_everything_is_written_unless_symbols_are_given(self, store, series, tmp_path):
        for symbol in ("SPY", "TLT"):
            store.put(series(symbol)).unwrap()
        assert run("--store", store.folder, "--to", tmp_path / "all").exit_code == 0
        assert run("TLT", "--store", store.folder, "--to", tmp_path / "one").exit_code == 0
        assert sorted(p.name for p in (tmp_path / "all").iterdir()) == ["SPY.csv", "TLT.csv"]
        assert [p.name for p in (tmp_path / "one").iterdir()] == ["TLT.csv"]

    def test_nothing_is_overwritten_unless_it_is_forced(self, store, series, tmp_path):
        for symbol in ("SPY", "TLT"):
            store.put(series(symbol)).unwrap()
        (tmp_path / "SPY.csv").write_text("mine")
        refused = run("--store", store.folder, "--to", tmp_path)
        assert refused.exit_code == 2
        assert "--force" in refused.output
        assert (tmp_path / "SPY.csv").read_text() == "mine"
        assert not (tmp_path / "TLT.csv").exists()
        assert run("--store", store.folder, "--to", tmp_path, "--force").exit_code == 0
        assert (tmp_path / "SPY.csv").read_text() != "mine"

    def test_a_second_file_of_a_symbol_is_never_made(self, store, series, tmp_path):
        store.put(series()).unwrap()
        (tmp_path / "spy.parquet").write_bytes(b"mine")
        done = run("--store", store.folder, "--to", tmp_path, "--force")
        assert done.exit_code == 2
        assert not (tmp_path / "SPY.csv").exists()

    def test_a_symbol_that_the_store_lacks_is_named(self, store, series, tmp_path):
        store.put(series()).unwrap()
        done = run("SPY", "GLD", "--store", store.folder, "--to", tmp_path / "out")
        assert done.exit_code == 3
        assert "GLD" in done.output
        assert (tmp_path / "out" / "SPY.csv").exists()
