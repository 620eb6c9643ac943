"""Which session decides."""

from datetime import date

import pytest

from alchemiser_core.config.settings import DecideOn
from alchemiser_core.services.trading import deciding_session
from alchemiser_core.testing.bars import history_of

BARS = history_of({"A": [1.0] * 5})  # Wednesday 2020-01-01 to Tuesday 2020-01-07
LATER = [DecideOn.PREVIOUS_CLOSE, DecideOn.AFTER_CLOSE]


@pytest.mark.parametrize("decide_on", LATER)
def test_lesson_the_session_before_decides_whatever_bars_of_the_day_are_there(decide_on) -> None:
    monday = date(2020, 1, 6)
    assert deciding_session(decide_on, monday, BARS.sessions).unwrap() == date(2020, 1, 3)
    wednesday = date(2020, 1, 8)
    assert deciding_session(decide_on, wednesday, BARS.sessions).unwrap() == date(2020, 1, 7)


def test_provisional_bars_decide_their_own_day() -> None:
    day = date(2020, 1, 6)
    assert deciding_session(DecideOn.PROVISIONAL, day, BARS.sessions).unwrap() == day


def test_without_the_bars_that_decide_nothing_is_decided() -> None:
    for decide_on in LATER:
        error = deciding_session(decide_on, date(2020, 1, 1), BARS.sessions).failure()
        assert error.last is None
        assert "there are none" in error.problems()[0].why
    error = deciding_session(DecideOn.PROVISIONAL, date(2020, 1, 8), BARS.sessions).failure()
    assert error.last == date(2020, 1, 7)
    assert "2020-01-07" in error.problems()[0].why
