"""What of a source's answer is taken, whatever it holds."""

import numpy as np
import pytest
from attrs import evolve

from alchemiser_core.domain.bars import BarHistory, PriceBasis
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.bar_sync import taken
from alchemiser_core.testing.bars import history_of, wandering_history, weekdays

SPY, QQQ, TLT = Symbol("SPY"), Symbol("QQQ"), Symbol("TLT")


def last_of(history: BarHistory):
    return history.session(len(history) - 1)


def test_bars_are_taken_symbol_by_symbol_on_their_own_days():
    history = history_of({"SPY": [1.0, 2.0, 3.0], "QQQ": [None, 5.0, None], "TLT": [None] * 3})
    answer = taken(history, last_of(history))
    assert list(answer.bars) == [SPY, QQQ]
    assert answer.bars[QQQ].days.tolist() == [history.session(1)]
    assert np.isnan(answer.bars[SPY].open).all()
    assert answer.newest == last_of(history)


def test_full_bars_keep_every_value():
    history = wandering_history(["SPY"], 30)
    own = taken(history, last_of(history)).bars[SPY]
    for name in ("close", "open", "high", "low", "volume"):
        assert np.array_equal(getattr(own, name), getattr(history, name)[:, 0])


def test_the_bar_of_a_session_that_is_not_over_is_left_out_and_said():
    history = history_of({"SPY": [1.0, 2.0, 3.0]})
    answer = taken(history, history.session(1))
    assert answer.bars[SPY].close.tolist() == [1.0, 2.0]
    assert answer.running == (history.session(2),)


@pytest.mark.parametrize("price", [0.0, -1.0, float("inf"), 1e13])
def test_a_price_that_is_none_is_no_bar_and_is_counted(price):
    history = history_of({"SPY": [1.0, price, 3.0]})
    answer = taken(history, last_of(history))
    assert [(bad.symbol, bad.session, bad.value) for bad in answer.bad_prices] == [
        (SPY, history.session(1), price)
    ]
    assert len(answer.bars[SPY]) == 3
    assert np.isnan(answer.bars[SPY].close[1])


def test_basis_and_whether_prices_are_made_up_are_the_answers_own():
    history = evolve(history_of({"SPY": [1.0]}), basis=PriceBasis.RAW, synthetic=True)
    answer = taken(history, last_of(history))
    assert (answer.basis, answer.synthetic) == (PriceBasis.RAW, True)


def test_an_answer_without_a_session_up_to_then_is_empty():
    history = history_of({"SPY": [1.0, 2.0]}, weekdays(2))
    answer = taken(history, weekdays(1)[0].item().replace(year=2019))
    assert answer.bars == {}
    assert answer.newest is None
