"""Whatever a feed gives as a history, the checks have an answer to it."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from returns.result import Success

from alchemiser_core.config.check_settings import CheckPolicy, CheckSettings
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.corporate_actions import Split
from alchemiser_core.services.bar_checks import (
    BarFacts,
    SecondOpinion,
    check_bars,
    earlier_oddities,
    looked_at,
    second_question,
)

FIRST = date(2020, 1, 1)
PRICES = st.floats(allow_nan=True, allow_infinity=True, width=64) | st.sampled_from(
    [5e-324, 1e-9, 1.0, 2.0, 100.0, 6e11, 1.7e308]
)


@st.composite
def histories(draw):
    rows, columns = draw(st.integers(0, 14)), draw(st.integers(0, 4))
    days = sorted(draw(st.sets(st.integers(0, 40), min_size=rows, max_size=rows)))
    close = draw(arrays(np.float64, (rows, columns), elements=PRICES))
    volume = draw(st.none() | arrays(np.float64, (rows, columns), elements=PRICES))
    axis = np.datetime64(FIRST, "D") + np.array(days, dtype=int)
    names = tuple(Symbol(f"S{column}") for column in range(columns))
    return BarHistory(axis, names, close, volume=volume, carry=draw(st.integers(0, 6)))


DAYS = st.none() | st.integers(-5, 50).map(lambda count: FIRST + timedelta(days=count))
POLICIES = st.sampled_from(CheckPolicy)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(histories(), histories(), DAYS, DAYS, POLICIES, st.integers(0, 8))
def test_the_checks_raise_for_no_history(history, other, decides, completed, policy, sessions):
    own = CheckSettings(sessions=sessions, missing_bar=policy, jump=policy, bad_price=policy)
    second = SecondOpinion("other", history.symbols, other)
    split = Split(Symbol("S0"), Decimal(2), FIRST + timedelta(days=9))
    facts = BarFacts(decides, completed, "a test", (split,), second=second)
    checked = check_bars(history, own, facts)
    assert list(earlier_oddities(history, own, facts)) is not None
    question = second_question(looked_at(history, own, facts), own)
    assert question is None or set(question.symbols) <= set(history.symbols)
    if isinstance(checked, Success):
        bars = checked.unwrap()
        assert bars.history.symbols == history.symbols
        assert len(bars.known) == len(bars.history) <= len(history)
        dropped = {f.symbol for f in bars.findings if f.policy is CheckPolicy.DROP} - {None}
        assert dropped <= set(bars.history.missing_symbols) or not len(bars.history)
        if not bars.findings:
            assert bars.history is history
    else:
        assert checked.failure().problems()
