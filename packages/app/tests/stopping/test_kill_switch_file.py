import os
import stat

import pytest
from returns.result import Failure, Success

from alchemiser_app.stopping.kill_switch_file import FileKillSwitch
from alchemiser_core.testing.conformance import KillSwitchConformance


@pytest.fixture
def path(tmp_path):
    return tmp_path / "alchemiser.halt"


@pytest.fixture
def switch(path):
    return FileKillSwitch(path)


class TestFileKillSwitch(KillSwitchConformance[FileKillSwitch]):
    @pytest.fixture
    def switch(self, switch):
        return switch

    def throw(self, switch, why):
        assert switch.throw(why) == Success(None)

    def release(self, switch):
        assert switch.release() == Success(None)


def test_anybody_can_throw_it_with_touch(switch, path):
    path.touch()
    assert str(path) in switch.thrown()


def test_only_its_owner_can_read_the_reason(switch, path):
    switch.throw("the account looks wrong").unwrap()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == [path.name]


def test_another_process_sees_it(switch, path):
    switch.throw("by hand").unwrap()
    assert FileKillSwitch(path).thrown() == "by hand"


def test_a_reason_is_bounded_and_cannot_write_to_the_terminal(switch, path):
    path.write_bytes(b"\x1b[31mstop\r\n\xff" + b"x" * 1_000_000)
    why = switch.thrown()
    assert why.startswith("[31mstop")
    assert why.isprintable()
    assert len(why) <= 500


def test_whatever_stands_there_counts(switch, path):
    path.mkdir()
    assert switch.thrown() is not None
    path.rmdir()
    path.symlink_to(path.parent / "nowhere")
    assert switch.thrown() is not None
    path.unlink()
    os.mkfifo(path)
    assert switch.thrown() is not None


def test_a_folder_that_is_not_there_counts_as_thrown(tmp_path):
    switch = FileKillSwitch(tmp_path / "unmounted" / "halt")
    assert "cannot be looked at" in switch.thrown()


def test_a_path_through_a_file_counts_as_thrown(tmp_path):
    (tmp_path / "file").touch()
    assert "cannot be looked at" in FileKillSwitch(tmp_path / "file" / "halt").thrown()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look everywhere")
def test_what_may_not_be_looked_at_counts_as_thrown(switch, path):
    path.parent.chmod(0)
    try:
        assert "cannot be looked at" in switch.thrown()
    finally:
        path.parent.chmod(0o700)


def test_a_full_disk_does_not_keep_it_from_being_thrown(switch, path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkstemp", full)
    assert switch.throw("the account looks wrong") == Success(None)
    assert switch.thrown() is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_cannot_be_thrown_or_released_says_so(path, tmp_path):
    path.mkdir()
    refused = FileKillSwitch(path).release()
    assert isinstance(refused, Failure)
    assert refused.failure().problems()[0].where == str(path)


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.write_bytes(b"SQLite format 3\0")])
def test_what_no_halt_has_left_is_never_taken_away(path, make):
    make(path)
    (problem,) = FileKillSwitch(path).release().failure().problems()
    assert "by hand" in problem.hint
    assert path.exists()


def test_throwing_makes_the_folder_where_there_is_none(tmp_path):
    switch = FileKillSwitch(tmp_path / "new" / "alchemiser.halt")
    assert not switch.is_there
    switch.throw("by hand").unwrap()
    assert switch.is_there
    assert switch.thrown() == "by hand"


def test_what_was_not_thrown_is_not_said_to_be(tmp_path):
    (tmp_path / "file").write_text("in the way of a folder")
    switch = FileKillSwitch(tmp_path / "file" / "alchemiser.halt")
    assert isinstance(switch.throw("by hand"), Failure)
