import errno
import os
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from returns.result import Failure, Success

from alchemiser_app.bar_store.refusals import (
    BrokenStoreFile,
    MixedStore,
    NewerStore,
    NotAStore,
    StoreLocked,
    StoreUnavailable,
)
from alchemiser_app.bar_store.store import create_store, open_store
from alchemiser_app.bar_store.stored_actions import StoredActions
from alchemiser_core.domain.bars import BadPrice, PriceBasis
from alchemiser_core.ports.corporate_actions import Dividend, Split

ADJUSTED, RAW, AS_GIVEN = PriceBasis.ADJUSTED, PriceBasis.RAW, PriceBasis.AS_GIVEN
DAY = date(2020, 1, 2)


def test_a_series_comes_back_bit_for_bit(store, series, same):
    bad = (BadPrice("BRK.B", DAY, float("nan")), BadPrice("BRK.B", DAY, -0.0))
    own = series("BRK.B", origin="abc", bad_prices=bad)
    own.close[3] = np.nan
    store.put(own).unwrap()
    found = store.series("BRK.B", ADJUSTED).unwrap()
    assert repr(found.bad_prices) == repr(bad)
    assert same(found, series("BRK.B", origin="abc", bad_prices=found.bad_prices, close=own.close))


def test_bases_are_kept_apart(store, series, same):
    store.put(series(basis=RAW, seed=1)).unwrap()
    store.put(series(basis=ADJUSTED, seed=2)).unwrap()
    assert store.bases() == Success((ADJUSTED, RAW))
    assert same(store.series("SPY", RAW).unwrap(), series(basis=RAW, seed=1))
    assert store.series("SPY", AS_GIVEN) == Success(None)


def test_symbols_are_sorted_and_nothing_else_is_one(store, series):
    for symbol in ("SPY", "BRK.B", "A"):
        store.put(series(symbol)).unwrap()
    folder = store.folder / "adjusted"
    for name in ("tlt.parquet", "BRK-B.parquet", "CASH.parquet", "NOTES.txt", ".X.parquet.1.tmp"):
        (folder / name).write_bytes(b"")
    assert store.symbols(ADJUSTED) == Success(("A", "BRK.B", "SPY"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"close": np.zeros(40)}, "close holds 0"),
        ({"open": np.full(40, np.inf)}, "open holds inf"),
        ({"volume": np.full(40, -1.0)}, "volume holds -1"),
        ({"low": np.ones(39)}, "low is float64 of shape"),
        ({"high": np.ones(40, dtype=np.float32)}, "high is float32"),
        ({"days": np.arange(40, 0, -1).astype("datetime64[D]")}, "not strictly increasing"),
        ({"days": np.arange(40).astype("datetime64[s]")}, "not a row of datetime64"),
        ({"days": np.arange(9_000_000, 9_000_040).astype("datetime64[D]")}, "outside the calendar"),
        ({"days": np.empty(0, dtype="datetime64[D]")}, "it has 0 sessions"),
    ],
)
def test_a_series_that_cannot_be_is_an_error_of_the_program(series, changes, words):
    with pytest.raises(ValueError, match=words):
        series(**changes)


def test_actions_come_back_exactly(store):
    split = Split("SPY", Decimal("0.10"), date(2021, 5, 3))
    paid = Dividend("SPY", Decimal("1.4333000"), date(2021, 5, 3))
    known = StoredActions("SPY", (split, paid), DAY, date(2022, 1, 3), "alpaca")
    store.put_actions(known).unwrap()
    found = store.actions("SPY").unwrap()
    assert found == known
    assert str(found.actions[1].per_share) == "1.4333000"
    assert store.actions("TLT") == Success(None)


def test_that_nothing_happened_is_known_too(store):
    known = StoredActions("TLT", (), DAY, date(2022, 1, 3), "alpaca")
    store.put_actions(known).unwrap()
    assert store.actions("TLT") == Success(known)


def test_actions_out_of_order_or_of_others_are_an_error_of_the_program():
    split, paid = Split("SPY", Decimal(2), DAY), Dividend("SPY", Decimal(1), DAY)
    for symbol, actions, last in (
        ("SPY", (paid, split), DAY),
        ("TLT", (split,), DAY),
        ("SPY", (split,), date(2019, 1, 1)),
    ):
        with pytest.raises(ValueError, match=symbol):
            StoredActions(symbol, actions, date(2018, 1, 1), last, "alpaca")


def test_an_empty_store_takes_made_up_prices_and_then_no_others(store, series):
    store.put(series(synthetic=True)).unwrap()
    assert store.synthetic() == Success(True)
    refused = store.put(series("TLT")).failure()
    assert refused == MixedStore(str(store.folder), "TLT", synthetic=False)
    assert store.symbols(ADJUSTED) == Success(("SPY",))


def test_a_store_of_a_market_takes_no_made_up_prices(store, series):
    store.put(series(basis=RAW)).unwrap()
    (problem,) = store.put(series("TLT", synthetic=True)).failure().problems()
    assert problem.code == "store-mixed"
    assert store.synthetic() == Success(False)


def test_one_process_at_a_time_writes(store):
    with store.writer().unwrap():
        # The lock belongs to the open file, so that a second one is refused in one process too.
        refused = store.writer().failure()
        assert refused == StoreLocked(str(store.folder), f"process {os.getpid()}")
    with store.writer().unwrap():
        pass


def test_readers_do_not_ask_for_the_lock(store, series, same):
    with store.writer().unwrap():
        store.put(series()).unwrap()
        assert same(store.series("SPY", ADJUSTED).unwrap(), series())


class TestMaking:
    def test_a_store_is_made_once_and_found_again(self, tmp_path):
        made = create_store(tmp_path / "bars")
        assert create_store(tmp_path / "bars") == made == open_store(tmp_path / "bars")

    def test_an_empty_folder_becomes_one_and_any_other_does_not(self, tmp_path):
        (tmp_path / ".DS_Store").touch()
        (tmp_path / ".bar-store.json.abc.tmp").touch()
        create_store(tmp_path).unwrap()
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "SPY.csv").touch()
        assert "other files" in create_store(tmp_path / "other").failure().why

    def test_the_folder_above_is_not_made(self, tmp_path):
        (problem,) = create_store(tmp_path / "a" / "b").failure().problems()
        assert problem.code == "no-store"
        assert f"make the folder {tmp_path / 'a'} first" in problem.hint
        assert not (tmp_path / "a").exists()

    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (b'{"format": 2, "synthetic": false}', NewerStore),
            (b'{"format": 0, "synthetic": false}', NotAStore),
            (b'{"format": true, "synthetic": false}', NotAStore),
            (b'{"format": 1}', NotAStore),
            (b'{"format": 1, "synthetic": 0}', NotAStore),
            (b"[" * 100_000, NotAStore),
            (b"[1]", NotAStore),
            (b"\xff\xfe", NotAStore),
            (b"", NotAStore),
        ],
    )
    def test_a_marker_that_cannot_be_understood_is_no_store(self, store, content, kind):
        (store.folder / "bar-store.json").write_bytes(content)
        refused = open_store(store.folder).failure()
        assert isinstance(refused, kind)
        assert refused.problems()[0].hint
        assert create_store(store.folder) == Failure(refused)

    def test_no_folder_and_no_marker_are_no_store(self, tmp_path):
        assert isinstance(open_store(tmp_path).failure(), NotAStore)
        assert isinstance(open_store(tmp_path / "nothing").failure(), NotAStore)


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """Stores whose writers were killed, each at another step."""
    folder = tmp_path_factory.mktemp("killed")
    child = Path(__file__).with_name("child_that_is_killed.py")
    subprocess.run([sys.executable, str(child), str(folder)], check=True)
    return folder


class TestWriting:
    @pytest.mark.parametrize("step", ["mkstemp", "write", "fsync", "replace"])
    def test_a_writer_that_fails_leaves_the_old_series_and_nothing_else(
        self, store, series, same, monkeypatch, step
    ):
        store.put(series(seed=1)).unwrap()

        def full(*_, **__):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        module = "alchemiser_app.bar_store.whole_files"
        target = {"mkstemp": f"{module}.tempfile.mkstemp", "write": f"{module}.os.fchmod"}
        monkeypatch.setattr(target.get(step, f"{module}.os.{step}"), full)
        refused = store.put(series(seed=2)).failure()
        monkeypatch.undo()
        assert isinstance(refused, StoreUnavailable)
        assert "No space left" in refused.why
        assert same(store.series("SPY", ADJUSTED).unwrap(), series(seed=1))
        assert os.listdir(store.folder / "adjusted") == ["SPY.parquet"]

    @pytest.mark.parametrize("step", ["mkstemp", "fchmod", "fsync", "replace", "second-fsync"])
    def test_killed_at_any_step_there_is_the_old_series_or_the_new_one(self, killed, step):
        store = open_store(killed / step).unwrap()
        assert store.symbols(ADJUSTED) == Success(("SPY",))
        found = store.series("SPY", ADJUSTED).unwrap()
        assert found.close.tolist() == [2.0 if step == "second-fsync" else 1.0] * 100
        store.writer().unwrap().release()
        assert store.verify() == ()

    def test_what_a_killed_writer_left_goes_with_the_next_one(self, store, series):
        store.put(series()).unwrap()
        left = store.folder / "adjusted" / ".SPY.parquet.abc.tmp"
        left.write_bytes(b"half")
        (problem,) = store.verify()
        assert (problem.code, problem.where) == ("store-leftover", str(left))
        store.writer().unwrap().release()
        assert not left.exists()
        assert store.verify() == ()

    def test_a_folder_that_cannot_be_written_is_told_of(self, store, series):
        (store.folder / "adjusted").write_bytes(b"a file")
        assert isinstance(store.put(series()).failure(), StoreUnavailable)


class TestHostileFiles:
    @pytest.fixture
    def path(self, store, series):
        store.put(series()).unwrap()
        return store.folder / "adjusted" / "SPY.parquet"

    def broken(self, store):
        refused = store.series("SPY", ADJUSTED).failure()
        assert isinstance(refused, BrokenStoreFile)
        assert store.label("SPY", ADJUSTED) == Failure(refused)
        assert refused.where in [problem.where for problem in store.verify()]
        return refused.why

    def test_a_pipe_is_not_waited_for(self, store, path):
        path.unlink()
        os.mkfifo(path)
        assert self.broken(store) == "it is no regular file"

    def test_a_folder_is_no_series(self, store, path):
        path.unlink()
        path.mkdir()
        assert self.broken(store) == "it is no regular file"

    def test_a_huge_file_is_not_read(self, store, path):
        os.truncate(path, 1 << 40)
        assert "1,099,511,627,776 bytes" in self.broken(store)

    def test_a_file_of_another_symbol_or_basis_is_not_believed(self, store, path, series):
        store.put(series("TLT")).unwrap()
        path.write_bytes((store.folder / "adjusted" / "TLT.parquet").read_bytes())
        assert self.broken(store) == "it holds adjusted bars of 'TLT'"
        store.put(series(basis=RAW)).unwrap()
        path.write_bytes((store.folder / "raw" / "SPY.parquet").read_bytes())
        assert self.broken(store) == "it holds raw bars of 'SPY'"

    def test_a_link_to_a_file_is_read_and_replaced_by_a_file(self, store, path, series, same):
        elsewhere = store.folder.parent / "elsewhere.parquet"
        path.rename(elsewhere)
        path.symlink_to(elsewhere)
        assert same(store.series("SPY", ADJUSTED).unwrap(), series())
        store.put(series(seed=1)).unwrap()
        assert not path.is_symlink()

    def test_a_link_to_nothing_is_no_series(self, store, path):
        path.unlink()
        path.symlink_to("nowhere")
        assert store.series("SPY", ADJUSTED) == Success(None)
        assert [problem.code for problem in store.verify()] == ["store-broken"]

    def test_files_that_belong_to_nobody_are_named(self, store, path):
        (path.parent / "spy.parquet").write_bytes(path.read_bytes())
        (problem,) = store.verify()
        assert (problem.code, problem.where) == ("store-stray", str(path.parent / "spy.parquet"))
