"""What a PostgreSQL server may do to a journal, and what is refused."""

import os
import signal
import subprocess
import sys

import pytest
from returns.result import Failure

from alchemiser_app.journal.opening import open_journal
from alchemiser_core.domain.journal.events import Resumed


def code(location, **how):
    result = open_journal(location, **how)
    assert isinstance(result, Failure), "it was opened"
    problem = result.failure().problems()[0]
    assert problem.where
    assert problem.hint
    return problem.code


@pytest.fixture
def ask(server, schema):
    """Say something to the schema of the journal behind its back."""
    name = schema.rpartition("%3D")[2]
    return lambda statement: server.ask(f"SET search_path = {name}; {statement}")


@pytest.fixture
def written(schema, at):
    with open_journal(schema, create=True).unwrap() as journal:
        for number in range(5):
            journal.append([Resumed(f"entry {number + 1}")], at).unwrap()
    return schema


def test_tables_that_are_not_there_are_not_made_unasked(schema, ask):
    assert code(schema) == code(schema, read_only=True) == "journal-missing"
    assert ask("SELECT to_regclass('journal_records')") == ""


def test_a_second_instance_is_refused_and_told_who_has_it(written, opened):
    first = opened(written)
    (problem,) = open_journal(written).failure().problems()
    assert problem.code == "journal-locked"
    assert f":{os.getpid()}" in problem.what
    first.close()
    opened(written)


def test_the_lock_goes_with_the_program_that_held_it(written, opened):
    program = (
        "import sys; from alchemiser_app.journal.opening import open_journal\n"
        "journal = open_journal(sys.argv[1]).unwrap(); print(1, flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, written], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    process.stdout.readline()
    assert code(written) == "journal-locked"
    process.send_signal(signal.SIGTERM)
    process.communicate()
    opened(written)


def test_two_journals_in_one_database_do_not_know_each_other(written, server, opened, at):
    server.ask("CREATE SCHEMA IF NOT EXISTS another")
    first, second = opened(written), opened(server.url("another"), create=True)
    second.append([Resumed("other")], at).unwrap()
    assert len(first.entries().unwrap()) == 5
    assert len(second.entries().unwrap()) == 1


def test_it_can_be_read_while_another_instance_writes(written, opened, at):
    writer, reader = opened(written), opened(written, read_only=True)
    writer.append([Resumed("more")], at).unwrap()
    assert reader.entries(5).unwrap()[0].event == Resumed("more")
    assert reader.append([Resumed("x")], at).failure().problems()[0].code == "journal-read-only"


def test_who_lost_the_lock_never_writes_again(written, server, opened, at):
    journal = opened(written)
    server.ask(f"SELECT pg_terminate_backend({journal._seat.session})")
    # Reading makes a new connection, which has no lock.
    assert isinstance(journal.entries(), Failure)
    assert len(journal.entries().unwrap()) == 5
    assert journal.append([Resumed("x")], at).failure().problems()[0].code == "journal-blocked"
    assert len(opened(written).entries().unwrap()) == 5


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM journal_records WHERE number = 2",
        "UPDATE journal_records SET body = '{}' WHERE number = 1",
        "UPDATE journal_records SET at = 'noon' WHERE number = 1",
        "UPDATE journal_meta SET value = 'one'",
        "DELETE FROM journal_meta",
        "ALTER TABLE journal_records RENAME COLUMN at TO moment",
    ],
)
def test_whatever_is_changed_behind_its_back_is_noticed(written, ask, statement):
    ask(statement)
    assert code(written) == code(written, read_only=True) == "journal-corrupt"


def test_a_journal_of_a_newer_program_is_refused(written, ask):
    ask("UPDATE journal_meta SET value = '9'")
    assert code(written) == code(written, read_only=True) == "journal-newer"


def test_a_journal_of_version_0_is_brought_up_to_date(written, ask, opened):
    ask("DROP TABLE journal_meta")
    assert code(written, read_only=True) == "journal-unavailable"
    assert len(opened(written).entries().unwrap()) == 5
    assert ask("SELECT value FROM journal_meta") == "1"


def test_who_may_not_write_is_refused_and_can_still_read(written, server, ask, opened):
    name = written.rpartition("%3D")[2]
    ask("DROP ROLE IF EXISTS looker; CREATE ROLE looker LOGIN")
    ask(
        f"GRANT USAGE ON SCHEMA {name} TO looker; "
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {name} TO looker"
    )
    looker = written.replace("tester@", "looker@")
    assert len(opened(looker, read_only=True).entries().unwrap()) == 5
    assert code(looker) == "journal-read-only"
    ask(
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {name} FROM looker; "
        f"REVOKE ALL ON SCHEMA {name} FROM looker; DROP ROLE looker"
    )


def test_a_schema_that_is_not_there_is_a_refusal(server):
    assert code(server.url("nowhere"), create=True) == "journal-unavailable"


def test_a_server_that_is_not_there_is_a_refusal():
    assert code("postgresql://me@127.0.0.1:1/trading") == "journal-unavailable"


def test_commits_are_durable_even_where_the_server_says_otherwise(written, ask, opened):
    loose = f"{written}%20-csynchronous_commit%3Doff"
    connection = opened(loose)._connection
    with connection.begin():
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


def test_a_server_that_loses_power_keeps_what_was_told(server, written, opened, at):
    journal = opened(written)
    journal.append([Resumed("last words")], at).unwrap()
    server.stop("immediate")
    server.start()
    assert isinstance(journal.append([Resumed("too late")], at), Failure)
    journal.close()
    entries = opened(written).entries().unwrap()
    assert [entry.event for entry in entries][5:] == [Resumed("last words")]
