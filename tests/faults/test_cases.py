"""Numbered cases at the level of the ports, and the list of all fifty with where each is tested.

Every case is a day that rebalances a dozen symbols after a day that bought them. Where a fault only
delays, the account ends as if there had been none, to the last share and cent.
"""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve

from alchemiser_core.domain.journal.events import (
    AlertRaised,
    CycleClosed,
    OrderIntended,
    OrderRefused,
    OrderReported,
    OrderUnresolved,
)
from alchemiser_core.simulation.faults import Fault, FaultKind, FaultPlan
from alchemiser_core.simulation.faults.tape import Finished, ReachedBroker, ToldOfOrder
from alchemiser_core.testing.faults import Outcome, Trading, run
from alchemiser_core.testing.faults.world import drawn, sessions_of

ROOT = Path(__file__).resolve().parents[2]
CASES = range(1, 51)
JOURNAL = "packages/app/tests/journal/test_file_faults.py::"
NAMED_OTHERWISE = {
    20: JOURNAL + "test_a_log_that_was_cut_off_anywhere_is_noticed",
    37: "packages/core/tests/domain/test_continuity.py::test_a_bad_price_counts_as_missing",
}
"""Cases whose tests are older than the numbers, or belong to a whole module of tests."""
OF_ADAPTERS = {
    39: "batches and credits are of the Twelve Data adapter; a feed answers whole or not at all",
}
DAYS = 2
SEED = 12
MARKET = evolve(
    drawn(SEED, sessions_of(DAYS), symbols=14),
    whole=False,
    latency=timedelta(seconds=3),
    progressive=False,
)


def day(*faults: Fault) -> Outcome:
    """The second day under these faults; whatever they are, every invariant holds."""
    outcome = run(FaultPlan(faults, SEED, DAYS), Trading, MARKET)
    assert outcome.violations == ()
    assert all(outcome.fired[fault.kind] for fault in faults), outcome.fired
    return outcome


def account(outcome: Outcome) -> tuple[object, object]:
    return outcome.world.exchange.cash, outcome.world.exchange.held


def events_of(outcome: Outcome, kind: type) -> list:
    return [entry.event for entry in outcome.world.storage.kept if isinstance(entry.event, kind)]


def sent(outcome: Outcome) -> list[str]:
    """Client order ids of the second day's requests, each as often as it reached the broker."""
    today = outcome.world.session(1).day
    found = [note for note in outcome.notes if isinstance(note.what, ReachedBroker)]
    return [n.what.request.client_order_id for n in found if n.at.date() == today]


def alerts(outcome: Outcome) -> set[str]:
    return {event.alert.code for event in events_of(outcome, AlertRaised)}


@pytest.fixture(scope="module")
def undisturbed() -> Outcome:
    return day()


@pytest.mark.parametrize("call", range(1, 32, 3))
@pytest.mark.parametrize("variant", [0, 1], ids=["taken", "not taken"])
def test_case_04_a_call_that_hangs_for_ten_minutes_ends_in_bounded_time(call, variant):
    outcome = day(Fault(FaultKind.HANGS, day=1, call=call, seconds=600, variant=variant))
    ends = [note.at for note in outcome.notes if isinstance(note.what, Finished)]
    assert ends[-1] <= outcome.world.session(1).closes + timedelta(minutes=2)
    assert len(set(sent(outcome))) == len(sent(outcome))


@pytest.mark.parametrize("variant", [0, 1], ids=["taken", "not taken"])
def test_case_05_server_errors_on_four_submissions_leave_one_order_of_each_id(undisturbed, variant):
    outcome = day(Fault(FaultKind.SERVER_ERROR, day=1, call=1, times=4, variant=variant))
    assert account(outcome) == account(undisturbed)
    ids = [order.client_order_id for order in outcome.world.exchange.state.orders.values()]
    assert len(set(ids)) == len(ids)
    assert set(sent(outcome)) == set(sent(undisturbed))


def test_case_06_an_error_of_the_server_is_unknown_and_never_a_refusal(undisturbed):
    outcome = day(Fault(FaultKind.SERVER_ERROR, day=1, call=2))
    assert not events_of(outcome, OrderRefused)
    assert len(events_of(outcome, OrderUnresolved)) == 1
    assert account(outcome) == account(undisturbed)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(FaultKind.UNREADABLE_ANSWER, day=1, call=2),
        Fault(FaultKind.UNKNOWN_STATUS, day=1, call=1, times=9),
        Fault(FaultKind.VALUE_MISSING, day=1, call=1, times=9),
    ],
    ids=lambda fault: fault.kind.value,
)
def test_case_07_an_answer_that_cannot_be_understood_is_asked_for_again(undisturbed, fault):
    assert account(day(fault)) == account(undisturbed)


@pytest.mark.parametrize(
    "kind", [FaultKind.THROTTLED_ALL, FaultKind.THROTTLED_READS, FaultKind.THROTTLED_SUBMITS]
)
@pytest.mark.parametrize("variant", range(3), ids=["no header", "in the past", "an hour ahead"])
def test_case_08_and_09_a_storm_of_refusals_to_listen_is_waited_out(kind, variant):
    outcome = day(Fault(kind, day=1, call=9, seconds=120, variant=variant))
    assert len(set(sent(outcome))) == len(sent(outcome))
    slot = outcome.world.session(1).closes - timedelta(minutes=15)
    ends = [note.at for note in outcome.notes if isinstance(note.what, Finished)]
    assert ends[-1] - slot < timedelta(minutes=14)


@pytest.mark.parametrize("call", range(1, 30))
def test_case_17_killed_between_the_call_and_its_answer_there_is_no_second_order(undisturbed, call):
    outcome = day(Fault(FaultKind.KILLED_AFTER_CALL, day=1, call=call))
    assert account(outcome) == account(undisturbed)
    assert sent(outcome) == sent(undisturbed)


@pytest.mark.parametrize("call", range(1, 5))
@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.UPDATE_REPEATED,
        FaultKind.UPDATES_OUT_OF_ORDER,
        FaultKind.UPDATES_LOST,
        FaultKind.UPDATES_MUTE,
        FaultKind.UPDATE_UNKNOWN,
    ],
)
def test_case_26_to_30_a_stream_that_lies_changes_nothing(undisturbed, kind, call):
    for variant in (0, 1):
        outcome = day(Fault(kind, day=1, call=1, times=50, variant=variant))
        assert account(outcome) == account(undisturbed)
        assert not [a for a in alerts(outcome) if a != "strategy-undecidable"]


def test_case_27_what_is_filled_never_becomes_less():
    outcome = day(Fault(FaultKind.UPDATES_OUT_OF_ORDER, day=1, call=1, times=50))
    filled: dict[str, object] = {}
    for event in events_of(outcome, OrderReported):
        report = event.report
        assert report.filled_quantity >= filled.get(report.client_order_id, 0)
        filled[report.client_order_id] = report.filled_quantity


def test_case_28_without_any_stream_polling_finds_every_fill(undisturbed):
    outcome = day(Fault(FaultKind.UPDATES_LOST, day=1, call=1, times=10_000))
    assert account(outcome) == account(undisturbed)


def test_case_29_a_mute_stream_does_not_hold_up_the_cycle(undisturbed):
    outcome = day(Fault(FaultKind.UPDATES_MUTE, day=1, call=1, times=10_000))
    assert account(outcome) == account(undisturbed)
    closed = {event.cycle.trading_day for event in events_of(outcome, CycleClosed)}
    assert outcome.world.session(1).day in closed


def test_case_35_a_read_that_fails_is_never_a_part_of_an_answer():
    outcome = day(Fault(FaultKind.POSITIONS_FAIL, day=1, call=1))
    today = outcome.world.session(1).day
    assert not [
        n for n in outcome.notes if isinstance(n.what, ToldOfOrder) and n.at.date() == today
    ]
    assert "broker-unavailable" in alerts(outcome)


@pytest.mark.parametrize("call", range(2, 30, 4))
def test_case_45_a_broker_that_is_gone_for_five_minutes_is_waited_for(call):
    outcome = day(Fault(FaultKind.BROKER_DOWN, day=1, call=call, seconds=300))
    assert len(set(sent(outcome))) == len(sent(outcome))


def test_case_45_an_order_that_the_broker_forgot_is_not_replaced_under_another_id():
    outcome = day(Fault(FaultKind.ORDERS_FORGOTTEN, day=1, call=1, seconds=60))
    intended = [event.request for event in events_of(outcome, OrderIntended)]
    purposes = [(r.symbol, r.side, r.slice_number, r.client_order_id) for r in intended]
    assert len(set(purposes)) == len(purposes)
    assert "order-vanished" in alerts(outcome)


def named_tests() -> dict[int, list[str]]:
    """Every test whose name has the number of a case, by number."""
    found: dict[int, list[str]] = {}
    for path in (*ROOT.glob("packages/*/tests/**/*.py"), *ROOT.glob("tests/**/*.py")):
        for name in re.findall(r"def (test_case_\w+)\(", path.read_text(encoding="utf-8")):
            first, last = _numbers(name)
            for number in range(first, last + 1):
                found.setdefault(number, []).append(f"{path.relative_to(ROOT)}::{name}")
    return found


def _numbers(name: str) -> tuple[int, int]:
    """`test_case_08_and_09_…` is of both, `test_case_26_to_30_…` of all five."""
    match = re.match(r"test_case_(\d\d)_(?:(?:and|to)_(\d\d)_)?", name)
    assert match is not None, f"{name} has no number of two digits"
    first = int(match[1])
    return first, int(match[2] or first)


@pytest.mark.parametrize("number", CASES)
def test_every_case_has_a_named_test_or_a_reason(number):
    named = named_tests().get(number, [])
    if number in NAMED_OTHERWISE:
        path, _, name = NAMED_OTHERWISE[number].partition("::")
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")
    else:
        assert named or number in OF_ADAPTERS


def test_every_fault_stands_for_cases_that_there_are():
    assert all(set(kind.cases) <= set(CASES) for kind in FaultKind)
