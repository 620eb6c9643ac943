from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from alchemiser_core.domain.schedule import ClockJumped, ClockSkew, clock_faults, jump

OWN = datetime(2025, 6, 2, 19, 45, tzinfo=UTC)
LIMIT = timedelta(seconds=30)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(("minutes", "side"), [(5, "ahead of"), (-5, "behind")])
def test_case_44_a_clock_five_minutes_off_is_a_fault(minutes, side):
    (fault,) = clock_faults(OWN, OWN - timedelta(minutes=minutes), LIMIT)
    assert isinstance(fault, ClockSkew)
    (problem,) = fault.problems()
    assert problem.code == "clock-skew"
    assert f"300 s {side}" in problem.what


@pytest.mark.parametrize(("days", "side"), [(332, "ahead of"), (-332, "behind")])
def test_a_broker_at_another_date_is_named_as_one(days, side):
    (fault,) = clock_faults(OWN, OWN - timedelta(days=days), LIMIT)
    (problem,) = fault.problems()
    assert f"332 days {side}" in problem.what
    assert 'trading.clock = "broker"' in problem.hint


@pytest.mark.parametrize("seconds", [-30, -1, 0, 1, 30])
def test_a_difference_within_the_limit_is_none(seconds):
    assert clock_faults(OWN, OWN + timedelta(seconds=seconds), LIMIT) == ()


def test_case_44_a_clock_that_went_back_an_hour_is_a_fault_even_where_it_now_agrees():
    (fault,) = clock_faults(OWN, OWN, LIMIT, jumped=-HOUR)
    assert isinstance(fault, ClockJumped)
    (problem,) = fault.problems()
    assert problem.code == "clock-jumped"
    assert "back by 3600 s" in problem.what


def test_all_faults_are_told_at_once():
    assert len(clock_faults(OWN, OWN + HOUR, LIMIT, jumped=HOUR)) == 2


def test_zones_make_no_difference():
    assert clock_faults(OWN, OWN.astimezone(ZoneInfo("Asia/Singapore")), LIMIT) == ()


@pytest.mark.parametrize(
    ("wall", "steady", "by"),
    [
        (10, 10, None),
        (12, 10, None),
        (8, 10, None),
        (3610, 10, HOUR),
        (-3590, 10, -HOUR),
        (13, 10, timedelta(seconds=3)),
    ],
)
def test_a_jump_is_what_the_wall_clock_went_beyond_the_steady_one(wall, steady, by):
    passed = timedelta(seconds=wall), timedelta(seconds=steady)
    assert jump(*passed, tolerance=timedelta(seconds=2)) == by
