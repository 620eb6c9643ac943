import json
import sqlite3
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from alchemiser_app.journal.opening import open_journal
from alchemiser_core.domain.journal.chain import Record, chain_faults
from alchemiser_core.domain.journal.events import (
    CycleClosed,
    CycleOpened,
    CycleOutcome,
    JournalOpened,
    OrderIntended,
    Resumed,
)
from alchemiser_core.domain.orders.identifiers import CycleKey, Side
from alchemiser_core.domain.orders.order import OrderRequest

AT = datetime(2024, 7, 11, 19, 45, tzinfo=UTC)


def cycle(day):
    key = CycleKey("mine", "PA1", day)
    request = OrderRequest(key.order_id("SPY", Side.BUY), "SPY", Side.BUY, Decimal("12.5"))
    return [
        CycleOpened(key, "previous-close", "market"),
        OrderIntended(request),
        CycleClosed(key, CycleOutcome.COMPLETE, Decimal("100000.01")),
    ]


@pytest.fixture
def journal(tmp_path):
    """Two cycles on two days, in the file that the default configuration names."""
    path = tmp_path / "alchemiser-journal.db"
    with open_journal(str(path), create=True).unwrap() as opened:
        opened.append([JournalOpened("mine", "PA1", "paper", is_live=False)], AT).unwrap()
        for days in (0, 1):
            at = AT + timedelta(days=days)
            opened.append(cycle(at.date()), at).unwrap()
    return path


def damage(journal):
    database = sqlite3.connect(journal)
    with database:
        database.execute("UPDATE journal_records SET body = '{}' WHERE number = 3")
    database.close()


def test_a_sound_journal_is_verified(run, run_json, journal):
    result = run("journal", "verify")
    assert result.exit_code == 0
    assert "7 entries, and the chain holds" in result.stdout
    answer = run_json("journal", "verify", "--journal", str(journal))
    assert answer["entries"] == 7
    assert (answer["first"], answer["last"]) == (
        "2024-07-11T19:45:00+00:00",
        "2024-07-12T19:45:00+00:00",
    )
    assert answer["kinds"]["cycle-opened"] == 2
    assert len(answer["digest"]) == 64


def test_an_empty_journal_is_sound(run_json, tmp_path):
    open_journal(str(tmp_path / "empty.db"), create=True).unwrap().close()
    answer = run_json("journal", "verify", "--journal", "empty.db")
    assert (answer["entries"], answer["first"], answer["last"]) == (0, None, None)


@pytest.mark.parametrize("command", [("verify",), ("show",), ("export", "out.jsonl")])
def test_a_damaged_journal_is_bad_data_and_stays_as_it_is(run, run_json, journal, command):
    damage(journal)
    before = journal.read_bytes()
    result = run("journal", *command)
    assert result.exit_code == 3
    assert "entry 3" in result.stderr
    answer = run_json("journal", *command, code=3)
    assert answer["problems"][0]["code"] == "journal-corrupt"
    assert journal.read_bytes() == before
    assert not list(journal.parent.glob("*.quarantine-*"))
    assert not Path("out.jsonl").exists()


def test_damage_that_no_entry_shows_is_found(run, journal):
    database = sqlite3.connect(journal)
    database.execute("PRAGMA writable_schema = ON")
    database.execute(
        "UPDATE sqlite_master SET rootpage = 2 WHERE name = 'sqlite_autoindex_journal_meta_1'"
    )
    database.commit()
    database.close()
    assert run("journal", "verify").exit_code == 3


def test_a_journal_can_be_looked_at_while_it_is_written(run, journal):
    with open_journal(str(journal)).unwrap() as opened:
        opened.append([Resumed("later")], AT).unwrap()
        result = run("journal", "show", "--last", "1")
    assert result.exit_code == 0
    assert "why later" in result.stdout


def test_entries_are_shown_one_on_a_line(run, journal):
    lines = run("journal", "show").stdout.splitlines()
    assert len(lines) == 7
    assert " ".join(lines[0].split()) == (
        "1 2024-07-11 19:45:00 journal-opened account PA1, broker paper, is_live False, "
        "portfolio mine"
    )
    assert "request.quantity 12.5" in lines[2]
    assert "request.side buy" in lines[2]


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        (("--last", "2"), [6, 7]),
        (("--cycle", "2024-07-12"), [5, 6, 7]),
        (("--cycle", "2024-07-11"), [2, 3, 4]),
        (("--cycle", "2024-07-13"), []),
        (("--kind", "order-intended"), [3, 6]),
        (("--kind", "order-intended", "--cycle", "2024-07-12"), [6]),
        (("--kind", "order-intended", "--last", "1"), [6]),
    ],
)
def test_what_is_shown_can_be_chosen(run, run_json, journal, options, numbers):
    entries = run_json("journal", "show", *options)["entries"]
    assert [entry["number"] for entry in entries] == numbers
    assert len(run("journal", "show", *options).stdout.splitlines()) == len(numbers)


def test_a_kind_that_there_is_not_is_answered_with_what_was_meant(run_json, journal):
    (problem,) = run_json("journal", "show", "--kind", "order-intend", code=2)["problems"]
    assert "did you mean 'order-intended'" in problem["hint"]


def test_what_a_broker_wrote_cannot_write_to_the_terminal(run, journal):
    with open_journal(str(journal)).unwrap() as opened:
        opened.append([Resumed("\x1b[2J\nforged line")], AT).unwrap()
    shown = run("journal", "show", "--last", "1").stdout
    assert "\x1b" not in shown
    assert len(shown.splitlines()) == 1


def test_the_export_proves_itself(run, journal, tmp_path):
    assert run("journal", "export", "out.jsonl").exit_code == 0
    assert Path("out.jsonl").stat().st_mode & 0o777 == 0o600
    lines = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
    assert [line["number"] for line in lines] == list(range(1, 8))
    records = [
        Record(
            line["number"],
            datetime.fromisoformat(line["at"]),
            line["kind"],
            json.dumps(line["event"], sort_keys=True, separators=(",", ":")),
            line["previous"],
            line["digest"],
        )
        for line in lines
    ]
    assert chain_faults(records) == ()
    assert lines[1]["event"]["cycle"]["trading_day"] == str(date(2024, 7, 11))


def test_an_export_overwrites_nothing_unasked(run, run_json, journal):
    Path("out.jsonl").write_text("mine")
    refused = run("journal", "export", "out.jsonl")
    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    assert Path("out.jsonl").read_text() == "mine"
    assert run_json("journal", "export", "out.jsonl", "--force") == {
        "file": "out.jsonl",
        "entries": 7,
    }


@pytest.mark.parametrize("command", [("verify",), ("show",), ("export", "out.jsonl")])
def test_a_journal_that_is_not_there_is_wrong_usage_and_is_not_made(run_json, command):
    (problem,) = run_json("journal", *command, code=2)["problems"]
    assert problem["code"] == "journal-missing"
    assert not list(Path().iterdir())


def test_the_journal_of_the_configuration_is_beside_it(run_json, journal, tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    journal.rename(folder / "own.db")
    (tmp_path / "alchemiser-journal.db.head").unlink()
    (folder / "my.toml").write_text('[journal]\nlocation = "own.db"\n')
    answer = run_json("journal", "verify", "--config", "elsewhere/my.toml")
    assert answer["journal"] == str(folder / "own.db")


def test_a_password_is_never_repeated(run):
    result = run("journal", "verify", "--journal", "postgresql://me:canary@host/trading")
    assert result.exit_code == 2
    assert "PGPASSWORD" in result.stderr
    assert "canary" not in result.output
