"""Case 50: seeded fault schedules of thirty trading days, and the invariants after each."""

import pytest

from alchemiser_core.simulation.faults import DRAWS, FaultKind, Rates, schedule
from alchemiser_core.testing.faults import DAYS, Trading, replay, run, sweep

SCHEDULES = 300
"""That are run; `make faults` runs ten thousand."""
PLANNED = 500
"""That are looked at, which costs next to nothing."""
COMPANY = (FaultKind.SLOW_FILLS, FaultKind.PARTIAL_FILL)
"""Some faults need an order that rests: to be cancelled, to be reported, to be forgotten."""
CHUNK = 20
"""Schedules of one test, so that the tests can be spread over processes."""


@pytest.mark.parametrize("first", range(0, SCHEDULES, CHUNK))
def test_case_50_every_invariant_holds_under_random_fault_schedules(first):
    tally = sweep(range(first, first + CHUNK))
    assert tally.schedules == CHUNK
    assert not tally.failed, "\n".join(
        f"{failed}: alchemiser-faults replay {failed.seed}" for failed in tally.failed
    )


def test_every_kind_of_fault_is_scheduled_often():
    """A kind that is scheduled a hundred times takes effect at least once, as the next test has it;
    a sweep of ten thousand schedules counts what really took effect and fails at a zero.
    """
    planned = [fault.kind for seed in range(PLANNED) for fault in schedule(seed, DAYS).faults]
    assert {kind: planned.count(kind) for kind in FaultKind if planned.count(kind) < 50} == {}


@pytest.mark.parametrize("kind", FaultKind)
def test_every_kind_of_fault_takes_effect_and_breaks_nothing(kind):
    """Schedules of one kind alone, until it has taken effect."""
    rates = Rates(calm=0.2, mean=2.0, draws={each: DRAWS[each] for each in (kind, *COMPANY)})
    for seed in range(40):
        outcome = run(schedule(seed, 10, rates), Trading)
        assert outcome.violations == ()
        if outcome.fired[kind]:
            return
    pytest.fail(f"{kind} never took effect")


def test_the_same_seed_is_the_same_journal_to_the_last_byte():
    assert schedule(7, DAYS) == schedule(7, DAYS)
    assert replay(7).digest == replay(7).digest != replay(8).digest
