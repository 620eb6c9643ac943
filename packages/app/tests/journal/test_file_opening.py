"""What a journal file may be, where it may stand, and what is refused before any order."""

import os
import shutil
import sqlite3
import stat

import pytest
from returns.result import Failure

from alchemiser_app.journal.opening import open_journal
from alchemiser_app.journal.refusals import (
    JournalCorrupt,
    JournalForeign,
    JournalLocked,
    JournalMissing,
    JournalNewer,
    JournalNotPrivate,
    JournalReadOnly,
    same_identity,
)
from alchemiser_core.domain.journal.events import Resumed
from alchemiser_core.ports.order_journal import JournalIdentity


def refusal(location, **how):
    result = open_journal(str(location), **how)
    assert isinstance(result, Failure), "it was opened"
    for problem in result.failure().problems():
        assert problem.code.startswith("journal-")
        assert problem.where
        assert problem.hint
    return result.failure()


def contents(folder):
    """Every file but the lock, which every attempt to write leaves behind."""
    files = (entry for entry in folder.iterdir() if entry.is_file() and entry.suffix != ".lock")
    return {entry.name: entry.read_bytes() for entry in files}


def altered(path, *statements):
    """Change a closed journal behind its back."""
    database = sqlite3.connect(path)
    with database:
        for statement in statements:
            database.execute(statement)
    database.close()


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_journal_that_is_not_there_is_not_made_unasked(path, read_only):
    assert isinstance(refusal(path, read_only=read_only), JournalMissing)
    assert not path.parent.exists()


def test_a_new_journal_is_nobody_elses(path, opened, at):
    opened(path, create=True).append([Resumed("a")], at).unwrap()
    assert mode(path.parent) == 0o700
    assert {entry.name: mode(entry) for entry in path.parent.iterdir()} == dict.fromkeys(
        ("journal.db", "journal.db-shm", "journal.db-wal", "journal.db.head", "journal.db.lock"),
        0o600,
    )


def test_a_journal_that_others_can_read_is_made_private(written, opened):
    written.chmod(0o644)
    opened(written)
    assert mode(written) == 0o600


def test_asking_for_a_journal_that_is_there_opens_it(written, opened):
    assert len(opened(written, create=True).entries().unwrap()) == 5


def test_durability_is_set_up(written, opened):
    connection = opened(written)._connection
    with connection.begin():
        said = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert said == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }


def test_a_second_instance_is_refused_and_told_who_has_it(written, opened, at):
    first = opened(written)
    refused = refusal(written)
    assert refused == JournalLocked(str(written), f"process {os.getpid()}")
    assert refused.problems()[0].code == "journal-locked"
    first.append([Resumed("a")], at).unwrap()
    first.close()
    assert len(opened(written).entries().unwrap()) == 6


def test_another_program_that_writes_to_it_is_noticed(written, monkeypatch):
    monkeypatch.setattr("alchemiser_app.journal.sqlite_connection._PATIENCE", 0)
    other = sqlite3.connect(written, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert refusal(written) == JournalLocked(str(written), "another program")
    other.close()


def test_it_can_be_read_while_another_instance_writes(written, opened, at):
    writer, reader = opened(written), opened(written, read_only=True)
    writer.append([Resumed("more")], at).unwrap()
    assert reader.entries(5).unwrap()[0].event == Resumed("more")
    assert reader.append([Resumed("x")], at).failure().problems()[0].code == "journal-read-only"


def test_reading_changes_nothing(written):
    before = contents(written.parent)
    with open_journal(str(written), read_only=True).unwrap() as journal:
        assert len(journal.entries().unwrap()) == 5
    after = contents(written.parent)
    assert {name: after[name] for name in before} == before


def test_a_lock_file_left_behind_locks_nobody_out(written, opened):
    written.with_name("journal.db.lock").write_text("999999\n")
    opened(written)


def test_a_copied_folder_opens(written, tmp_path, opened, at):
    copy = tmp_path / "copy"
    shutil.copytree(written.parent, copy)
    journal = opened(copy / written.name)
    assert len(journal.entries().unwrap()) == 5
    journal.append([Resumed("a")], at).unwrap()


def test_the_file_alone_opens_as_well(written, tmp_path, opened):
    copy = tmp_path / "copy.db"
    shutil.copy(written, copy)
    assert len(opened(copy).entries().unwrap()) == 5


def test_a_link_is_not_followed(written, tmp_path):
    link = tmp_path / "link.db"
    link.symlink_to(written)
    for read_only in (False, True):
        assert isinstance(refusal(link, read_only=read_only), JournalNotPrivate)
    os.link(written, tmp_path / "second.db")
    assert "hard link" in refusal(written).why


@pytest.mark.parametrize("suffix", ["-wal", "-shm"])
def test_a_link_in_place_of_the_log_is_not_followed(written, tmp_path, suffix):
    written.with_name(written.name + suffix).symlink_to(tmp_path / "elsewhere")
    assert isinstance(refusal(written), JournalNotPrivate)


@pytest.mark.parametrize("suffix", [".lock", ".head"])
def test_a_link_in_place_of_the_lock_or_the_note_is_not_followed(written, tmp_path, suffix):
    written.with_name(written.name + suffix).unlink()
    written.with_name(written.name + suffix).symlink_to(tmp_path / "elsewhere")
    refusal(written)
    assert not (tmp_path / "elsewhere").exists()


def test_a_text_file_is_foreign_and_put_aside(path):
    path.parent.mkdir()
    path.write_text("dear diary\n" * 100)
    refused = refusal(path, create=True)
    assert isinstance(refused, JournalForeign)
    assert path.read_text().startswith("dear diary")
    assert path.with_name(refused.quarantine).read_bytes() == path.read_bytes()
    assert mode(path.with_name(refused.quarantine)) == 0o600


def test_a_database_of_another_program_is_foreign_and_untouched(path):
    path.parent.mkdir()
    altered(path, "CREATE TABLE journal_records (number)", "PRAGMA application_id = 7")
    before = path.read_bytes()
    refused = refusal(path, create=True)
    assert isinstance(refused, JournalForeign)
    assert path.read_bytes() == before
    assert path.with_name(refused.quarantine).read_bytes() == before


def test_a_folder_is_foreign(tmp_path):
    assert isinstance(refusal(tmp_path, create=True), JournalForeign)


def test_an_empty_file_is_no_new_journal(path):
    path.parent.mkdir()
    path.touch()
    refused = refusal(path, create=True)
    assert isinstance(refused, JournalCorrupt)
    assert path.read_bytes() == b""


def test_the_same_damage_is_put_aside_once(written):
    altered(written, "UPDATE journal_records SET body = '{}' WHERE number = 3")
    first, second = refusal(written), refusal(written)
    assert isinstance(first, JournalCorrupt)
    assert first == second
    assert "entry 3" in first.faults[0]
    aside = {entry.name for entry in written.parent.glob("*.quarantine-*")}
    assert aside == {first.quarantine, f"{first.quarantine}-shm"}
    assert first.quarantine in first.problems()[0].hint


def test_reading_what_is_damaged_puts_nothing_aside(written):
    altered(written, "UPDATE journal_records SET body = '{}' WHERE number = 3")
    refused = refusal(written, read_only=True)
    assert (type(refused), refused.quarantine) == (JournalCorrupt, None)
    assert not list(written.parent.glob("*.quarantine-*"))


def test_a_journal_of_a_newer_program_is_refused_and_left_alone(written):
    altered(written, "PRAGMA user_version = 9")
    before = contents(written.parent)
    for read_only in (False, True):
        refused = refusal(written, read_only=read_only)
        assert refused == JournalNewer(str(written), 9, 1)
    after = contents(written.parent)
    assert {name: after[name] for name in before} == before
    assert not list(written.parent.glob("*.quarantine-*"))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM journal_records WHERE number = 2",
        "DELETE FROM journal_records WHERE number = 5",
        "DELETE FROM journal_records",
        "UPDATE journal_records SET number = 6 WHERE number = 5",
        "UPDATE journal_records SET at = '2024-07-12T19:45:01+00:00' WHERE number = 1",
        "UPDATE journal_records SET at = '2024-07-12T19:45:00' WHERE number = 1",
        "UPDATE journal_records SET at = 'noon' WHERE number = 1",
        "UPDATE journal_records SET kind = 'halted' WHERE number = 1",
        "UPDATE journal_records SET body = x'7b7d' WHERE number = 1",
        "UPDATE journal_records SET body = CAST(x'ff' AS TEXT) WHERE number = 1",
        "INSERT INTO journal_records SELECT 6, at, kind, body, previous, digest "
        "FROM journal_records WHERE number = 5",
        "DROP TABLE journal_records",
        "DROP TABLE journal_meta",
        "DELETE FROM journal_meta",
        "UPDATE journal_meta SET value = '2'",
        "UPDATE journal_meta SET value = 'one'",
        "PRAGMA user_version = 0",
        "ALTER TABLE journal_records RENAME COLUMN at TO moment",
    ],
)
def test_whatever_is_changed_behind_its_back_is_noticed(written, statement):
    altered(written, statement)
    refused = refusal(written)
    assert isinstance(refused, JournalCorrupt)
    assert refused.quarantine


def test_an_entry_changed_while_it_is_open_is_noticed(written, opened, at):
    journal = opened(written)
    altered(written, "DELETE FROM journal_records WHERE number = 5")
    (problem,) = journal.entries().failure().problems()
    assert problem.code == "journal-corrupt"
    assert journal.append([Resumed("a")], at).failure().problems()[0].code == "journal-blocked"


def test_an_entry_of_another_program_is_not_followed(written, opened, at):
    journal = opened(written)
    altered(
        written,
        "INSERT INTO journal_records SELECT 6, at, kind, body, previous, digest "
        "FROM journal_records WHERE number = 5",
    )
    assert journal.append([Resumed("a")], at).failure().problems()[0].code == "journal-not-written"


def test_a_log_without_its_file_is_no_new_journal(path):
    path.parent.mkdir()
    path.with_name("journal.db-wal").write_bytes(b"what is left")
    refused = refusal(path, create=True)
    assert isinstance(refused, JournalCorrupt)
    assert "journal.db-wal" in refused.faults[0]
    assert not path.exists()


def test_a_journal_that_was_removed_is_no_new_journal(written):
    written.unlink()
    refused = refusal(written, create=True)
    assert "journal.db.head" in refused.faults[0]


def test_an_old_copy_put_back_is_noticed(written, opened, at):
    old = written.read_bytes()
    with open_journal(str(written)).unwrap() as journal:
        journal.append([Resumed("later")], at).unwrap()
    written.write_bytes(old)
    refused = refusal(written)
    assert "ends with entry 5, and entry 6 had been written" in refused.faults[0]
    assert "remove the file" in refused.faults[0]
    written.with_name("journal.db.head").unlink()
    assert len(opened(written).entries().unwrap()) == 5


def test_a_note_that_a_power_failure_spoilt_is_made_anew(written, opened):
    note = written.with_name("journal.db.head")
    whole = note.read_bytes()
    for spoilt in (b"", b"\0" * len(whole), whole[:40]):
        note.write_bytes(spoilt)
        opened(written).close()
        assert note.read_bytes() == whole


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_a_note_that_is_no_file_is_refused_and_not_waited_for(written, make, read_only):
    note = written.with_name("journal.db.head")
    note.unlink()
    make(note)
    refused = open_journal(str(written), read_only=read_only).failure()
    (problem,) = refused.problems()
    assert "journal.db.head" in str(problem)


def test_a_journal_is_closed_twice_without_harm(written, at):
    journal = open_journal(str(written)).unwrap()
    journal.close()
    journal.close()
    assert isinstance(journal.append([Resumed("a")], at), Failure)


def test_a_journal_that_is_only_read_cannot_be_made(path):
    with pytest.raises(ValueError, match="only read"):
        open_journal(str(path), create=True, read_only=True)


def test_a_folder_that_cannot_be_made_is_a_refusal(tmp_path):
    (tmp_path / "file").touch()
    refused = refusal(tmp_path / "file" / "journal.db", create=True)
    assert refused.problems()[0].code in {"journal-read-only", "journal-unavailable"}
    assert not isinstance(refused, JournalReadOnly) or refused.why


def test_the_journal_of_another_account_is_told_apart():
    ours = JournalIdentity("mine", "PA1", "paper", is_live=False)
    other = JournalIdentity("mine", "PA2", "paper", is_live=False)
    assert same_identity("j.db", ours, ours) is None
    (problem,) = same_identity("j.db", other, ours).problems()
    assert problem.code == "journal-elsewhere"
    assert "PA2" in problem.what
