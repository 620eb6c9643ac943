"""`alchemiser-faults`: sweeps and replays from the command line."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from alchemiser_app.faults import app
from alchemiser_core.simulation.faults import FaultKind


@pytest.fixture
def command():
    def called(*words: str):
        return CliRunner().invoke(app, words)

    return called


def test_a_sweep_counts_every_kind_and_fails_where_one_never_took_effect(command):
    done = command("run", "--schedules", "2", "--days", "2", "--processes", "1")
    assert done.exit_code == 1
    assert "2 schedules of the trading cycle, 4 days" in done.output
    counted = {line.split()[-1] for line in done.stdout.splitlines()[1:]}
    assert {kind.value for kind in FaultKind} <= counted
    assert "never took effect: run more schedules" in done.output


def test_a_replay_tells_the_story_and_its_end(command):
    done = command("replay", "3", "--days", "3")
    assert done.exit_code == 0
    for part in ("planned: ", "process 1 is started", "reaches the broker", "CycleClosed"):
        assert part in done.output
    assert done.output.rstrip().endswith("every invariant held")


def test_the_same_seed_tells_the_same_story(command):
    words = ("replay", "11", "--days", "4")
    assert command(*words).output == command(*words).output


def test_it_needs_no_testing_library_and_help_nothing_heavy():
    code = (
        "import sys, alchemiser_app.faults; early = set(sys.modules);"
        "import alchemiser_core.testing.faults; "
        "print({'pytest', 'hypothesis'} & set(sys.modules), {'numpy', 'cattrs'} & early)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set() set()"
