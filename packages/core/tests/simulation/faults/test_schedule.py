"""Fault plans from seeds: the same for the same seed, within the bounds of their draws."""

import pytest

from alchemiser_core.simulation.faults import DRAWS, Fault, FaultKind, FaultPlan, Rates, schedule


def test_a_seed_is_a_plan():
    assert schedule(7, 30) == schedule(7, 30)
    assert schedule(7, 30) != schedule(8, 30)
    assert str(schedule(7, 30).faults[0]) == str(schedule(7, 30).faults[0])


@pytest.mark.parametrize("seed", range(20))
def test_faults_are_drawn_within_their_bounds(seed):
    for fault in schedule(seed, 30).faults:
        draw = DRAWS[fault.kind]
        assert 0 <= fault.day < 30
        assert 1 <= fault.call <= draw.latest
        assert 1 <= fault.times <= draw.times
        assert fault.seconds in draw.seconds
        assert 0 <= fault.variant < draw.variants


def test_every_kind_has_a_draw_and_stands_for_a_case():
    assert set(DRAWS) == set(FaultKind)
    assert all(kind.cases for kind in FaultKind)


def test_days_are_as_calm_as_the_rates_say():
    none = Rates(calm=1.0)
    assert schedule(1, 100, none).faults == ()
    busy = schedule(1, 100, Rates(calm=0.0, mean=1.0))
    assert set(busy.by_day()) == set(range(100))


def test_a_plan_can_be_tried_with_one_fault_less():
    plan = FaultPlan((Fault(FaultKind.HANGS), Fault(FaultKind.SPLIT, day=2)), seed=1, days=3)
    assert plan.without(Fault(FaultKind.HANGS)).faults == (Fault(FaultKind.SPLIT, day=2),)
