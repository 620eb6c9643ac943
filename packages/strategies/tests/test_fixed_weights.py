"""The fixed split: same weights every day, and no weights where a price is missing."""

from datetime import date

import numpy as np
import pytest

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.decision import Requirements
from alchemiser_core.domain.reasons import HoldReason, ShareReason
from alchemiser_core.domain.rebalance_policy import Frequency, RebalancePolicy
from alchemiser_core.domain.undecidable import NoPrice, NoSession, Undecidable
from alchemiser_core.services.collect_targets import decide_all
from alchemiser_strategies.fixed_weights import FixedWeights

STRATEGY = FixedWeights("sixty-forty", {"SPY": 0.6, "AGG": 0.4}, Frequency.QUARTERLY)
DAYS = np.array(["2024-01-02", "2024-01-03", "2024-01-05"], dtype="datetime64[D]")


def bars(spy, agg):
    return BarHistory(DAYS, ("AGG", "SPY"), np.array([agg, spy], dtype=float).T)


def test_it_asks_for_its_symbols_and_one_bar():
    assert STRATEGY.requirements == Requirements(("AGG", "SPY"), (), 1)
    assert STRATEGY.policy == RebalancePolicy(Frequency.QUARTERLY)


def test_it_decides_the_same_weights_and_says_what_each_share_holds():
    decision = STRATEGY.decide(bars([1, 2, 3], [4, 5, 6]), date(2024, 1, 4)).unwrap()

    assert decision.as_of == date(2024, 1, 3)
    assert decision.weights == {"SPY": 0.6, "AGG": 0.4}
    assert decision.reasons == (
        ShareReason(0.6, (HoldReason("SPY"),)),
        ShareReason(0.4, (HoldReason("AGG"),)),
    )


@pytest.mark.parametrize("price", [np.nan, 0.0, -1.0, np.inf])
def test_a_price_that_is_missing_or_cannot_be_makes_the_day_undecidable(price):
    found = STRATEGY.decide(bars([1, price, 3], [4, price, 6]), date(2024, 1, 3)).failure()

    day = date(2024, 1, 3)
    assert found == Undecidable(day, (NoPrice("SPY", day), NoPrice("AGG", day)))


def test_a_symbol_that_the_history_does_not_have_has_no_price():
    only_stocks = BarHistory(DAYS, ("SPY",), np.ones((3, 1)))

    found = STRATEGY.decide(only_stocks, date(2024, 1, 5)).failure()

    assert found.causes == (NoPrice("AGG", date(2024, 1, 5)),)


def test_before_the_first_session_there_is_nothing_to_decide():
    found = STRATEGY.decide(bars([1, 2, 3], [4, 5, 6]), date(2024, 1, 1)).failure()

    assert found == NoSession(date(2024, 1, 1))


def test_the_core_derives_all_sessions_from_single_ones():
    decisions = decide_all(STRATEGY, bars([1, np.nan, 3], [4, 5, 6])).unwrap()

    assert decisions.rows.tolist() == [0, 2]
    assert decisions.symbols == ("AGG", "SPY")
    assert decisions.weights.tolist() == [[0.4, 0.6], [0.4, 0.6]]
