import pytest

from alchemiser_core.config.settings import DecideOn
from alchemiser_core.domain.schedule import AFTER_OPEN, BEFORE_CLOSE
from alchemiser_core.services.slots import slot_of


@pytest.mark.parametrize(
    ("decide_on", "slot"),
    [
        (DecideOn.PREVIOUS_CLOSE, BEFORE_CLOSE),
        (DecideOn.PROVISIONAL, BEFORE_CLOSE),
        (DecideOn.AFTER_CLOSE, AFTER_OPEN),
    ],
)
def test_the_default_slot_is_where_the_deciding_bars_are_traded(decide_on, slot):
    assert slot_of(None, decide_on) == slot


@pytest.mark.parametrize("decide_on", list(DecideOn))
def test_a_slot_that_is_set_counts(decide_on):
    for slot in (AFTER_OPEN, BEFORE_CLOSE):
        assert slot_of(slot, decide_on) == slot
