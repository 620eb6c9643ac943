"""Kills at every single write of the journal and every single call of the broker.

A rebalance of ten symbols is killed before and after each operation, once and again and again in
its recovery. Whatever happens, it ends as the one that nobody killed, to the last share and cent.
"""

from datetime import timedelta

import pytest
from attrs import evolve, frozen

from alchemiser_core.domain.journal.events import CycleClosed, CycleOutcome, PlanCommitted
from alchemiser_core.simulation.faults import Fault, FaultKind, FaultPlan, Operation
from alchemiser_core.testing.faults import Outcome, Trading, run
from alchemiser_core.testing.faults.world import Drawn, drawn, sessions_of

DAYS = 2
"""The first buys, the second rebalances."""
SEED = 12
KILLS = (
    FaultKind.KILLED_BEFORE_WRITE,
    FaultKind.KILLED_AFTER_WRITE,
    FaultKind.KILLED_BEFORE_CALL,
    FaultKind.KILLED_AFTER_CALL,
)


@frozen
class Market:
    """A market, with the name under which its tests are shown."""

    name: str
    drawn: Drawn
    step: int = 1
    """Every operation is struck, or every so many where there are hundreds."""


def ten_symbols(**changes: object) -> Drawn:
    found = drawn(SEED, sessions_of(DAYS), symbols=14)
    return evolve(found, whole=False, **changes)


MARKETS = (
    Market("market orders, filled at once", ten_symbols(latency=timedelta(0), progressive=False)),
    Market("market orders", ten_symbols(latency=timedelta(seconds=3), progressive=False)),
    Market("limits", ten_symbols(latency=timedelta(seconds=3), progressive=True), step=9),
)


def rebalanced(market: Market, *faults: Fault) -> Outcome:
    return run(FaultPlan(faults, SEED, DAYS), Trading, market.drawn)


def account(outcome: Outcome) -> tuple[object, object]:
    return outcome.world.exchange.cash, outcome.world.exchange.held


def events_of(outcome: Outcome, kind: type) -> list:
    return [e.event for e in outcome.world.storage.kept if isinstance(e.event, kind)]


@pytest.fixture(scope="module", params=MARKETS, ids=lambda market: market.name)
def market(request):
    return request.param


@pytest.fixture(scope="module")
def undisturbed(market):
    return rebalanced(market)


def operations(outcome: Outcome, kind: FaultKind) -> int:
    """How many operations of its second day a kill of the kind can strike."""
    return outcome.world.script.before[1][kind.operation]


def test_the_rebalance_has_ten_orders_of_both_sides(undisturbed):
    plan = events_of(undisturbed, PlanCommitted)[-1].plan
    assert len(plan.orders) >= 10
    assert plan.sells
    assert plan.buys
    assert undisturbed.violations == ()
    outcomes = [event.outcome for event in events_of(undisturbed, CycleClosed)]
    assert outcomes == [CycleOutcome.COMPLETE] * DAYS


@pytest.mark.parametrize("kind", KILLS)
def test_case_18_killed_at_every_operation_it_ends_as_if_nobody_had(market, undisturbed, kind):
    count = operations(undisturbed, kind)
    assert count > 5
    for call in range(1, count + 1, market.step):
        killed = rebalanced(market, Fault(kind, day=1, call=call))
        assert killed.violations == (), f"{kind} at {call}"
        assert killed.fired[kind] == 1
        assert account(killed) == account(undisturbed), f"{kind} at {call}"


@pytest.mark.parametrize("kind", KILLS)
def test_case_19_killed_again_and_again_in_recovery_it_ends_as_if_nobody_had(
    market, undisturbed, kind
):
    count = operations(undisturbed, kind)
    for call in range(1, count + 1, 3 * market.step):
        faults = [Fault(kind, day=1, call=call + gap) for gap in (0, 1, 3, 7)]
        killed = rebalanced(market, *faults)
        assert killed.violations == (), f"{kind} at {call}"
        assert killed.fired[kind] >= (2 if call < count else 1)
        assert account(killed) == account(undisturbed), f"{kind} at {call}"


@pytest.mark.parametrize("variant", [0, 1], ids=["not written", "written all the same"])
def test_case_21_every_write_may_fail_and_nothing_is_sent_after_it(market, undisturbed, variant):
    count = operations(undisturbed, FaultKind.KILLED_BEFORE_WRITE)
    for call in range(1, count + 1, market.step):
        fault = Fault(FaultKind.WRITE_FAILS, day=1, call=call, variant=variant)
        failed = rebalanced(market, fault)
        assert failed.violations == (), f"at {call}"
        assert account(failed) == account(undisturbed), f"at {call}"


@pytest.mark.parametrize("kind", [FaultKind.ANSWER_LOST, FaultKind.REQUEST_LOST])
def test_every_submission_may_be_lost_on_either_way(market, undisturbed, kind):
    for call in range(1, undisturbed.orders + 1, market.step):
        lost = rebalanced(market, Fault(kind, day=1, call=call))
        assert lost.violations == (), f"{kind} at {call}"
        if not market.drawn.progressive:
            assert account(lost) == account(undisturbed), f"{kind} at {call}"


def test_the_operations_that_are_counted_are_those_that_are_struck():
    assert {kind.operation for kind in KILLS} == {Operation.APPEND, Operation.CALL}
