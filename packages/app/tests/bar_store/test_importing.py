import json
import multiprocessing
import os
import subprocess
import sys
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import numpy as np
import pytest
from returns.result import Success
from typer.testing import CliRunner

from alchemiser_app.bar_store import whole_files
from alchemiser_app.bar_store.bases import StoredBasis
from alchemiser_app.bar_store.importing import run as running
from alchemiser_app.bar_store.importing.one_file import FileImport
from alchemiser_app.bar_store.importing.outcome import Done, ImportEnded
from alchemiser_app.bar_store.importing.run import import_folder
from alchemiser_app.bar_store.refusals import StoreLocked
from alchemiser_app.bar_store.store import create_store, open_store
from alchemiser_app.cli.main import app
from alchemiser_app.feeds.folder import locate_all
from alchemiser_app.reports.data_import import import_lines
from alchemiser_core.domain.bars import PriceBasis

ADJUSTED, RAW, AS_GIVEN = PriceBasis.ADJUSTED, PriceBasis.RAW, PriceBasis.AS_GIVEN
HEADER = "date,open,high,low,close,volume\n"
ROWS = "2024-01-02,1.1,1.3,0.9,1.2,100\n2024-01-03,1.2,1.4,1.0,1.3,\n"


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "SPY.csv").write_text(HEADER + ROWS)
    return folder


@pytest.fixture
def take(files, store):
    """Import the folder; gives what was done with each symbol, and the outcome."""

    def call(basis=None, *, replace=False, processes=1):
        how = FileImport(store, basis, replace)
        located = locate_all(files).unwrap()
        outcome = import_folder(how, located, lambda done, total: None, processes).unwrap()
        return {each.symbol: each.done for each in outcome.files}, outcome

    return call


def test_every_value_of_a_file_is_in_the_store(files, store, take):
    assert take()[0] == {"SPY": Done.NEW}
    found = store.series("SPY", AS_GIVEN).unwrap()
    assert found.close.tolist() == [1.2, 1.3]
    assert [found.open[1], found.high[1], found.low[1], found.volume[0]] == [1.2, 1.4, 1.0, 100]
    assert np.isnan(found.volume[1])
    assert (found.source, found.synthetic) == ("files", False)


def test_a_file_with_an_adjusted_close_is_adjusted(files, store, take):
    (files / "SPY.csv").write_text("date,open,close,adj close\n2024-01-02,10,20,5\n")
    take()
    found = store.series("SPY", ADJUSTED).unwrap()
    assert (found.close.tolist(), found.open.tolist()) == ([5.0], [2.5])


def test_files_of_both_kinds_are_told_to_be_kept_apart(files, take):
    assert "kept apart" not in "".join(import_lines(take()[1], "kept"))
    (files / "SPY.csv").write_text("date,close,adj close\n2024-01-02,20,5\n")
    (files / "TLT.csv").write_text(HEADER + ROWS)
    assert "kept apart, and a feed reads one kind" in "".join(import_lines(take()[1], "kept"))


@pytest.mark.parametrize("basis", list(StoredBasis))
def test_what_closes_are_may_be_said(store, take, basis):
    take(basis)
    assert store.bases() == Success((basis.prices,))


def test_an_adjusted_close_is_not_taken_for_a_raw_one(files, store, take):
    (files / "SPY.csv").write_text("date,close,adj close\n2024-01-02,20,5\n")
    done, outcome = take(StoredBasis.RAW)
    assert done == {"SPY": Done.REFUSED}
    assert [p.code for p in outcome.problems] == ["import-basis"]
    assert store.bases() == Success(())


def test_a_broken_file_is_named_with_its_line_and_does_not_stop_the_others(files, store, take):
    (files / "BAD.csv").write_text(HEADER + ROWS.replace("1.3,\n", "1.3\n"))
    (files / "TLT.csv").write_text(HEADER + ROWS)
    done, outcome = take()
    assert done == {"BAD": Done.REFUSED, "SPY": Done.NEW, "TLT": Done.NEW}
    assert [p.where for p in outcome.problems] == ["BAD.csv:3"]


def test_a_full_disk_ends_the_import_and_is_told_once(files, store, take, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    for name in ("AAA", "BBB"):
        (files / f"{name}.csv").write_text(HEADER + ROWS)
    with monkeypatch.context() as patch:
        patch.setattr(whole_files.os, "fsync", full)
        done, outcome = take()
    assert (done, outcome.unreached) == ({"AAA": Done.REFUSED}, 2)
    assert [(p.code, p.why) for p in outcome.problems] == [
        ("store-unavailable", "No space left on device")
    ]
    assert "not got to: 2 files; start the import again" in "\n".join(import_lines(outcome, "kept"))
    assert list(store.folder.rglob("*.tmp")) == []
    assert take()[0] == dict.fromkeys(("AAA", "BBB", "SPY"), Done.NEW)


def test_a_symbol_with_several_files_is_left_out(files, store, take):
    (files / "spy.parquet").write_bytes(b"")
    done, outcome = take()
    assert done == {}
    assert [p.code for p in outcome.problems] == ["several-files"]


def test_names_that_are_no_files_of_bars(files, take):
    (files / "TLT.csv").mkdir()
    os.mkfifo(files / "GLD.csv")
    (files / "README.md").write_text("no bars")
    (files / "no symbol.csv").write_text("no bars")
    (files / "LINK.csv").symlink_to(files / "SPY.csv")
    done, outcome = take()
    assert done == {
        "SPY": Done.NEW,
        "LINK": Done.NEW,
        "TLT": Done.REFUSED,
        "GLD": Done.REFUSED,
    }
    assert {p.code for p in outcome.problems} == {"unreadable-file"}


def test_prices_that_cannot_be_are_counted_and_kept_in_mind(files, store, take):
    (files / "SPY.csv").write_text("date,close\n2024-01-02,0\n2024-01-03,5\n")
    _, outcome = take()
    assert outcome.files[0].bad_prices == 1
    (bad,) = store.series("SPY", AS_GIVEN).unwrap().bad_prices
    assert (str(bad.session), bad.value) == ("2024-01-02", 0.0)


class TestAgain:
    def test_what_is_there_unchanged_is_left_alone(self, store, take):
        take()
        before = store.file_of("SPY", AS_GIVEN).stat().st_mtime_ns
        assert take()[0] == {"SPY": Done.UNCHANGED}
        assert store.file_of("SPY", AS_GIVEN).stat().st_mtime_ns == before

    def test_a_longer_file_replaces_an_imported_one(self, files, store, take):
        take()
        (files / "SPY.csv").write_text(HEADER + ROWS + "2024-01-04,1,1,1,1,1\n")
        assert take()[0] == {"SPY": Done.REPLACED}
        assert len(store.series("SPY", AS_GIVEN).unwrap().days) == 3

    @pytest.mark.parametrize("kept", [1, 2])
    def test_a_file_with_less_replaces_nothing_unasked(self, files, store, take, kept):
        take()
        lines = ROWS.splitlines(keepends=True)
        (files / "SPY.csv").write_text(HEADER + lines[kept - 1])
        done, outcome = take()
        assert done == {"SPY": Done.REFUSED}
        assert [p.code for p in outcome.problems] == ["import-refused"]
        assert len(store.series("SPY", AS_GIVEN).unwrap().days) == 2
        assert take(replace=True)[0] == {"SPY": Done.REPLACED}

    def test_bars_of_another_feed_are_not_replaced_unasked(self, store, take, series):
        store.put(series("SPY", 40, basis=AS_GIVEN)).unwrap()
        done, outcome = take()
        assert done == {"SPY": Done.REFUSED}
        assert "alpaca" in outcome.problems[0].why
        assert take(replace=True)[0] == {"SPY": Done.REPLACED}

    def test_a_damaged_file_of_the_store_is_replaced(self, store, take):
        take()
        store.file_of("SPY", AS_GIVEN).write_bytes(b"damaged")
        assert take()[0] == {"SPY": Done.NEW}
        assert store.verify() == ()


def test_nobody_imports_while_another_writes(files, store):
    with store.writer().unwrap():
        how = FileImport(store, None, replace=False)
        refused = import_folder(how, locate_all(files).unwrap(), lambda *_: None, 1)
        assert isinstance(refused.failure(), StoreLocked)


class TestManyFiles:
    @pytest.fixture
    def files(self, tmp_path):
        folder = tmp_path / "many"
        folder.mkdir()
        for number in range(120):
            (folder / f"S{number}.csv").write_text(HEADER + ROWS)
        return folder

    def test_several_processes_do_what_one_does_and_end(self, files, store, take):
        (files / "S7.csv").write_text("no bars")
        done, outcome = take(processes=2)
        assert list(done.values()).count(Done.NEW) == 119
        assert len(outcome.problems) == 2
        assert len(store.symbols(AS_GIVEN).unwrap()) == 119
        assert multiprocessing.active_children() == []

    def test_ended_from_the_keyboard_it_lets_go_of_everything(self, files, store):
        def interrupted(done, total):
            raise KeyboardInterrupt

        how = FileImport(store, None, replace=False)
        with pytest.raises(KeyboardInterrupt):
            import_folder(how, locate_all(files).unwrap(), interrupted, 2)
        assert multiprocessing.active_children() == []
        store.writer().unwrap().release()
        assert store.verify() == ()

    def test_killed_at_any_moment_the_store_is_sound_and_the_next_import_goes_on(
        self, files, tmp_path
    ):
        where = tmp_path / "killed"
        create_store(where).unwrap()
        child = Path(__file__).with_name("child_that_imports.py")
        subprocess.run([sys.executable, str(child), str(files), str(where), "6"], check=True)
        store = open_store(where).unwrap()
        assert {p.code for p in store.verify()} <= {"store-leftover"}
        before = len(store.symbols(AS_GIVEN).unwrap())
        how = FileImport(store, None, replace=False)
        outcome = import_folder(how, locate_all(files).unwrap(), lambda *_: None, 1).unwrap()
        assert len(outcome.having(Done.UNCHANGED)) == before
        assert before + len(outcome.having(Done.NEW)) == 120
        assert store.verify() == ()


def test_a_process_that_is_ended_from_outside_is_told_of(files, store, monkeypatch):
    def ended(*_):
        raise BrokenProcessPool
        yield

    monkeypatch.setattr(running, "taken", ended)
    how = FileImport(store, None, replace=False)
    refused = import_folder(how, locate_all(files).unwrap(), lambda *_: None, 2).failure()
    assert refused == ImportEnded(str(store.folder), 0, 1)
    store.writer().unwrap().release()


class TestCommand:
    def run(self, *words):
        return CliRunner().invoke(app, ["data", "import", *map(str, words)])

    def test_a_folder_becomes_a_store_that_is_read_like_any_data(self, files, tmp_path):
        done = self.run(files, "--store", tmp_path / "made")
        assert done.exit_code == 0, done.output
        assert "1 new, 0 replaced, 0 unchanged, 0 refused; 2 sessions written" in done.output
        shown = CliRunner().invoke(app, ["data", "info", "--data", str(tmp_path / "made")])
        assert "SPY     2024-01-02 to 2024-01-03" in shown.output

    def test_what_is_wrong_is_told_and_is_in_the_exit_code(self, files, tmp_path):
        (files / "BAD.csv").write_text(HEADER + "2024-01-02,x,1,1,1,1\n")
        done = self.run(files, "--store", tmp_path / "made", "--json")
        assert done.exit_code == 3
        answer = json.loads(done.stdout)
        assert answer["problems"][0]["where"] == "BAD.csv:2"
        assert [each["done"] for each in answer["files"]] == ["refused", "new"]

    def test_a_folder_without_bars_makes_no_store(self, tmp_path):
        (tmp_path / "empty").mkdir()
        done = self.run(tmp_path / "empty", "--store", tmp_path / "made")
        assert done.exit_code == 3
        assert not (tmp_path / "made").exists()

    def test_a_store_that_is_being_written_is_refused(self, files, store):
        with store.writer().unwrap():
            done = self.run(files, "--store", store.folder)
        assert done.exit_code == 4
        assert str(os.getpid()) in done.output
