"""Journals of an earlier version are brought up to date, with a backup; or stay as they are."""

import sqlite3

import pytest
from returns.result import Failure
from sqlalchemy.exc import OperationalError

from alchemiser_app.journal.file_making import migrate_file
from alchemiser_app.journal.location import FileLocation
from alchemiser_app.journal.opening import open_journal
from alchemiser_app.journal.schema import APPLICATION_ID
from alchemiser_core.domain.journal.chain import GENESIS, chained
from alchemiser_core.domain.journal.codec import encode
from alchemiser_core.domain.journal.events import Resumed


def rows(path):
    database = sqlite3.connect(path)
    found = database.execute("SELECT * FROM journal_records ORDER BY number").fetchall()
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    version = database.execute("PRAGMA user_version").fetchone()[0]
    database.close()
    return found, tables, version


@pytest.fixture
def old(path, at):
    """A journal of version 0: the entries, and nothing that says its version but the file's head.

    Its last entry is in the log alone, as a program that was killed leaves it.
    """
    path.parent.mkdir()
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    database.execute(
        "CREATE TABLE journal_records (number INTEGER NOT NULL, at TEXT NOT NULL, "
        "kind TEXT NOT NULL, body TEXT NOT NULL, previous TEXT NOT NULL, digest TEXT NOT NULL, "
        "PRIMARY KEY (number))"
    )
    previous = GENESIS
    for number in (1, 2, 3):
        record = chained(number, at, "resumed", encode(Resumed(f"old {number}")), previous)
        values = (number, at.isoformat(), record.kind, record.body, previous, record.digest)
        database.execute("INSERT INTO journal_records VALUES (?, ?, ?, ?, ?, ?)", values)
        previous = record.digest
    database.close()
    return path


def backup(path):
    (found,) = path.parent.glob("journal.db.version-0-*")
    return found


def test_an_old_journal_is_brought_up_to_date_and_goes_on(old, opened, at):
    journal = opened(old)
    assert [entry.event.why for entry in journal.entries().unwrap()] == ["old 1", "old 2", "old 3"]
    journal.append([Resumed("new")], at).unwrap()
    journal.close()
    found, tables, version = rows(old)
    assert [row[0] for row in found] == [1, 2, 3, 4]
    assert (tables >= {"journal_records", "journal_meta"}, version) == (True, 1)
    assert len(opened(old).entries().unwrap()) == 4


def test_before_it_is_changed_a_backup_is_made_once(old, opened):
    before = rows(old)
    opened(old).close()
    opened(old).close()
    assert rows(backup(old)) == before
    assert backup(old).stat().st_mode & 0o777 == 0o600


def test_an_old_journal_is_not_changed_by_who_only_reads(old):
    before = rows(old)
    (problem,) = open_journal(str(old), read_only=True).failure().problems()
    assert "earlier version" in problem.why
    assert rows(old) == before


def test_an_old_journal_that_is_damaged_is_not_brought_up_to_date(old):
    database = sqlite3.connect(old)
    with database:
        database.execute("UPDATE journal_records SET body = '{}' WHERE number = 2")
    database.close()
    before = rows(old)
    assert isinstance(open_journal(str(old)), Failure)
    assert rows(old) == before


def test_a_step_that_fails_leaves_everything_as_it_was(old):
    def good(connection):
        connection.exec_driver_sql("CREATE TABLE more (number INTEGER)")
        connection.exec_driver_sql("DELETE FROM journal_records")

    def bad(connection):
        connection.exec_driver_sql("CREATE TABLE more (number INTEGER)")

    before = rows(old)
    with pytest.raises(OperationalError):
        migrate_file(FileLocation(old), 0, (good, bad))
    assert rows(old) == before


def test_several_steps_are_taken_one_after_the_other(old):
    def first(connection):
        connection.exec_driver_sql("CREATE TABLE journal_meta (name TEXT, value TEXT)")

    def second(connection):
        connection.exec_driver_sql("CREATE TABLE more (number INTEGER)")

    migrate_file(FileLocation(old), 0, (first, second))
    _, tables, version = rows(old)
    assert (tables >= {"journal_meta", "more"}, version) == (True, 2)


def test_a_step_that_was_taken_is_not_taken_again(old):
    def first(connection):
        raise AssertionError

    def second(connection):
        connection.exec_driver_sql("CREATE TABLE journal_meta (name TEXT, value TEXT)")

    migrate_file(FileLocation(old), 1, (first, second))
    assert rows(old)[2] == 2


def test_a_program_killed_while_it_makes_a_journal_leaves_none(path, monkeypatch):
    path.parent.mkdir()

    def killed(source, target):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.link", killed)
    with pytest.raises(KeyboardInterrupt):
        open_journal(str(path), create=True)
    monkeypatch.undo()
    assert [entry.name for entry in path.parent.iterdir()] == ["journal.db.lock"]
    with open_journal(str(path), create=True).unwrap() as journal:
        assert journal.entries().unwrap() == ()
