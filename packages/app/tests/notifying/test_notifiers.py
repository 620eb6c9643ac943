import json
import os
import select
import stat
import sys
from datetime import UTC, datetime

import pytest
from loguru import logger
from returns.result import Failure, Success

from alchemiser_app.notifying.command import CommandNotifier
from alchemiser_app.notifying.factories import (
    NOTIFIERS,
    CommandNotifierSettings,
    FileNotifierSettings,
    build_command,
    build_file,
    build_log,
)
from alchemiser_app.notifying.file import FileNotifier
from alchemiser_app.notifying.log import LogNotifier
from alchemiser_core.domain.alert import Alert, Severity
from alchemiser_core.plugins import NoSettings, PluginContext
from alchemiser_core.simulation.virtual_clock import VirtualClock
from alchemiser_core.testing.conformance import NotifierConformance

ALERT = Alert("order-refused", Severity.WARNING, "refused: \x1b[31mno cash\r\n", "SPY")
CLOCK = VirtualClock(datetime(2025, 6, 2, 19, 45, tzinfo=UTC))


@pytest.fixture
def told(monkeypatch):
    """What is logged while the test lasts: level, message and what is bound."""
    records = []

    def keep(message):
        record = message.record
        records.append((record["level"].name, record["message"], record["extra"]))

    sink = logger.add(keep)
    yield records
    logger.remove(sink)


@pytest.fixture
def program(tmp_path):
    """Makes a program of some lines of Python."""

    def make(*lines):
        path = tmp_path / "program.py"
        path.write_text("\n".join(["import json, os, sys, time", *lines]))
        return (sys.executable, str(path))

    return make


# --- the log -----------------------------------------------------------------------------------


class TestLogNotifier(NotifierConformance):
    can_fail = False

    @pytest.fixture
    def notifier(self):
        return LogNotifier()


def test_a_logged_alert_has_its_level_and_is_on_one_line(told):
    LogNotifier().notify(ALERT).unwrap()
    extra = {"code": "order-refused", "subject": "SPY"}
    assert told == [("WARNING", "SPY: refused: [31mno cash [order-refused]", extra)]


# --- a file ------------------------------------------------------------------------------------


class TestFileNotifier(NotifierConformance):
    @pytest.fixture
    def notifier(self, tmp_path):
        return FileNotifier(tmp_path / "alerts.jsonl", CLOCK)

    @pytest.fixture
    def broken(self, tmp_path):
        return FileNotifier(tmp_path / "nowhere" / "alerts.jsonl", CLOCK)


def test_alerts_are_lines_that_only_the_owner_reads(tmp_path):
    path = tmp_path / "alerts.jsonl"
    path.write_text("")
    path.chmod(0o644)
    for _ in range(2):
        FileNotifier(path, CLOCK).notify(ALERT).unwrap()
    first, second = (json.loads(line) for line in path.read_text().splitlines())
    assert first == second
    assert first == {
        "at": "2025-06-02T19:45:00.000+00:00",
        "code": "order-refused",
        "severity": "warning",
        "subject": "SPY",
        "text": "refused: [31mno cash",
    }
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_neither_a_link_nor_a_pipe_stands_in_for_the_file(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.touch()
    link, pipe = tmp_path / "link", tmp_path / "pipe"
    link.symlink_to(elsewhere)
    os.mkfifo(pipe)
    for path in (link, pipe, tmp_path):
        assert isinstance(FileNotifier(path, CLOCK).notify(ALERT), Failure)
    assert elsewhere.read_text() == ""


# --- a program ---------------------------------------------------------------------------------


class TestCommandNotifier(NotifierConformance):
    @pytest.fixture
    def notifier(self, program):
        return CommandNotifier(program("json.load(sys.stdin)"), 30)

    @pytest.fixture
    def broken(self, tmp_path):
        return CommandNotifier((str(tmp_path / "nowhere"),), 30)


def why(result):
    assert isinstance(result, Failure)
    (problem,) = result.failure().problems()
    assert problem.code == "alert-not-delivered"
    return problem.why


def test_the_program_gets_the_alert_and_no_keys(program, tmp_path, monkeypatch):
    monkeypatch.setenv("APCA_API_SECRET_KEY", "canary")
    seen = tmp_path / "seen.json"
    command = program(
        "told = {'alert': json.load(sys.stdin), 'environment': dict(os.environ)}",
        f"open({str(seen)!r}, 'w').write(json.dumps(told))",
    )
    CommandNotifier(command, 30).notify(ALERT).unwrap()
    told = json.loads(seen.read_text())
    assert told["alert"]["text"] == "refused: [31mno cash"
    assert "APCA_API_SECRET_KEY" not in told["environment"]


def test_arguments_meet_no_shell(program, tmp_path):
    trap = tmp_path / "trap"
    command = (*program("assert sys.argv[1].startswith('$(')"), f"$(touch {trap})")
    assert CommandNotifier(command, 30).notify(ALERT) == Success(None)
    assert not trap.exists()


def test_a_program_that_fails_says_why(program):
    command = program("print('no\\x1b network', file=sys.stderr)", "sys.exit(3)")
    assert "exit code 3: no network" in why(CommandNotifier(command, 30).notify(ALERT))


def test_a_program_that_hangs_is_ended_with_its_children(tmp_path):
    """Both hold a pipe open, which is at its end when neither lives."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    command = ("/bin/sh", "-c", f"exec 3>'{pipe}'; sleep 60 & wait")
    try:
        assert "longer than 1 s" in why(CommandNotifier(command, 1).notify(ALERT))
        ended, _, _ = select.select([reader], [], [], 20)
        assert ended
    finally:
        os.close(reader)


def test_a_program_that_does_not_read_is_no_failure(program):
    alert = Alert("halted", Severity.CRITICAL, "x" * 100_000)
    assert CommandNotifier(program("pass"), 30).notify(alert) == Success(None)


# --- factories ---------------------------------------------------------------------------------


def test_three_notifiers_are_offered():
    assert [factory.name for factory in NOTIFIERS] == ["log", "file", "command"]


def test_a_log_needs_nothing():
    assert build_log(NoSettings(), PluginContext()).unwrap().name == "log"


def test_a_file_is_meant_from_where_the_configuration_is(tmp_path):
    context = PluginContext(folder=str(tmp_path))
    notifier = build_file(FileNotifierSettings("alerts.jsonl"), context).unwrap()
    notifier.notify(ALERT).unwrap()
    assert (tmp_path / "alerts.jsonl").exists()


def test_a_file_in_no_folder_is_refused(tmp_path):
    context = PluginContext(folder=str(tmp_path))
    refused = build_file(FileNotifierSettings("nowhere/alerts.jsonl"), context)
    assert isinstance(refused, Failure)
    assert refused.failure().problems()[0].code == "no-folder"


@pytest.mark.parametrize("command", [(), ("no-such-program",)])
def test_a_program_that_is_not_there_is_refused(command):
    refused = build_command(CommandNotifierSettings(command), PluginContext())
    assert isinstance(refused, Failure)
    assert refused.failure().problems()[0].code == "no-program"


def test_a_program_is_found_on_the_path(program):
    interpreter, script = program("json.load(sys.stdin)")
    settings = CommandNotifierSettings((interpreter, script))
    assert build_command(settings, PluginContext()).unwrap().notify(ALERT) == Success(None)
