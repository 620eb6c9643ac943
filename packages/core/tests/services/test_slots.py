import pytest
from returns.result import Failure, Success

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
    assert slot_of(None, decide_on) == Success(slot)


def test_a_slot_that_is_set_counts():
    assert slot_of("open", DecideOn.PREVIOUS_CLOSE) == Success(AFTER_OPEN)
    assert isinstance(slot_of("at noon", DecideOn.AFTER_CLOSE), Failure)
