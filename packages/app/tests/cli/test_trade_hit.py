"""`alchemiser trade` as a process that is killed or asked to end in the middle, and run again."""

import os
import signal
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from alchemiser_app.journal.opening import open_journal
from alchemiser_app.paper.account import open_account
from alchemiser_core.domain.journal.events import CycleOpened
from alchemiser_core.services.ledger import Ledger

CHILD = Path(__file__).parent / "child_that_is_hit.py"
FIRST, SECOND, THIRD = "2024-03-05", "2024-03-06", "2024-03-07"
KILLED = {
    "market": [
        ("append", "before", 1),
        ("append", "after", 2),
        ("append", "before", 4),
        ("submit", "before", 1),
        ("submit", "after", 1),
    ],
    "progressive-limit": [
        ("append", "after", 3),
        ("submit", "before", 2),
        ("submit", "after", 2),
    ],
}
"""A sample; the sweep over every call is made in process, on virtual time."""


def hit(name, kind, side, number, *words):
    """Trade the second session in a process that is hit; its exit code and standard error."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ALCHEMISER_")}
    done = subprocess.run(
        [sys.executable, str(CHILD), name, kind, side, str(number), "trade", *words],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stderr


def ledger() -> Ledger:
    with open_journal("alchemiser-journal.db", read_only=True).unwrap() as journal:
        return Ledger().fold(entry.event for entry in journal.entries().unwrap())


def account() -> tuple[dict[str, Decimal], Decimal]:
    """Shares and cash of the paper account, after a look that nothing was received twice."""
    opened = open_account(Path("paper.db")).unwrap()
    try:
        exchange = opened.exchange
        taken = Counter(each.request.client_order_id for each in exchange.received)
        assert set(taken.values()) <= {1}
        return {str(s): q for s, q in exchange.held.items() if q}, exchange.cash
    finally:
        opened.close()


def agrees() -> bool:
    """Whether the books add up to the account, to the last digit."""
    whole = ledger().opened_books.combined()
    held = {str(s): p.quantity for s, p in whole.positions.items() if p.quantity}
    return (held, whole.cash) == account()


@pytest.mark.parametrize("tactic", KILLED)
def test_case_18_killed_anywhere_and_run_again_a_cycle_ends_as_if_nothing_had_been(
    market, run, tactic
):
    with (market / "alchemiser.toml").open("a") as file:
        file.write(f'[execution]\ntactic = "{tactic}"\n')
    run("trade", "--session", FIRST)
    before = {path: path.read_bytes() for path in market.iterdir() if path.is_file()}
    assert run("trade", "--session", SECOND).exit_code == 0
    undisturbed = account()
    for place in KILLED[tactic]:
        for path in [each for each in market.iterdir() if each.is_file()]:
            path.unlink()
        for path, content in before.items():
            path.write_bytes(content)
        code, errors = hit("SIGKILL", *place, "--session", SECOND)
        assert code == -signal.SIGKILL, (place, errors)
        again = run("trade", "--session", SECOND)
        assert again.exit_code == 0, (place, again.output)
        assert account() == undisturbed, place
        assert agrees(), place
        assert ledger().cycle is None, place


def test_case_19_killed_while_it_recovers_it_recovers_again(market, run):
    run("trade", "--session", FIRST)
    assert hit("SIGKILL", "submit", "after", 1, "--session", SECOND)[0] == -signal.SIGKILL
    for number in (1, 2):
        assert hit("SIGKILL", "append", "before", number, "--session", SECOND)[0] < 0
    assert run("trade", "--session", SECOND).exit_code == 0
    assert agrees()


def test_case_47_asked_to_end_in_the_middle_it_sends_nothing_more_and_ends_with_6(market, run):
    run("trade", "--session", FIRST)
    code, errors = hit("SIGTERM", "submit", "before", 1, "--session", SECOND)
    assert (code, "Traceback" in errors) == (6, False)
    assert agrees()
    assert ledger().cycle is None
    assert ledger().halt is None
    again = run("trade", "--session", SECOND)
    assert (again.exit_code, "is over (halted)" in again.stdout) == (0, True)
    assert run("trade", "--session", THIRD).exit_code == 0
    assert agrees()


def test_case_47_asked_twice_it_ends_at_once_and_is_taken_up(market, run):
    script = CHILD.read_text().replace(
        "os.kill(os.getpid(), signal.Signals[name])",
        "os.kill(os.getpid(), signal.SIGTERM); os.kill(os.getpid(), signal.SIGTERM)",
    )
    twice = market / "twice.py"
    twice.write_text(script)
    run("trade", "--session", FIRST)
    done = subprocess.run(
        [sys.executable, str(twice), "-", "submit", "after", "1", "trade", "--session", SECOND],
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGTERM
    assert ledger().cycle is not None
    assert run("trade", "--session", SECOND).exit_code == 0
    assert agrees()


def test_the_processes_above_are_hit_where_they_say(market, run):
    run("trade", "--session", FIRST)
    code, errors = hit("SIGKILL", "append", "before", 0, "--session", SECOND)
    assert (code, errors.count("call ") >= 4) == (0, True)
    with open_journal("alchemiser-journal.db", read_only=True).unwrap() as journal:
        events = [entry.event for entry in journal.entries().unwrap()]
    assert sum(isinstance(event, CycleOpened) for event in events) == 2
