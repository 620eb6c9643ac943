"""`alchemiser run` as a process that waits, keeps others out, and is ended."""

import os
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alchemiser_app.cli.run_lines import left_text, slot_text


@pytest.fixture
def waiting(market, run):
    """A run that waits for its next slot, with its first line."""
    # Whatever the time is, one of the two is hours away.
    hour = datetime.now(UTC).hour
    slot = "close - 1 min" if hour < 17 else "open + 1 min"
    with (market / "alchemiser.toml").open("a") as file:
        file.write(f'[trading]\nslot = "{slot}"\nmissed_slot = "skip"\n')
    process = subprocess.Popen(
        [sys.executable, "-m", "alchemiser_app", "run"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={k: v for k, v in os.environ.items() if not k.startswith("ALCHEMISER_")},
    )
    try:
        lines = []
        while not lines or not lines[-1].startswith("next slot: "):
            lines.append(process.stdout.readline())
            assert lines[-1], process.stderr.read()
        yield process, lines[-1]
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_case_47_asked_to_end_while_it_waits_it_ends_with_0(waiting, number):
    process, line = waiting
    assert re.fullmatch(r"next slot: \w{3} [\d-]{10} [\d:]{5} E[SD]T \([\d:]{5} UTC\).*\n", line)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (0, "ended, as asked\n")
    # Only where today's slot had passed already is there anything to tell.
    assert err == "" or err.startswith("warning: the session of ")


def test_case_25_no_second_instance_starts_beside_it(waiting, run):
    process, _ = waiting
    for command in (("trade",), ("run",)):
        second = run(*command)
        assert second.exit_code == 4
        assert f"the journal is in use by process {process.pid}" in second.stderr
    dry = run("trade", "--dry-run")
    assert dry.exit_code == 0, dry.output


def test_it_refuses_at_the_start_what_trade_refuses(market, run):
    wrong = '[broker]\nname = "papre"\n'
    (market / "wrong.toml").write_text(wrong)
    unknown = run("run", "klm", "--config", "wrong.toml")
    assert (unknown.exit_code, "did you mean 'paper'?" in unknown.stderr) == (2, True)
    (market / "empty").mkdir()
    assert run("run", "one.edn", "--data", "empty").exit_code == 3
    live = run("run", "--live")
    assert (live.exit_code, "--live is given" in live.stderr) == (4, True)
    Path("alchemiser-journal.db").write_bytes(b"no journal" * 1000)
    assert run("run").exit_code == 4


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (timedelta(days=2, hours=3, minutes=9), "2 d 3 h"),
        (timedelta(hours=5, minutes=9, seconds=1), "5 h 9 min"),
        (timedelta(minutes=4, seconds=12), "4 min 12 s"),
        (timedelta(seconds=12), "12 s"),
        (timedelta(days=1), "1 d 0 h"),
        (timedelta(seconds=-1), "0 s"),
    ],
)
def test_what_is_left_is_said_in_its_two_largest_units(left, text):
    assert left_text(left) == text


def test_a_slot_is_said_in_the_exchanges_time_and_in_utc():
    winter = datetime(2026, 11, 23, 20, 45, tzinfo=UTC)
    summer = datetime(2026, 7, 6, 19, 45, tzinfo=UTC)
    assert slot_text(winter) == "Mon 2026-11-23 15:45 EST (20:45 UTC)"
    assert slot_text(summer) == "Mon 2026-07-06 15:45 EDT (19:45 UTC)"
