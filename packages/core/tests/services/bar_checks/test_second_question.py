"""Which symbols a second feed is asked for: those that jumped, then the most unusual moves."""

from datetime import timedelta

import numpy as np
from attrs import evolve

from alchemiser_core.config.check_settings import CheckSettings
from alchemiser_core.services.bar_checks import NO_FACTS, looked_at, second_question

SETTINGS = CheckSettings()


def question(history, settings=SETTINGS):
    return second_question(looked_at(history, settings, NO_FACTS), settings)


def test_a_move_that_a_quiet_symbol_does_not_make_comes_before_a_larger_one_that_is_usual(quiet):
    close = np.array(quiet.close)
    close[:, 4] = 50 * np.exp(np.linspace(0, 0.02, len(quiet)))  # hardly moves
    close[-1, 4] *= 1.03
    close[1::2, 5] = close[::2, 5] * 1.08  # moves by 8 % each day
    asked = question(evolve(quiet, close=close), CheckSettings(second_symbols=1))
    assert asked.symbols == ("S04",)


def test_symbols_that_jumped_come_first_and_are_asked_back_to_the_jump(quiet, scaled):
    history = scaled(-30, 7, 0.5)
    asked = question(history, CheckSettings(second_symbols=2))
    assert asked.symbols[0] == "S07"
    assert asked.start < history.session(len(history) - 31)
    assert asked.end == history.session(len(history) - 1)


def test_no_more_symbols_are_asked_for_than_are_set(quiet):
    assert len(question(quiet).symbols) == 8
    assert question(quiet, CheckSettings(second_symbols=0)) is None


def test_a_quiet_day_is_asked_for_no_longer_than_its_prices_need(quiet):
    asked = question(quiet)
    assert asked.end - asked.start <= timedelta(days=14)


def test_symbols_without_a_price_are_not_asked_for(quiet, with_close):
    assert (
        "S03" not in question(with_close(-1, 3, np.nan), CheckSettings(second_symbols=12)).symbols
    )


def test_nothing_is_asked_of_an_empty_history(quiet):
    assert question(quiet.rows(0, 0)) is None
    assert question(quiet.rows(0, 1)) is None


def test_a_shell_that_was_flat_for_months_can_be_asked_for(quiet, with_close):
    flat = with_close(slice(0, -1), 3, 10.0, with_close(-1, 3, 10.5))
    assert question(flat).symbols[0] == "S03"
    assert question(with_close(slice(None), 3, 10.0)) is not None
