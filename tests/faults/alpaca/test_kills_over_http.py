"""Processes that are killed, asked to end, or started twice, and trade to the same end.

The killed processes are real ones. All places at which one can be killed are tried with

    FAULT_SWEEP=all pytest tests/faults/alpaca/test_kills_over_http.py

and a sample of them otherwise.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
from alpaca_children import Forking, environment, forking
from alpaca_market import DAYS, session_of
from alpaca_scene import HALTED, INCOMPLETE, REFUSED, SLOW, Scene, copied, scene

from alchemiser_alpaca.simulator.http.calls import Call, RequestRecord
from alchemiser_core.domain.journal.events import CycleClosed, CycleOutcome, OrderIntended
from alchemiser_core.simulation.faults import FaultKind
from alchemiser_core.simulation.faults.tape import Struck

ALL = os.environ.get("FAULT_SWEEP") == "all"
PARTS = 4
"""The places of one kind are shared out among so many tests, where all of them are tried."""
SAMPLE = {
    "request taken": (5, 29, 52),
    "request not taken": (14, 34, 46),
    "before write": (2, 8),
    "after write": (6, 12),
}
"""Of each kind of place: the requests and the writes at which a process is killed."""
CHOSEN = {kind: range(1, PARTS + 1) if ALL else numbers for kind, numbers in SAMPLE.items()}
PLACES = [(kind, number) for kind, numbers in CHOSEN.items() for number in numbers]


@pytest.fixture(scope="module")
def children() -> Iterator[Forking]:
    with forking() as found:
        yield found


def kill_at_request(at: Scene, children: Forking, number: int, *, taken: bool) -> None:
    """The process is killed when its n-th request is there: done and not answered, or not done."""

    def arrives(count: int, _: object) -> None:
        if count == number and not taken:
            at.fault("reset_before")
            children.hit()

    def is_answered(count: int, _: object) -> None:
        if count == number and taken:
            children.hit()

    at.tape.at_call, at.tape.at_answer = arrives, is_answered


def killed(at: Scene, children: Forking, kind: str, number: int) -> bool:
    """Trade in a process that is killed at a place; whether it came that far."""
    if kind.startswith("request"):
        kill_at_request(at, children, number, taken=kind == "request taken")
        child = children.trade(at)
    else:
        child = children.trade(at, side=kind.removesuffix(" write"), number=number)
    at.calm()
    if not child.was_killed:
        assert child.code == 0, child.output
    return child.was_killed


@pytest.mark.parametrize(("kind", "first"), PLACES)
def test_case_18_killed_anywhere_it_ends_as_if_nobody_had_over_http(
    bought, tmp_path, undisturbed, children, kind, first
):
    tried = 0
    for number in count(first, PARTS) if ALL else (first,):
        with scene(copied(bought, tmp_path / str(number)), DAYS[1]) as at:
            if not killed(at, children, kind, number):
                break
            tried += 1
            done = at.trade()
            assert done.code == 0, f"{kind} {number}: {done.output}"
            assert at.account() == undisturbed.account, f"{kind} {number}"
            assert set(at.sent()) == set(undisturbed.sent), f"{kind} {number}"
            at.settle()
    assert tried >= (3 if ALL else 1)


def test_case_16_an_intent_that_was_not_sent_is_sent_once_over_http(
    second_day, undisturbed, children
):
    with second_day() as at:
        assert killed(at, children, "request not taken", undisturbed.first_post + 2)
        lost = [e.request.client_order_id for e in at.today(OrderIntended)][2]
        assert lost not in at.taken()
        assert at.trade().code == 0
        assert at.taken().count(lost) == 1
        assert at.account() == undisturbed.account
        at.settle()


def test_case_16_an_intent_whose_window_has_passed_is_never_sent_over_http(
    second_day, undisturbed, children
):
    with second_day() as at:
        assert killed(at, children, "request not taken", undisturbed.first_post)
        at.move_to(DAYS[2], session_of(DAYS[1]).closes + timedelta(minutes=5))
        at.trade()
        assert not at.taken()
        assert at.today(CycleClosed)[-1].outcome is not CycleOutcome.COMPLETE
        at.move_to(DAYS[2])
        at.settle()


def test_case_17_an_order_whose_answer_was_not_journaled_is_found_over_http(
    second_day, undisturbed, children
):
    with second_day() as at:
        assert killed(at, children, "request taken", undisturbed.first_post + 1)
        assert at.trade().code == 0
        assert at.account() == undisturbed.account
        assert sorted(at.sent()) == sorted(undisturbed.sent)
        at.settle()


def test_case_17_the_program_as_users_start_it_is_killed_and_taken_up_over_http(
    second_day, undisturbed
):
    with second_day() as at:
        at.begins()
        words = ["-m", "alchemiser_app", "trade", "--config", str(at.folder / "alchemiser.toml")]
        child = subprocess.Popen(
            [sys.executable, *words],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(),
        )
        with child:
            at.tape.at_answer = lambda number, _: (
                child.kill() if number == undisturbed.first_post + 7 else None
            )
            assert child.wait(timeout=60) == -signal.SIGKILL
        at.killed("by signal 9")
        at.calm()
        assert at.trade().code == 0
        assert at.account() == undisturbed.account
        at.settle()


def test_case_19_killed_three_times_while_it_recovers_it_recovers_over_http(
    second_day, undisturbed, children
):
    with second_day() as at:
        assert killed(at, children, "request taken", undisturbed.first_post + 1)
        assert killed(at, children, "request not taken", 7)
        assert killed(at, children, "after write", 1)
        assert killed(at, children, "request taken", 9)
        assert at.trade().code == 0
        assert at.account() == undisturbed.account
        at.settle()


def test_case_25_a_second_instance_on_one_journal_is_refused_over_http(
    second_day, undisturbed_and_slow, children
):
    with second_day(settings=SLOW) as at:
        seen: list[int] = []
        at.tape.at_call = lambda number, _: seen.append(number)
        children.start(at)
        while len(seen) < undisturbed_and_slow.first_post:
            signal.sigtimedwait([], 0.01)
        second = at.run("trade")
        assert second.code == REFUSED, second.output
        assert children.wait(at).code == 0
        assert at.account() == undisturbed_and_slow.account
        at.settle()


def test_case_25_a_second_instance_in_a_copied_folder_sends_no_order_twice_over_http(
    second_day, undisturbed, tmp_path, children
):
    """The first stands still between its plan and its first order, while the copy trades."""
    with second_day() as at:
        copied(at.folder, tmp_path / "copy")
        stands = threading.Event()

        def stop(number: int, _: object) -> None:
            if number == undisturbed.first_post - 1 and not stands.is_set():
                children.hit(signal.SIGSTOP)
                stands.set()

        at.tape.at_answer = stop
        process = children.start(at)
        assert stands.wait(20)
        copy = Scene(at.served, tmp_path / "copy", DAYS[1])
        assert copy.trade().code == 0
        assert at.account() == undisturbed.account
        os.kill(process, signal.SIGCONT)
        ended = children.wait(at)
        assert ended.code == 0, ended.output
        assert at.account() == undisturbed.account
        assert [r.status for r in at.posts()].count(422) == len(undisturbed.sent)
        assert len(at.taken()) == len(set(at.taken())) == len(undisturbed.sent)
        at.assert_converged()


def test_case_47_the_halt_file_stops_a_cycle_in_the_middle_over_http(second_day):
    with second_day() as at:

        def halt(_: int, record) -> None:
            if len(at.posts()) == 3 and record.method == "POST":
                (at.folder / "alchemiser-journal.db.halt").touch()
                at.tape.note(Struck(FaultKind.KILL_SWITCH))

        at.tape.at_answer = halt
        assert at.trade().code == HALTED
        assert len(at.sent()) == 3
        assert at.alerts()
        assert at.run("resume").code == 0
        at.settle()


@pytest.mark.parametrize("twice", [False, True], ids=["once", "twice"])
def test_case_47_asked_to_end_it_sends_nothing_more_over_http(second_day, children, twice):
    with second_day() as at:
        asked: list[int] = []

        def ask(_: int, record: RequestRecord) -> None:
            if len(at.posts()) == 3 and not asked:
                asked.append(children.started.get(timeout=5))
                os.kill(asked[0], signal.SIGTERM)

        def ask_again(_: int, call: Call) -> None:
            if twice and asked:
                os.kill(asked[0], signal.SIGTERM)

        at.tape.at_answer, at.tape.at_call = ask, ask_again
        child = children.trade(at)
        assert child.code == (-signal.SIGTERM if twice else HALTED), child.output
        assert len(at.sent()) == 3
        at.calm()
        if twice:
            assert at.trade().code == INCOMPLETE  # it knows that it was asked to end
        at.settle()
