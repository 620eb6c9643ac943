"""Settings of the checks of bars: policies, and moves that somebody has accepted."""

from datetime import date

import pytest

from alchemiser_core.config.check_settings import CheckSettings
from alchemiser_core.config.checks import SettingError


def test_accepted_moves_are_symbols_and_sessions():
    settings = CheckSettings(accepted=("SVXY 2018-02-06", "  brk-b   2024-01-02 "))
    assert settings.accepted_moves() == {
        ("SVXY", date(2018, 2, 6)),
        ("BRK.B", date(2024, 1, 2)),
    }


@pytest.mark.parametrize(
    "text",
    ["", "SVXY", "2018-02-06", "SVXY 2018-2-6", "SVXY 2018-02-30", "S*Y 2018-02-06", "A B C"],
)
def test_a_move_that_cannot_be_meant_is_refused(text):
    with pytest.raises(SettingError, match="the value is"):
        CheckSettings(accepted=(text,))
