"""The harness on a few short plans: both programs, their stories, and plans that are told twice."""

import pytest

from alchemiser_core.simulation.faults import schedule
from alchemiser_core.testing.faults import Trading, replay, run, story
from alchemiser_core.testing.faults.bare import Bare

SEEDS = range(12)
DAYS = 8


@pytest.mark.parametrize("program", [Bare, Trading], ids=lambda each: each.__name__)
def test_under_a_few_schedules_nothing_is_bought_twice_or_lost(program):
    fired = 0
    for seed in SEEDS:
        outcome = run(schedule(seed, DAYS), program)
        assert outcome.violations == (), seed
        assert outcome.processes >= DAYS
        fired += outcome.fired.total()
    assert fired, "no fault of any schedule took effect"


def test_a_program_that_is_killed_is_started_again_on_the_same_day():
    outcomes = [run(schedule(seed, DAYS), Bare) for seed in SEEDS]
    killed = [each for each in outcomes if any(kind.kills for kind in each.fired.elements())]
    assert killed
    assert all(outcome.processes > DAYS for outcome in killed)


def test_the_story_of_a_seed_tells_faults_orders_and_what_was_written():
    lines = [line for seed in (3, 4, 5) for line in story(replay(seed, DAYS).notes)]
    told = "\\n".join(lines)
    for words in ("FAULT", "reaches the broker", "told of", "written"):
        assert words in told
