"""Programs that are killed, logs that are lost, disks that are full, bits that flip."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest
from returns.result import Success

from alchemiser_app.journal.opening import open_journal
from alchemiser_app.journal.refusals import JournalCorrupt
from alchemiser_core.domain.journal.chain import chain_faults
from alchemiser_core.domain.journal.events import Resumed

PRELUDE = """
import os, resource, sys
from datetime import UTC, datetime
from returns.result import Failure
from alchemiser_app.journal.opening import open_journal
from alchemiser_core.domain.journal.events import Resumed

path, at = sys.argv[1], datetime(2024, 7, 12, 19, 45, tzinfo=UTC)
"""


def child(code, path, **how):
    program = PRELUDE + textwrap.dedent(code)
    return subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True, **how
    )


def finished(code, path):
    process = child(code, path)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0, out
    return out.split()


def texts(path):
    """What a sound journal holds; the chain is checked when it is opened and when it is read."""
    with open_journal(str(path)).unwrap() as journal:
        entries = journal.entries().unwrap()
    assert chain_faults(entry.record for entry in entries) == ()
    return [entry.event.why for entry in entries]


APPEND_FOR_EVER = """
journal = open_journal(path, create=True).unwrap()
start, number = len(journal.entries().unwrap()), 0
while True:
    batch = 1 + number % 3
    events = [Resumed(f"{start + number + n}") for n in range(batch)]
    journal.append(events, at).unwrap()
    number += batch
    print(start + number, flush=True)
"""


def test_a_program_killed_while_it_appends_loses_nothing_that_it_was_told_is_written(path):
    chance = random.Random(7)
    for _ in range(6):
        process = child(APPEND_FOR_EVER, path)
        for _ in range(chance.randrange(1, 60)):
            acknowledged = process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        rest = process.communicate()[0].split()
        told = int(rest[-1] if rest else acknowledged)
        kept = texts(path)
        assert len(kept) >= told
        assert kept == [str(number) for number in range(len(kept))]


def test_a_killed_program_leaves_no_lock(path, opened):
    process = child(
        "journal = open_journal(path, create=True).unwrap()\nprint(1, flush=True)\n"
        "sys.stdin.read()",
        path,
        stdin=subprocess.PIPE,
    )
    process.stdout.readline()
    (problem,) = open_journal(str(path)).failure().problems()
    assert (problem.code, f"process {process.pid}" in problem.what) == ("journal-locked", True)
    process.kill()
    process.communicate()
    opened(path)


# --- a log that is lost --------------------------------------------------------------------------


@pytest.fixture
def killed(path):
    """A journal of 30 entries whose program was killed, so that most are in the log alone."""
    finished(
        """
        journal = open_journal(path, create=True).unwrap()
        for number in range(30):
            journal.append([Resumed(str(number))], at).unwrap()
        os._exit(0)
        """,
        path,
    )
    return path


def test_what_is_in_the_log_alone_is_there(killed):
    assert len(killed.with_name("journal.db-wal").read_bytes()) > 30 * 300
    assert texts(killed) == [str(number) for number in range(30)]


def test_a_log_that_is_gone_is_noticed(killed):
    killed.with_name("journal.db-wal").unlink()
    refused = open_journal(str(killed)).failure()
    assert isinstance(refused, JournalCorrupt)
    assert "entry 30 had been written" in refused.faults[0]


def test_a_log_that_was_cut_off_anywhere_is_noticed(killed, tmp_path):
    whole = killed.with_name("journal.db-wal").read_bytes()
    for number, length in enumerate(range(0, len(whole) - 1, len(whole) // 15)):
        copy = tmp_path / f"cut-{number}"
        shutil.copytree(killed.parent, copy)
        (copy / "journal.db-wal").write_bytes(whole[:length])
        refused = open_journal(str(copy / "journal.db")).failure()
        assert isinstance(refused, JournalCorrupt), length
        assert (copy / refused.quarantine).exists()


def test_a_journal_is_the_same_or_refused_whichever_bit_flips(killed, tmp_path):
    """In the file, in the log and in the note; never is another history taken for the true one."""
    history = texts_of_copy(killed, tmp_path / "sound")
    chance = random.Random(11)
    refused = set()
    for name in ("journal.db", "journal.db-wal", "journal.db.head"):
        content = killed.with_name(name).read_bytes()
        for number in range(50):
            damaged = bytearray(content)
            damaged[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
            found = opening_of_damaged(killed, tmp_path / f"{name}-{number}", name, damaged)
            if isinstance(found, Success):
                assert found.unwrap() == history
            else:
                refused.add(found.failure())
    assert "journal-corrupt" in refused


def test_a_closed_journal_is_the_same_or_refused_whichever_byte_is_lost(killed, tmp_path):
    history = texts(killed)
    content = killed.read_bytes()
    chance = random.Random(13)
    outcomes = []
    for number in range(120):
        damaged = bytearray(content)
        place = number if number < 60 else chance.randrange(len(content))
        damaged[place] = chance.randrange(256)
        found = opening_of_damaged(killed, tmp_path / f"{number}", "journal.db", damaged)
        outcomes.append(isinstance(found, Success))
        if isinstance(found, Success):
            assert found.unwrap() == history
    assert 0 < sum(outcomes) < len(outcomes)


def test_a_closed_journal_cut_off_anywhere_is_noticed(killed, tmp_path):
    texts(killed)
    content = killed.read_bytes()
    for number, length in enumerate(range(0, len(content) - 1, 1997)):
        found = opening_of_damaged(killed, tmp_path / f"{number}", "journal.db", content[:length])
        assert not isinstance(found, Success), length


def opening_of_damaged(journal, folder, name, content):
    """The history of a copy with one file replaced, or the code of its refusal."""
    shutil.copytree(journal.parent, folder)
    (folder / name).write_bytes(content)
    found = open_journal(str(folder / "journal.db"))
    if isinstance(found, Success):
        with found.unwrap() as opened:
            return opened.entries().map(lambda entries: [entry.event.why for entry in entries])
    return found.alt(lambda refusal: refusal.problems()[0].code)


def texts_of_copy(journal, folder):
    shutil.copytree(journal.parent, folder)
    return texts(folder / "journal.db")


# --- a disk that is full -------------------------------------------------------------------------


def test_after_a_full_database_nothing_is_written(written, opened, at):
    journal = opened(written)
    with journal._connection.begin():
        journal._connection.exec_driver_sql("PRAGMA max_page_count = 5")
    (problem,) = journal.append([Resumed("x" * 50_000)], at).failure().problems()
    assert problem.code == "journal-full"
    assert "room" in problem.hint
    (problem,) = journal.append([Resumed("small")], at).failure().problems()
    assert problem.code == "journal-blocked"
    journal.close()
    assert texts(written) == [f"entry {number}" for number in range(1, 6)]


def test_a_file_that_cannot_grow_any_more_ends_in_a_failure_and_keeps_what_was_told(path):
    told = finished(
        """
        journal = open_journal(path, create=True).unwrap()
        resource.setrlimit(resource.RLIMIT_FSIZE, (120_000, resource.RLIM_INFINITY))
        for number in range(1_000):
            result = journal.append([Resumed(str(number))], at)
            if isinstance(result, Failure):
                break
        codes = [journal.append([Resumed("later")], at).failure().problems()[0].code
                 for _ in range(3)]
        print(number, result.failure().problems()[0].code, *codes)
        """,
        path,
    )
    count, code, *later = told
    assert code in {"journal-full", "journal-not-written"}
    assert later == ["journal-blocked"] * 3
    assert texts(path)[: int(count)] == [str(number) for number in range(int(count))]
    assert "later" not in texts(path)


# --- a disk that cannot be written ---------------------------------------------------------------


@pytest.fixture
def public(written):
    """The journal in a folder that every user can reach; a test's own folder is closed to them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        shutil.copytree(written.parent, folder / "folder")
        yield folder / "folder" / written.name


@pytest.mark.parametrize(
    ("unwritable", "said"),
    [
        ("journal.db", "readonly_database"),
        ("", "journal.db.lock"),
        ("journal.db.lock", "journal.db.lock"),
        ("journal.db.head", "journal.db.head"),
    ],
)
def test_what_cannot_be_written_is_refused_and_can_still_be_read(public, unwritable, said):
    """In a child that gives up its rights: root may write whatever the permissions say."""
    place = public.parent / unwritable
    if not unwritable:
        public.with_name("journal.db.lock").unlink()
    out = finished(
        f"""
        place, nobody, folder = {str(place)!r}, 65534, os.path.dirname(path)
        # What is imported late is imported now, because it may be in a home that is closed then.
        open_journal(path + "-other", create=True).unwrap().close()
        for suffix in ("", ".lock", ".head"):
            os.remove(path + "-other" + suffix)
        if os.geteuid() == 0:
            for name in (folder, *(os.path.join(folder, name) for name in os.listdir(folder))):
                os.chown(name, nobody, nobody)
        os.chmod(place, 0o500 if os.path.isdir(place) else 0o400)
        if os.geteuid() == 0:
            os.setegid(nobody), os.seteuid(nobody)
        (problem,) = open_journal(path).failure().problems()
        print(problem.code, problem.why.replace(" ", "_"))
        with open_journal(path, read_only=True).unwrap() as journal:
            print(len(journal.entries().unwrap()))
        """,
        public,
    )
    assert out[0] == "journal-read-only"
    assert said in out[1]
    assert out[2] == "5"


def test_a_folder_that_may_not_be_entered_is_a_refusal(public):
    codes = finished(
        """
        open_journal(path + "-other", create=True).unwrap().close()
        os.chmod(os.path.dirname(path), 0)
        if os.geteuid() == 0:
            os.setegid(65534), os.seteuid(65534)
        print(open_journal(path).failure().problems()[0].code)
        print(open_journal(path, read_only=True).failure().problems()[0].code)
        os.seteuid(os.getuid())
        os.chmod(os.path.dirname(path), 0o700)
        """,
        public,
    )
    assert codes == ["journal-unavailable"] * 2


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_somebody_else_is_refused(written):
    os.chown(written, 65534, 65534)
    (problem,) = open_journal(str(written)).failure().problems()
    assert problem.code == "journal-not-private"
    assert "65534" in problem.why
