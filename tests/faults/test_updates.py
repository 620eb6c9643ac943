"""Whatever the stream of updates does, the account ends as if it had told everything in order."""

from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from alchemiser_core.simulation.faults import Fault, FaultKind, FaultPlan
from alchemiser_core.testing.faults import Outcome, Trading, run
from alchemiser_core.testing.faults.world import Drawn, drawn, sessions_of

DAYS = 2
SEED = 12
STREAM = (
    FaultKind.UPDATE_REPEATED,
    FaultKind.UPDATES_OUT_OF_ORDER,
    FaultKind.UPDATES_LOST,
    FaultKind.UPDATES_MUTE,
    FaultKind.UPDATE_UNKNOWN,
)


def market(*, progressive: bool) -> Drawn:
    found = drawn(SEED, sessions_of(DAYS))
    return evolve(found, latency=timedelta(seconds=3), progressive=progressive)


def traded(faults: list[Fault], progressive: bool) -> Outcome:
    outcome = run(FaultPlan(faults, SEED, DAYS), Trading, market(progressive=progressive))
    assert outcome.violations == ()
    return outcome


@pytest.fixture(scope="module", params=[False, True], ids=["market", "progressive limit"])
def progressive(request):
    return request.param


@pytest.fixture(scope="module")
def undisturbed(progressive):
    outcome = traded([], progressive)
    return outcome.world.exchange.cash, outcome.world.exchange.held


@settings(max_examples=40)
@given(
    st.lists(
        st.builds(
            Fault,
            kind=st.sampled_from(STREAM),
            day=st.integers(0, 1),
            call=st.integers(1, 12),
            times=st.integers(1, 20),
            variant=st.integers(0, 1),
        ),
        max_size=6,
    )
)
def test_repeated_shuffled_lost_and_late_updates_end_in_the_same_account(
    progressive, undisturbed, faults
):
    outcome = traded(faults, progressive)
    held = outcome.world.exchange.held
    if progressive:
        # At another second another limit may be filled; what is held is the same.
        assert held == undisturbed[1]
    else:
        assert (outcome.world.exchange.cash, held) == undisturbed
