"""Faults that systems like this one had, and that no other test of the engine names."""

import numpy as np
import pytest

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.measure import IndicatorKind, Measure
from alchemiser_core.domain.reasons import FilterReason
from alchemiser_core.symphony.ast import (
    Asset,
    Comparator,
    Condition,
    Constant,
    Filter,
    Group,
    If,
    Indicator,
    Select,
)

A, B = Asset("AAA"), Asset("BBB")
OF_ANY_LEVEL = [
    Measure(IndicatorKind.CUMULATIVE_RETURN, (20,)),
    Measure(IndicatorKind.MOVING_AVERAGE_RETURN, (20,)),
    Measure(IndicatorKind.STDEV_RETURN, (20,)),
    Measure(IndicatorKind.MAX_DRAWDOWN, (20,)),
    Measure(IndicatorKind.RSI, (10,)),
    Measure(IndicatorKind.PPO, (5, 12)),
]
"""Indicators that do not depend on the level of prices: an index that starts at 1 has the same."""


def scores(strategy, history, day):
    (ranking,) = (
        reason
        for reason in strategy.decide(history, day).unwrap().reasons
        if isinstance(reason, FilterReason)
    )
    return [candidate.score for candidate in ranking.ranking]


@pytest.mark.parametrize("measure", OF_ANY_LEVEL, ids=lambda measure: measure.kind.value)
def test_lesson_one_rule_for_a_group_and_an_asset(strategy, history, walk_of, measure):
    bars = history({"AAA": walk_of(1), "BBB": walk_of(2)})
    for row in (40, 150, 299):
        day = bars.session(row)
        assets = strategy(Filter(measure, Select.TOP, 1, (A, B)))
        groups = strategy(Filter(measure, Select.TOP, 1, (Group("a", (A,)), Group("b", (B,)))))
        of_groups = scores(groups, bars, day)
        assert of_groups == pytest.approx(scores(assets, bars, day), rel=1e-9)


def test_lesson_nested_series_do_not_run_out_of_bars_in_the_past(strategy, history, walk_of):
    bars = history({"AAA": walk_of(1), "BBB": walk_of(2)})
    cumulative = Measure(IndicatorKind.CUMULATIVE_RETURN, (30,))
    switching = If(
        Condition(
            Comparator.GREATER,
            Indicator(Measure(IndicatorKind.RSI, (10,)), "AAA"),
            Constant(50.0),
        ),
        (A,),
        (B,),
    )
    inner = Filter(cumulative, Select.TOP, 1, (Group("x", (switching,)),))
    nested = strategy(Filter(cumulative, Select.TOP, 1, (Group("y", (inner,)),)))
    first = 10 + 30 + 30  # rsi, the inner ranking, the outer one
    days = nested.decide_all(bars).unwrap().rows
    assert days[0] == first
    assert len(days) == len(bars) - first
    for row in (first, first + 1, 120):
        known = BarHistory(bars.sessions[: row + 1], bars.symbols, bars.close[: row + 1])
        long_ago = nested.decide(known, bars.session(row)).unwrap()
        assert long_ago == nested.decide(bars, bars.session(row)).unwrap()
        assert np.isfinite(scores(nested, known, bars.session(row))).all()
