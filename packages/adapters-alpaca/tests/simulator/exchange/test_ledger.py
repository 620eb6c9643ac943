"""The file of the ledger: written before it counts, read again, checked."""

import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from zlib import crc32

import pytest
from returns.result import Failure

from alchemiser_alpaca.simulator.exchange.entries import CashMoved, Entry, Opened
from alchemiser_alpaca.simulator.exchange.ledger import (
    Ledger,
    line_of,
    open_ledger,
    read_line,
)

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
OPENED = Opened("PA1", Decimal("100.00"), 1, AT)


def moved(amount: str) -> Entry:
    return CashMoved("a", "CSD", Decimal(amount), AT.date(), AT)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "ledger.jsonl"


@pytest.fixture
def written(path):
    ledger = open_ledger(path).unwrap()
    for entry in (OPENED, moved("1.00"), moved("2.50")):
        ledger.append(entry)
    ledger.close()
    return path


def reopened(path):
    ledger = open_ledger(path).unwrap()
    ledger.close()
    return ledger


def test_what_was_written_is_read_again(written):
    ledger = reopened(written)
    assert ledger.entries == [OPENED, moved("1.00"), moved("2.50")]
    assert ledger.torn == ""


def test_the_file_is_its_owners_alone(written):
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    written.chmod(0o644)
    reopened(written)
    assert stat.S_IMODE(written.stat().st_mode) == 0o600


def test_a_line_is_there_when_append_returns(path):
    ledger = open_ledger(path).unwrap()
    ledger.append(OPENED)
    assert path.read_bytes() == line_of(1, OPENED)
    ledger.close()


def test_entries_go_on_after_those_that_were_there(written):
    ledger = open_ledger(written).unwrap()
    ledger.append(moved("3.00"))
    ledger.close()
    assert len(reopened(written).entries) == 4


@pytest.mark.parametrize("cut", [1, 10, 40])
def test_a_torn_last_line_is_cut_off_and_told(written, cut):
    content = written.read_bytes()
    written.write_bytes(content[:-cut])
    ledger = reopened(written)
    assert ledger.entries == [OPENED, moved("1.00")]
    last = content.splitlines(keepends=True)[-1]
    assert ledger.torn == last[:-cut].decode()
    assert written.read_bytes() == b"".join(content.splitlines(keepends=True)[:2])


def test_every_changed_byte_is_noticed(written):
    content = written.read_bytes()
    end = content.rindex(b"\n", 0, -1)
    for place in range(0, end, 7):
        changed = bytearray(content)
        changed[place] ^= 1
        written.write_bytes(bytes(changed))
        opened = open_ledger(written)
        assert isinstance(opened, Failure), place
        assert opened.failure().line >= 1


@pytest.mark.parametrize("lines", [(0, 2), (1, 0, 2), (0, 1, 1, 2)])
def test_lines_that_are_missing_moved_or_doubled_are_noticed(written, lines):
    content = written.read_bytes().splitlines(keepends=True)
    written.write_bytes(b"".join(content[n] for n in lines))
    assert isinstance(open_ledger(written), Failure)


@pytest.mark.parametrize("text", [b"\n", b"hello\n", b"[1,2,3,4]\n", b"[12,]\n", b"\xff\xfe\n"])
def test_a_file_of_something_else_is_refused(path, text):
    path.parent.mkdir()
    path.write_bytes(text)
    fault = open_ledger(path).failure()
    assert (fault.path, fault.line) == (str(path), 1)
    (problem,) = fault.problems()
    assert problem.where == f"{path}:1"
    assert path.read_bytes() == text


def test_links_and_folders_are_refused(written, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(written)
    assert isinstance(open_ledger(link), Failure)
    assert isinstance(open_ledger(tmp_path), Failure)
    assert open_ledger(tmp_path).failure().problems()[0].where == str(tmp_path)


def test_a_pipe_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert open_ledger(tmp_path / "pipe").failure().why == "it is no file"


def test_what_cannot_be_written_does_not_count(written):
    ledger = open_ledger(written).unwrap()
    ledger.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        ledger.append(moved("9.00"))
    assert len(ledger.entries) == 3
    assert len(reopened(written).entries) == 3


def test_a_line_that_was_written_in_part_is_taken_back(written, monkeypatch):
    ledger = open_ledger(written).unwrap()
    write = os.write

    def full(file, data):
        if len(data) < 20:
            raise OSError(28, "No space left on device")
        return write(file, data[: len(data) - 15])

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        ledger.append(moved("9.00"))
    monkeypatch.undo()
    ledger.append(moved("4.00"))
    ledger.close()
    assert [e.amount for e in reopened(written).entries[1:]] == [1, Decimal("2.5"), 4]


WRITES_FOR_EVER = """
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from alchemiser_alpaca.simulator.exchange.entries import Opened
from alchemiser_alpaca.simulator.exchange.ledger import open_ledger

ledger = open_ledger(Path(sys.argv[1])).unwrap()
while True:
    ledger.append(Opened("PA1", Decimal(len(ledger.entries)), 1, datetime.now(UTC)))
    print(len(ledger.entries), flush=True)
"""


def test_a_killed_process_loses_nothing_that_it_has_told_of(path):
    command = [sys.executable, "-c", WRITES_FOR_EVER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while int(process.stdout.readline()) < 200:
            pass
        process.kill()
        told = [int(line) for line in process.stdout if line.endswith("\n")]
    entries = reopened(path).entries
    assert len(entries) >= max(told, default=200)
    assert [entry.cash for entry in entries] == list(range(len(entries)))


def test_a_ledger_in_memory_has_no_file():
    ledger = Ledger()
    ledger.append(OPENED)
    assert ledger.entries == [OPENED]
    ledger.close()


def test_no_float_gets_into_the_ledger():
    with pytest.raises(TypeError, match="float"):
        line_of(1, Opened("PA1", 100.0, 1, AT))  # type: ignore[arg-type]


def test_a_line_of_an_unknown_kind_is_no_entry():
    body = b'1,"nothing",{}'
    read = read_line(1, b"[%d,%s]" % (crc32(body), body))
    assert read.failure() == "no such kind"


def test_a_second_simulator_does_not_get_the_file_of_the_first(written):
    first = open_ledger(written).unwrap()
    fault = open_ledger(written).failure()
    assert fault.why == "another simulator has it"
    first.close()
    assert len(reopened(written).entries) == 3
