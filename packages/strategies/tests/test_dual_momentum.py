"""Dual momentum on prices small enough to see the answer."""

from datetime import date

import numpy as np
import pytest

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.decision import Carried, Requirements
from alchemiser_core.domain.reasons import HoldReason
from alchemiser_core.domain.rebalance_policy import Frequency, RebalancePolicy
from alchemiser_core.domain.undecidable import InsufficientHistory, NoPrice, NoSession
from alchemiser_strategies.dual_momentum import DualMomentum

SYMBOLS = ("SPY", "EFA", "BIL", "AGG")
STRATEGY = DualMomentum("dual-momentum", *SYMBOLS, window=2, frequency=Frequency.MONTHLY)


def bars(**closes):
    sessions = len(next(iter(closes.values())))
    days = np.busday_offset(np.datetime64("2024-01-01"), np.arange(sessions), roll="forward")
    return BarHistory(days, tuple(closes), np.array(list(closes.values()), dtype=float).T)


def held(history):
    return dict(STRATEGY.decide(history, date(2030, 1, 1)).unwrap().weights)


def test_it_watches_bills_and_needs_one_bar_more_than_its_window():
    assert STRATEGY.requirements == Requirements(("AGG", "EFA", "SPY"), ("BIL",), 3)
    assert STRATEGY.policy == RebalancePolicy(Frequency.MONTHLY)


def test_bills_that_are_also_traded_are_not_watched_as_well():
    cautious = DualMomentum("x", "SPY", "EFA", "BIL", "BIL", 2, Frequency.MONTHLY)

    assert cautious.requirements == Requirements(("BIL", "EFA", "SPY"), (), 3)


@pytest.mark.parametrize(
    ("spy", "efa", "bil", "expected"),
    [
        (110, 105, 101, "SPY"),
        (110, 115, 101, "EFA"),
        (110, 110, 101, "SPY"),
        (100, 115, 101, "AGG"),
        (101, 90, 101, "AGG"),
    ],
)
def test_stocks_that_beat_bills_are_held_where_they_are_stronger_else_bonds(
    spy, efa, bil, expected
):
    history = bars(SPY=[100, 50, spy], EFA=[100, 300, efa], BIL=[100, 100, bil], AGG=[1, 1, 1])

    assert held(history) == {expected: 1.0}


def test_the_reasons_follow_the_comparisons_made():
    history = bars(SPY=[100, 50, 110], EFA=[100, 300, 115], BIL=[100, 100, 101], AGG=[1, 1, 1])

    (first,) = STRATEGY.decide(history, date(2030, 1, 1)).unwrap().reasons

    assert (first.left, first.comparator, first.right) == (
        "cumulative-return 2 of SPY",
        ">",
        "cumulative-return 2 of BIL",
    )
    assert (first.left_value, first.right_value) == pytest.approx((10, 1))
    assert first.margin == pytest.approx(9)
    assert first.outcome
    (second,) = first.because
    assert second.right == "cumulative-return 2 of EFA"
    assert not second.outcome
    assert second.because == (HoldReason("EFA"),)


def test_a_margin_far_below_its_usual_size_is_fragile():
    history = bars(
        SPY=[100, 100, 120, 90, 120, 91], EFA=[100] * 6, BIL=[100] * 6, AGG=[1] * 6
    )  # SPY - BIL over two sessions: 20, -10, 0, 1.1

    (reason,) = STRATEGY.decide(history, history.session(4)).unwrap().reasons

    assert reason.margin == 0
    assert reason.fragile
    (later,) = STRATEGY.decide(history, history.session(5)).unwrap().reasons
    assert later.margin == pytest.approx(1.111, abs=1e-3)
    assert not later.fragile


def test_too_little_history_on_the_path_is_named():
    history = bars(SPY=[100, 50, 110], EFA=[np.nan, 1, 1], BIL=[np.nan, 1, 1], AGG=[1, 1, 1])

    found = STRATEGY.decide(history, date(2030, 1, 1)).failure()

    label = "cumulative-return 2"
    assert found.causes == (InsufficientHistory("BIL", label, 3, 2),)


def test_foreign_stocks_matter_only_where_stocks_beat_bills():
    falling = bars(SPY=[100, 50, 90], EFA=[np.nan] * 3, BIL=[1, 1, 1], AGG=[1, 1, 1])
    rising = bars(SPY=[100, 50, 110], BIL=[1, 1, 1], AGG=[1, 1, 1])

    assert held(falling) == {"AGG": 1.0}
    found = STRATEGY.decide(rising, date(2030, 1, 1)).failure()
    assert found.causes == (InsufficientHistory("EFA", "cumulative-return 2", 3, 0),)


def test_what_is_chosen_needs_a_price_of_its_own():
    history = bars(SPY=[100, 50, 90], EFA=[1, 1, 1], BIL=[1, 1, 1], AGG=[1, 1, np.nan])

    found = STRATEGY.decide(history, date(2030, 1, 1)).failure()

    assert found.causes == (NoPrice("AGG", history.session(2)),)


def test_a_price_carried_over_inside_the_window_is_named():
    history = bars(SPY=[100, np.nan, 90], EFA=[1, 1, 1], BIL=[1, 1, 1], AGG=[1, 1, 1])

    decision = STRATEGY.decide(history, date(2030, 1, 1)).unwrap()

    assert decision.carried == (Carried("SPY", (history.session(1),)),)


def test_before_the_first_session_there_is_nothing_to_decide():
    history = bars(SPY=[1.0], EFA=[1.0], BIL=[1.0], AGG=[1.0])

    assert STRATEGY.decide(history, date(2020, 1, 1)).failure() == NoSession(date(2020, 1, 1))


def test_all_sessions_at_once_equal_single_ones(synthetic_market):
    history = synthetic_market(SYMBOLS, 120, young={"EFA": 30})

    decisions = STRATEGY.decide_all(history).unwrap()

    rows = decisions.rows.tolist()
    for row in range(len(history)):
        alone = STRATEGY.decide(history, history.session(row)).value_or(None)
        assert (alone is not None) == (row in rows)
        if alone is not None:
            line = decisions.weights[rows.index(row)].tolist()
            together = dict(zip(decisions.symbols, line, strict=True))
            assert dict(alone.weights) == {s: w for s, w in together.items() if w}
    changes = (decisions.weights[1:] != decisions.weights[:-1]).any(axis=1)
    assert decisions.path_changed.tolist() == [False, *changes.tolist()]
    assert (decisions.weights.sum(axis=0) > 0).all()
