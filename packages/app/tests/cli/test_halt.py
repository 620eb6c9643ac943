"""`alchemiser halt` and `alchemiser resume`: the kill switch, by command, by file, in mid-cycle."""

import subprocess
import sys
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from attrs import evolve, frozen

from alchemiser_app.cli.opening import Asked
from alchemiser_app.cli.trading import trading_desk
from alchemiser_app.journal.opening import open_journal
from alchemiser_app.stopping.halting import HaltedPlace, halt
from alchemiser_app.stopping.kill_switch_file import FileKillSwitch
from alchemiser_core.domain.journal.events import (
    AlertRaised,
    Halted,
    JournalEvent,
    OrderIntended,
    OrderReported,
    Resumed,
)
from alchemiser_core.ports.notifier import NotDelivered
from alchemiser_core.services.cycle import Ending
from alchemiser_core.services.cycle import trade as trade_once

DAYS = ("2024-03-05", "2024-03-06", "2024-03-07", "2024-03-08")
JOURNAL = Path("alchemiser-journal.db")
FILE = Path("alchemiser-journal.db.halt")
HOLDER = """
import sys
from alchemiser_app.journal.opening import open_journal
with open_journal(sys.argv[1]).unwrap():
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process_at_work():
    """A real process that has the journal open to write, until the block ends."""
    command = [sys.executable, "-c", HOLDER, str(JOURNAL)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout.readline() == "held\n"
        yield
    finally:
        child.communicate("")
        assert child.returncode == 0


def of(kind: type) -> list[JournalEvent]:
    with open_journal(str(JOURNAL), read_only=True).unwrap() as opened:
        events = [entry.event for entry in opened.entries().unwrap()]
    return [event for event in events if isinstance(event, kind)]


@pytest.fixture
def trade(run, market):
    """Trade the portfolio on a session, and expect an exit code."""

    def call(day, code=0):
        result = run("trade", "--session", day)
        assert result.exit_code == code, result.output
        return result

    return call


@pytest.fixture
def flip(run, market):
    """Trade the strategy that sells all and buys another symbol each session."""

    def call(day, code=0):
        result = run("trade", "one.edn", "--session", day)
        assert result.exit_code == code, result.output
        return result

    return call


def test_nothing_is_traded_between_halt_and_resume(run, trade):
    trade(DAYS[0])
    sent = len(of(OrderIntended))
    assert run("halt", "--reason", "prices look wrong").exit_code == 0
    halted = trade(DAYS[1], code=6)
    assert "prices look wrong" in halted.stderr
    assert "alchemiser resume" in halted.stderr
    assert run("status").exit_code == 6
    assert len(of(OrderIntended)) == sent
    assert run("resume", "--reason", "checked").exit_code == 0
    assert run("status").exit_code == 0
    trade(DAYS[1])
    assert len(of(OrderIntended)) > sent
    assert [event.why for event in of(Halted)] == ["prices look wrong"]
    assert [event.why for event in of(Resumed)] == ["checked"]


def test_halting_twice_and_resuming_twice_changes_nothing_and_says_so(run, run_json, trade):
    trade(DAYS[0])
    first = run_json("halt", "--reason", "first")
    assert (first["before"], first["in_file"], first["in_journal"]) == (None, True, True)
    again = run("halt", "--reason", "second")
    assert again.exit_code == 0
    assert "halted already: first" in again.stdout
    assert FILE.read_text() == "first"
    assert len(of(Halted)) == 1
    resumed = run_json("resume")
    assert (resumed["before"], resumed["in_file"], resumed["in_journal"]) == ("first", True, True)
    assert "nothing to resume" in run("resume").stdout
    assert run_json("resume")["before"] is None
    assert len(of(Resumed)) == 1


def test_before_the_first_cycle_the_file_alone_halts_and_no_journal_is_made(run, trade):
    assert run("halt").exit_code == 0
    assert FILE.exists()
    assert not JOURNAL.exists()
    trade(DAYS[0], code=6)
    assert run("resume").exit_code == 0
    trade(DAYS[0])


def test_a_file_made_with_touch_halts_and_resume_takes_it_away(run, trade):
    trade(DAYS[0])
    FILE.touch()
    trade(DAYS[1], code=6)
    assert "HALTED by the kill switch" in run("status").stdout
    assert run("resume").exit_code == 0
    assert not FILE.exists()
    trade(DAYS[1])


def test_a_file_that_was_removed_by_hand_leaves_the_halt_in_the_journal(run, trade):
    trade(DAYS[0])
    run("halt")
    FILE.unlink()
    trade(DAYS[1], code=6)
    assert "HALTED in the journal" in run("status").stdout
    assert run("resume").exit_code == 0
    trade(DAYS[1])


def test_runs_that_are_halted_are_told_once_a_session_in_the_journal_and_each_time_here(run, trade):
    trade(DAYS[0])
    run("halt", "--reason", "by me")
    ends = [trade(day, code=6) for day in (DAYS[1], DAYS[1], DAYS[1], DAYS[2], DAYS[2])]
    assert all("by me" in end.stderr for end in ends)
    told = [event.alert for event in of(AlertRaised) if event.alert.code == "halted"]
    assert [alert.text.partition(":")[0] for alert in told] == [
        f"session {DAYS[1]}",
        f"session {DAYS[2]}",
    ]


def test_halt_and_status_work_while_another_process_has_the_journal(run, run_json, trade):
    trade(DAYS[0])
    with another_process_at_work():
        assert run("status").exit_code == 0
        answer = run_json("halt", "--reason", "quick")
        assert (answer["in_file"], answer["in_journal"]) == (True, False)
        assert "halted already: quick" in run("halt").stdout
        assert run("status").exit_code == 6
        assert run("history").exit_code == 0
    assert of(Halted) == []
    trade(DAYS[1], code=6)


def test_a_halt_by_file_can_be_taken_back_while_another_process_has_the_journal(run, trade):
    trade(DAYS[0])
    with another_process_at_work():
        run("halt")
        resumed = run("resume")
        assert resumed.exit_code == 0
        assert "not noted in the journal" in resumed.stdout
    assert not FILE.exists()
    trade(DAYS[1])


def test_a_halt_in_the_journal_is_not_half_resumed_while_another_process_has_it(
    run, run_json, trade
):
    trade(DAYS[0])
    run("halt")
    with another_process_at_work():
        (problem,) = run_json("resume", code=4)["problems"]
        assert problem["code"] == "journal-locked"
        assert "nothing was changed" in problem["hint"]
    assert FILE.exists()
    assert of(Resumed) == []
    trade(DAYS[1], code=6)


def test_sells_only_sells_and_does_not_buy_until_resumed(run, flip):
    flip(DAYS[0])
    assert run("halt", "--sells-only", "--reason", "getting out").exit_code == 0
    assert run("status").exit_code == 0
    assert "ONLY SELLS are sent: getting out" in run("status").stdout
    before = len(of(OrderIntended))
    flip(DAYS[1])
    assert [event.request.side.value for event in of(OrderIntended)[before:]] == ["sell"]
    assert "already: getting out" in run("halt", "--sells-only").stdout
    run("resume")
    flip(DAYS[2])
    assert [event.request.side.value for event in of(OrderIntended)[before + 1 :]] == ["buy"]


def test_sells_only_never_loosens_a_halt(run, run_json, trade):
    trade(DAYS[0])
    run("halt", "--reason", "stop")
    assert run_json("halt", "--sells-only", code=4)["problems"][0]["code"] == "fully-halted"
    FILE.unlink()
    assert run_json("halt", "--sells-only", code=4)["problems"][0]["code"] == "fully-halted"
    trade(DAYS[1], code=6)


def test_a_halt_after_sells_only_stops_the_sells_too(run, flip):
    flip(DAYS[0])
    run("halt", "--sells-only")
    run("halt", "--reason", "all of it")
    FILE.unlink()
    flip(DAYS[1], code=6)


def test_sells_only_needs_the_journal(run, run_json, trade):
    assert run_json("halt", "--sells-only", code=4)["problems"][0]["code"] == "journal-missing"
    trade(DAYS[0])
    with another_process_at_work():
        (problem,) = run_json("halt", "--sells-only", code=4)["problems"]
    assert problem["code"] == "journal-locked"
    assert "alchemiser halt" in problem["hint"]


def test_a_damaged_journal_does_not_keep_anybody_from_halting(run, trade):
    trade(DAYS[0])
    JOURNAL.write_bytes(b"no database")
    result = run("halt")
    assert result.exit_code == 0
    assert FILE.exists()
    assert "no journal of Alchemiser" in result.stderr


def test_what_cannot_be_taken_away_stays_a_halt_and_is_told(run, run_json, trade):
    trade(DAYS[0])
    FILE.mkdir()
    (problem,) = run_json("resume", code=4)["problems"]
    assert problem["code"] == "still-halted"
    assert run("status").exit_code == 6


def test_where_neither_file_nor_journal_can_be_written_it_says_that_trading_is_not_halted(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way of a folder")
    place = HaltedPlace(
        str(blocked / "journal.db"),
        FileKillSwitch(blocked / "journal.db.halt"),
        datetime(2024, 3, 5, tzinfo=UTC),
    )
    thrown = place.switch.thrown()
    assert thrown is not None  # nobody can look, so nothing is traded here in any case
    assert halt(place, "stop").failure().problems()[0].code == "not-halted"


@frozen
class ThrowsTheSwitch:
    """Looks on, and throws the kill switch once the first order was reported."""

    switch: FileKillSwitch

    def written(self, events: Sequence[JournalEvent]) -> None:
        """Throw it at the first report."""
        if any(isinstance(event, OrderReported) for event in events):
            self.switch.throw("it looks wrong").unwrap()

    def undelivered(self, failure: NotDelivered) -> None:
        """Nobody is told in this test."""
        raise AssertionError(failure)


def test_a_halt_in_mid_cycle_lasts_until_resume_and_the_next_session_trades(run, run_json, flip):
    flip(DAYS[0])
    before = len(of(OrderReported))
    asked = Asked("one.edn")
    with trading_desk(asked, session=date.fromisoformat(DAYS[1])) as at:
        observer = ThrowsTheSwitch(at.setup.kill_switch)
        ended = trade_once(evolve(at.desk, observer=observer), at.terms)
    assert ended.ending is Ending.HALTED
    assert [event.report.side.value for event in of(OrderReported)[before:]] == ["sell"]
    assert run_json("paper", "show")["positions"] == []
    assert [event.why for event in of(Halted)] == ["it looks wrong"]
    assert run_json("status", code=6)["last_cycle"]["outcome"] == "halted"

    flip(DAYS[2], code=6)
    FILE.unlink()
    flip(DAYS[2], code=6)
    assert run("resume").exit_code == 0
    flip(DAYS[2])
    report = run_json("status")
    assert report["last_cycle"] | {"opened": "", "closed": ""} == {
        "session": DAYS[2],
        "opened": "",
        "closed": "",
        "outcome": "complete",
    }
    assert [holding["symbol"] for holding in report["holdings"]] == ["BBB"]


@pytest.mark.parametrize(
    "taken", ["alchemiser-journal.db", "alchemiser-journal.db.head", "alchemiser.toml"]
)
def test_a_halt_file_that_is_kept_for_something_else_is_refused_and_never_taken_away(
    market, run, trade, taken
):
    trade(DAYS[0])
    with (market / "alchemiser.toml").open("a") as file:
        file.write(f'[journal]\nhalt_file = "{taken}"\n')
    before = (market / taken).read_bytes()
    for command in ("halt", "resume", "status", "trade"):
        result = run(command)
        assert result.exit_code == 2, result.output
        assert f"{taken} cannot be the halt file" in result.stderr
        assert "journal.halt_file" in result.stderr
    assert (market / taken).read_bytes() == before


def test_a_reason_is_kept_on_one_line_and_bounded(run, trade):
    trade(DAYS[0])
    assert run("halt", "--reason", "first\nsecond \x1b[2J" + "x" * 10_000).exit_code == 0
    with open_journal(str(JOURNAL), read_only=True).unwrap() as journal:
        (halted,) = (e.event for e in journal.entries().unwrap() if isinstance(e.event, Halted))
    assert halted.why.startswith("first second [2Jxxx")
    assert len(halted.why) <= 500
