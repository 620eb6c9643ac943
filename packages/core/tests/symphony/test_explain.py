from datetime import date

import numpy as np
import pytest

from alchemiser_core.domain.measure import IndicatorKind, Measure
from alchemiser_core.domain.reasons import (
    BlockReason,
    ConditionReason,
    FilterReason,
    HoldReason,
    Measured,
    ShareReason,
)
from alchemiser_core.domain.undecidable import (
    AllLeftOut,
    InsufficientHistory,
    NoPrice,
    NoSession,
    Undecidable,
    ZeroVolatility,
)
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
    WeightEqual,
    WeightInverseVolatility,
    WeightSpecified,
)

A, B, C = (Asset(symbol) for symbol in ("AAA", "BBB", "CCC"))
PRICE = Measure(IndicatorKind.CURRENT_PRICE)
RETURN_2 = Measure(IndicatorKind.CUMULATIVE_RETURN, (2,))
LAST = date(2030, 1, 1)


def above(symbol, level, measure=PRICE):
    return Condition(Comparator.GREATER, Indicator(measure, symbol), Constant(float(level)))


def test_a_condition_says_both_values_the_margin_and_the_branch(strategy, history):
    decision = strategy(If(above("AAA", 5), (A,), (B,))).decide(
        history({"AAA": [7.5], "BBB": [1.0]}), LAST
    )
    (reason,) = decision.unwrap().reasons
    assert reason == ConditionReason(
        left="current-price of AAA",
        left_value=7.5,
        comparator=">",
        right="5",
        right_value=5.0,
        outcome=True,
        margin=2.5,
        fragile=False,
        because=(HoldReason("AAA"),),
        left_of=Measured(PRICE, "AAA"),
    )


def test_what_was_measured_on_a_symbol_is_named_and_a_block_has_none(strategy, history):
    group = Group("both", (B, C))
    tree = WeightEqual((Filter(RETURN_2, Select.TOP, 1, (A, group)),))
    prices = {"AAA": [1.0, 1.1, 1.3], "BBB": [1.0, 1.0, 1.1], "CCC": [2.0, 2.0, 2.1]}
    (reason,) = strategy(tree).decide(history(prices), LAST).unwrap().reasons
    named = {candidate.label: candidate.measured for candidate in reason.ranking}
    assert named["AAA"] == Measured(RETURN_2, "AAA")
    assert str(named["AAA"]) == "cumulative-return 2 of AAA"
    assert [m for label, m in named.items() if label != "AAA"] == [None]


def test_a_filter_says_the_ranking_best_first_and_who_was_left_out(strategy, history):
    bars = history({"AAA": [1.0, 1, 2], "BBB": [1.0, 1, 3], "CCC": [np.nan, np.nan, 1]})
    block = Filter(RETURN_2, Select.TOP, 1, (A, B, C))
    decision = strategy(block).decide(bars, LAST).unwrap()
    (reason,) = decision.reasons
    assert isinstance(reason, FilterReason)
    assert [(c.label, c.score, c.chosen) for c in reason.ranking] == [
        ("BBB", pytest.approx(200.0), True),
        ("AAA", pytest.approx(100.0), False),
        ("CCC", None, False),
    ]
    assert reason.margin == pytest.approx(100.0)
    (out,) = decision.left_out
    assert out.label == "CCC"
    assert "needs 3 bars, 1 are there" in out.reason


def test_a_bottom_filter_ranks_the_lowest_first(strategy, history):
    bars = history({"AAA": [3.0], "BBB": [1.0], "CCC": [2.0]})
    block = Filter(PRICE, Select.BOTTOM, 1, (A, B, C))
    (reason,) = strategy(block).decide(bars, LAST).unwrap().reasons
    assert [c.label for c in reason.ranking] == ["BBB", "CCC", "AAA"]
    assert reason.margin == -1.0


def test_shares_and_groups_are_named(strategy, history):
    bars = history({"AAA": [1.0], "BBB": [1.0]})
    block = WeightSpecified((3.0, 0.0, 1.0), ((A,), (C,), (Group("calm", (B,)),)))
    assert strategy(block).decide(bars, LAST).unwrap().reasons == (
        ShareReason(0.75, (HoldReason("AAA"),)),
        ShareReason(0.25, (BlockReason("“calm”", (HoldReason("BBB"),)),)),
    )


def test_inverse_volatility_says_each_share(strategy, history):
    bars = history({"AAA": [1.0, 2, 1, 2], "BBB": [4.0, 8, 4, 8]})
    block = WeightInverseVolatility(2, (A, B))
    (reason,) = strategy(block).decide(bars, LAST).unwrap().reasons
    assert [share.share for share in reason.because] == [0.5, 0.5]
    own = Measure(IndicatorKind.STDEV_RETURN, (2,))
    assert [(each.measured, each.score) for each in reason.weighed] == [
        (Measured(own, "AAA"), pytest.approx(106.066, abs=0.001)),
        (Measured(own, "BBB"), pytest.approx(106.066, abs=0.001)),
    ]


def test_an_empty_branch_holds_cash(strategy, history):
    decision = strategy(If(above("AAA", 5), (A,), ())).decide(history({"AAA": [1.0]}), LAST)
    assert decision.unwrap().reasons[0].because == (HoldReason("CASH"),)
    assert decision.unwrap().cash == 1.0


@pytest.mark.parametrize(("level", "fragile"), [(100.0, True), (90.0, False)])
def test_a_margin_is_fragile_when_small_beside_its_usual_deviation(
    strategy, history, level, fragile
):
    prices = 100.0 + 5.0 * np.sin(np.arange(80.0))
    prices[-1] = 100.01
    bars = history({"AAA": prices, "BBB": prices})
    (reason,) = strategy(If(above("AAA", level), (A,), (B,))).decide(bars, LAST).unwrap().reasons
    deviation = (prices[-60:] - level).std(ddof=1)
    assert bool(abs(reason.margin) < 0.05 * deviation) is fragile
    assert reason.fragile is fragile


def test_a_close_ranking_is_fragile(strategy, history):
    wave = 5.0 * np.sin(np.arange(80.0))
    first, second = 100.0 + wave, 100.0 - wave
    first[-1], second[-1] = 100.01, 100.0
    bars = history({"AAA": first, "BBB": second})
    block = Filter(PRICE, Select.TOP, 1, (A, B))
    (reason,) = strategy(block).decide(bars, LAST).unwrap().reasons
    assert reason.fragile


def test_a_carried_price_inside_a_window_used_is_named(strategy, history):
    bars = history({"AAA": [1.0, 1.0, np.nan, 1.0], "BBB": [1.0, np.nan, 1.0, 1.0]})
    block = If(above("AAA", -5, RETURN_2), (WeightEqual((A, B)),), ())
    decision = strategy(block).decide(bars, LAST).unwrap()
    assert [(c.symbol, c.sessions) for c in decision.carried] == [("AAA", (date(2024, 1, 3),))]


def causes_of(strategy, bars, *blocks):
    error = strategy(*blocks).decide(bars, LAST).failure()
    assert isinstance(error, Undecidable)
    return error.causes


def test_every_cause_on_the_path_is_named_and_none_beside_it(strategy, history):
    bars = history({"AAA": [1.0, 1.0], "BBB": [1.0, np.nan]})
    short = If(above("AAA", 0, Measure(IndicatorKind.RSI, (10,))), (A,), (A,))
    beside = If(above("AAA", 0), (A,), (Asset("CCC"),))
    assert causes_of(strategy, bars, WeightEqual((short, B, beside))) == (
        InsufficientHistory("AAA", "rsi 10", 11, 2),
        NoPrice("BBB", date(2024, 1, 2)),
    )


def test_a_long_history_that_ends_too_early_is_not_called_too_short(strategy, history):
    bars = history({"AAA": [1.0] * 20 + [np.nan], "BBB": [1.0] * 21})
    block = If(above("AAA", 0, Measure(IndicatorKind.RSI, (10,))), (B,), (B,))
    error = strategy(block).decide(bars, date(2024, 1, 21)).failure()
    (problem,) = error.problems()
    assert problem.why == "AAA has no price of its own on the decision date"
    assert "alchemiser data info AAA" in problem.hint
    assert "--substitute AAA=OTHER" in problem.hint
    (of_a_block,) = InsufficientHistory("“calm”", "rsi 10", 11, 0).problems()
    assert of_a_block.why == "“calm” has no price of its own on the decision date"
    assert "data info" not in of_a_block.hint
    (short,) = InsufficientHistory("AAA", "rsi 10", 11, 2).problems()
    assert "load more history" in short.hint


def test_a_filter_without_candidates_names_each_and_what_stands_behind_it(strategy, history):
    bars = history({"AAA": [1.0, 1.0]})
    block = Filter(RETURN_2, Select.TOP, 1, (A, Group("g", (B,))))
    cause, behind = causes_of(strategy, bars, block)
    assert isinstance(cause, AllLeftOut)
    assert behind == NoPrice("BBB", date(2024, 1, 2))
    assert [out.label for out in cause.candidates] == ["AAA", "“g”"]
    assert "undecidable" in cause.candidates[1].reason


def test_inverse_volatility_names_zero_missing_and_short_series(strategy, history):
    bars = history({"AAA": [1.0, 1, 1, 1], "BBB": [np.nan, np.nan, 1, 1]})
    young = Group("young", (B,))
    dead = Group("dead", (C,))
    causes = causes_of(strategy, bars, WeightInverseVolatility(2, (A, B, young, dead)))
    assert causes == (
        ZeroVolatility("AAA", 2),
        InsufficientHistory("BBB", "stdev-return 2", 3, 2),
        InsufficientHistory("“young”", "stdev-return 2", 3, 2),
        NoPrice("CCC", date(2024, 1, 4)),
    )
    for cause in causes:
        assert all(problem.what for problem in cause.problems())


def test_a_share_of_zero_is_no_cause(strategy, history):
    block = WeightSpecified((1.0, 0.0), ((A,), (B,)))
    assert causes_of(strategy, history({"CCC": [1.0]}), block) == (
        NoPrice("AAA", date(2024, 1, 1)),
    )


def test_before_the_first_session_there_is_nothing_to_decide(strategy, history):
    error = strategy(A).decide(history({"AAA": [1.0]}), date(2020, 1, 1)).failure()
    assert error == NoSession(date(2020, 1, 1))


def test_requirements_tell_traded_from_watched_and_the_bars_of_nested_rules(strategy):
    nested = Filter(RETURN_2, Select.TOP, 1, (Group("g", (If(above("CCC", 1), (A,), (B,)),)), B))
    outer = WeightInverseVolatility(20, (Group("h", (nested,)), A))
    needed = strategy(outer).requirements
    assert (needed.traded, needed.watched) == (("AAA", "BBB"), ("CCC",))
    # RSI-like rule 1 bar, own series of the group 3 bars, own series of the filter 21 more
    assert needed.warm_up == 3 + 21 - 1


def test_a_huge_constant_is_compared_without_overflow(strategy, history):
    bars = history({"AAA": [1.0, 2.0, 3.0]})
    (reason,) = strategy(If(above("AAA", 1.8e305), (A,), (A,))).decide(bars, LAST).unwrap().reasons
    assert not reason.outcome
    assert not reason.fragile


def test_a_carried_price_inside_the_own_series_of_a_block_is_named(strategy, history):
    bars = history({"AAA": [1.0, 2, np.nan, np.nan, 3, 4, 5], "BBB": [1.0] * 7})
    block = Filter(
        Measure(IndicatorKind.CUMULATIVE_RETURN, (1,)),
        Select.TOP,
        1,
        (Group("g", (WeightEqual((A, B)),)), B),
    )
    six = bars.at(date(2024, 1, 6))
    assert strategy(block).decide(six, LAST).unwrap().carried == ()
    longer = Filter(Measure(IndicatorKind.CUMULATIVE_RETURN, (4,)), Select.TOP, 1, block.children)
    decision = strategy(longer).decide(bars, LAST).unwrap()
    assert [c.symbol for c in decision.carried] == ["AAA"]


@pytest.mark.parametrize(("part", "fragile"), [(0.04, True), (0.06, False)])
def test_a_twentieth_of_the_usual_deviation_divides_fragile_from_firm(
    strategy, history, part, fragile
):
    prices = 100.0 + 5.0 * np.sin(np.arange(80.0))
    level = prices[-1] - part * prices[-60:].std(ddof=1)
    bars = history({"AAA": prices})
    (reason,) = strategy(If(above("AAA", level), (A,), ())).decide(bars, LAST).unwrap().reasons
    assert reason.outcome
    assert reason.fragile is fragile
