import numpy as np
import pytest
from attrs import evolve

from alchemiser_core.domain.measure import IndicatorKind, Measure
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

A, B, C, D = (Asset(symbol) for symbol in ("AAA", "BBB", "CCC", "DDD"))
PRICE = Measure(IndicatorKind.CURRENT_PRICE)


def above(symbol, level):
    return Condition(Comparator.GREATER, Indicator(PRICE, symbol), Constant(float(level)))


def top(measure, count, *children, select=Select.TOP):
    return Filter(measure, select, count, children)


def weights_on(strategy, history, row=-1):
    decisions = strategy.decide_all(history).unwrap()
    return {
        symbol: weight
        for symbol, weight in zip(decisions.symbols, decisions.weights[row], strict=True)
        if weight
    }


def test_equal_weight_splits_over_blocks_and_counts_duplicates_twice(strategy, history):
    bars = history({"AAA": [1.0], "BBB": [1.0]})
    assert weights_on(strategy(WeightEqual((A, A, B))), bars) == {
        "AAA": pytest.approx(2 / 3),
        "BBB": pytest.approx(1 / 3),
    }


def test_several_blocks_in_the_body_split_equally(strategy, history):
    assert weights_on(strategy(A, B), history({"AAA": [1.0], "BBB": [1.0]})) == {
        "AAA": 0.5,
        "BBB": 0.5,
    }


def test_shares_are_normalised_and_a_bundle_is_split_inside(strategy, history):
    bars = history({"AAA": [1.0], "BBB": [1.0], "CCC": [1.0]})
    block = WeightSpecified((3.0, 1.0), ((A,), (B, C)))
    assert weights_on(strategy(block), bars) == {"AAA": 0.75, "BBB": 0.125, "CCC": 0.125}


def test_a_share_of_zero_makes_no_demand_on_its_block(strategy, history):
    bars = history({"AAA": [1.0], "BBB": [np.nan]})
    block = WeightSpecified((1.0, 0.0), ((A,), (B,)))
    assert weights_on(strategy(block), bars) == {"AAA": 1.0}


def test_lesson_branch_of_several_blocks_is_one_block_to_its_parent(strategy, history):
    bars = history({"AAA": [1.0], "BBB": [1.0], "CCC": [1.0]})
    block = WeightEqual((A, If(above("AAA", 0), (B, C), ())))
    assert weights_on(strategy(block), bars) == {"AAA": 0.5, "BBB": 0.25, "CCC": 0.25}


def test_a_missing_else_leaves_the_weight_in_cash(strategy, history):
    bars = history({"AAA": [1.0], "BBB": [1.0]})
    block = WeightEqual((A, If(above("AAA", 5), (B,), ())))
    assert weights_on(strategy(block), bars) == {"AAA": 0.5}


def test_a_branch_not_taken_may_be_undecidable(strategy, history):
    young = Condition(
        Comparator.GREATER,
        Indicator(Measure(IndicatorKind.MOVING_AVERAGE_PRICE, (200,)), "BBB"),
        Constant(0.0),
    )
    block = If(above("AAA", 5), (If(young, (A,), (B,)),), (A,))
    assert weights_on(strategy(block), history({"AAA": [1.0], "BBB": [1.0]})) == {"AAA": 1.0}


def test_a_filter_takes_the_highest_or_the_lowest_and_ties_go_to_the_earlier(strategy, history):
    bars = history({"AAA": [2.0], "BBB": [3.0], "CCC": [3.0], "DDD": [1.0]})
    assert weights_on(strategy(top(PRICE, 1, A, B, C)), bars) == {"BBB": 1.0}
    lowest = top(PRICE, 2, A, B, C, D, select=Select.BOTTOM)
    assert weights_on(strategy(lowest), bars) == {"AAA": 0.5, "DDD": 0.5}


def test_more_than_there_are_takes_all(strategy, history):
    bars = history({"AAA": [2.0], "BBB": [3.0]})
    assert weights_on(strategy(top(PRICE, 9, A, B)), bars) == {"AAA": 0.5, "BBB": 0.5}


def test_an_asset_listed_twice_in_a_filter_is_one_candidate_but_groups_are_not(strategy, history):
    bars = history({"AAA": [3.0, 3.0], "BBB": [1.0, 1.0]})
    assert weights_on(strategy(top(PRICE, 2, A, A, B)), bars) == {"AAA": 0.5, "BBB": 0.5}
    twice = top(PRICE, 2, Group("x", (A,)), Group("x", (A,)), B)
    assert weights_on(strategy(twice), history({"AAA": [1.0] * 2, "BBB": [0.5] * 2})) == {
        "AAA": 1.0
    }


def test_lesson_groups_of_one_name_do_not_share_a_result(strategy, history):
    bars = history({"AAA": [1.0], "BBB": [1.0]})
    block = WeightEqual((Group("same", (A,)), Group("same", (B,))))
    assert weights_on(strategy(block), bars) == {"AAA": 0.5, "BBB": 0.5}


def test_lesson_a_young_ticker_is_left_out_and_never_wins(strategy, history, walk_of):
    young = np.full(300, np.nan)
    young[-5:] = 50.0
    bars = history({"AAA": walk_of(1), "BBB": young})
    lowest = top(Measure(IndicatorKind.STDEV_RETURN, (20,)), 1, A, B, select=Select.BOTTOM)
    assert weights_on(strategy(lowest), bars) == {"AAA": 1.0}


def test_all_candidates_out_is_undecidable(strategy, history):
    bars = history({"AAA": [1.0, 1.0]})
    block = top(Measure(IndicatorKind.CUMULATIVE_RETURN, (5,)), 1, A)
    assert len(strategy(block).decide_all(bars).unwrap().rows) == 0


def own_series(strategy, history, block):
    """What a portfolio that follows the block alone is worth, by a plain loop."""
    decisions = strategy(block).decide_all(history).unwrap()
    closes = history.close[:, [history.columns[s] for s in decisions.symbols]]
    index = [1.0]
    for t in range(len(decisions.rows) - 1):
        row = decisions.rows[t]
        assert decisions.rows[t + 1] == row + 1
        index.append(index[-1] * (1 + decisions.weights[t] @ (closes[row + 1] / closes[row] - 1)))
    return np.array(index)


def test_lesson_a_block_is_measured_by_its_own_series_over_any_window(strategy, history, walk_of):
    bars = history({"AAA": walk_of(1), "BBB": walk_of(2), "CCC": walk_of(3)})
    switching = If(above("AAA", 100), (B,), (WeightEqual((A, C)),))
    index = own_series(strategy, bars, switching)
    measure = Measure(IndicatorKind.CUMULATIVE_RETURN, (120,))  # far more than 45 calendar days
    ranked = strategy(top(measure, 1, Group("g", (switching,)), A))
    decisions = ranked.decide_all(bars).unwrap()
    closes = bars.close[:, bars.columns["AAA"]]
    for line, row in enumerate(decisions.rows):
        by_group = index[row] / index[row - 120] > closes[row] / closes[row - 120]
        alone = {"AAA": 1.0}
        group = weights_on(strategy(switching), bars, row)
        held = dict(zip(decisions.symbols, decisions.weights[line], strict=True))
        expected = group if by_group else alone
        assert {s: w for s, w in held.items() if w} == expected


def test_lesson_max_drawdown_ranks_groups_and_assets_the_same_way(strategy, history):
    calm = [100.0, 101.0, 102.0, 103.0, 104.0, 105.0]
    wild = [100.0, 150.0, 60.0, 80.0, 90.0, 95.0]
    bars = history({"AAA": calm, "BBB": wild})
    measure = Measure(IndicatorKind.MAX_DRAWDOWN, (4,))
    for first, second in ((A, B), (Group("a", (A,)), Group("b", (B,)))):
        least = top(measure, 1, first, second, select=Select.BOTTOM)
        most = top(measure, 1, first, second)
        assert weights_on(strategy(least), bars, -3) == {"AAA": 1.0}
        assert weights_on(strategy(most), bars, -3) == {"BBB": 1.0}


def test_lesson_inverse_volatility_of_groups_uses_their_own_series(strategy, history, walk_of):
    bars = history({"AAA": walk_of(1), "BBB": walk_of(2, volatility=0.03), "CCC": walk_of(3)})
    switching = If(above("AAA", 100), (B,), (C,))
    index = own_series(strategy, bars, switching)
    deviation = [
        np.std(series[-20:] / series[-21:-1] - 1, ddof=1)
        for series in (index, bars.close[:, bars.columns["AAA"]])
    ]
    share = (1 / deviation[0]) / (1 / deviation[0] + 1 / deviation[1])
    block = WeightInverseVolatility(20, (Group("g", (switching,)), A))
    held = weights_on(strategy(block), bars)
    assert held["AAA"] == pytest.approx(1 - share, rel=1e-12)


def test_a_volatility_of_exactly_zero_is_undecidable(strategy, history):
    bars = history({"AAA": [1.0, 2.0, 1.0, 2.0], "BBB": [1.0] * 4})
    block = WeightInverseVolatility(2, (A, B))
    assert len(strategy(block).decide_all(bars).unwrap().rows) == 0


def test_a_block_series_starts_anew_where_a_held_price_is_gone(strategy, history):
    gap = [1.0, 1.0, 1.0, *[np.nan] * 7, 9.0, 9.0, 9.0, 9.0]
    steady = [float(n) for n in range(10, 24)]
    bars = history({"AAA": gap, "BBB": steady})
    measure = Measure(IndicatorKind.CUMULATIVE_RETURN, (2,))
    decisions = strategy(top(measure, 1, Group("g", (A,)), Group("h", (A,)))).decide_all(bars)
    assert decisions.unwrap().rows.tolist() == [2, 12, 13]


def test_a_carried_price_counts_inside_a_window_but_never_on_the_day(strategy, history):
    bars = history({"AAA": [1.0, np.nan, 2.0, 4.0], "BBB": [1.0] * 4})
    measure = Measure(IndicatorKind.CUMULATIVE_RETURN, (2,))
    decisions = strategy(top(measure, 1, A)).decide_all(bars).unwrap()
    assert decisions.rows.tolist() == [2, 3]


def test_lesson_a_missing_ticker_follows_the_same_rules_everywhere(strategy, history):
    bars = history({"AAA": [1.0, 2.0]})  # BBB is not even a column
    assert weights_on(strategy(top(PRICE, 1, A, B)), bars) == {"AAA": 1.0}
    assert len(strategy(WeightEqual((A, B))).decide_all(bars).unwrap().rows) == 0
    assert len(strategy(If(above("BBB", 0), (A,), (A,))).decide_all(bars).unwrap().rows) == 0


def test_a_bad_price_counts_as_missing(strategy, history):
    bars = history({"AAA": [1.0, -1.0, 0.0, np.inf, 2.0]})
    assert strategy(A).decide_all(bars).unwrap().rows.tolist() == [0, 4]


def test_the_path_changes_where_an_outcome_on_it_does(strategy, history):
    bars = history({"AAA": [1.0, 9.0, 9.0, 1.0, 1.0], "BBB": [2.0, 2.0, 3.0, 3.0, 1.0]})
    hidden = If(above("BBB", 2.5), (A,), (B,))
    block = If(above("AAA", 5), (A,), (hidden,))
    decisions = strategy(block).decide_all(bars).unwrap()
    assert decisions.path_changed.tolist() == [False, True, False, True, True]


def test_changed_inverse_volatility_weights_are_no_change_of_path(strategy, history, walk_of):
    bars = history({"AAA": walk_of(1), "BBB": walk_of(2)})
    decisions = strategy(WeightInverseVolatility(10, (A, B))).decide_all(bars).unwrap()
    assert not decisions.path_changed.any()
    assert len(np.unique(decisions.weights[:, 0])) > 100


def test_lesson_the_order_of_evaluation_makes_no_difference(strategy, history, walk_of):
    bars = history({"AAA": walk_of(1), "BBB": walk_of(2), "CCC": walk_of(3)})
    measure = Measure(IndicatorKind.RSI, (10,))
    inner = Group("inner", (top(measure, 1, Group("b", (B,)), Group("c", (C,))),))
    first = weights_on(strategy(WeightEqual((inner, top(measure, 1, inner, A)))), bars)
    last = weights_on(strategy(WeightEqual((top(measure, 1, inner, A), inner))), bars)
    assert first == last


def test_a_tree_two_thousand_deep_is_decided(strategy, history):
    block = A
    for level in range(2000):
        block = If(above("AAA", level % 2), (block,), (B,))
    bars = history({"AAA": [3.0, 3.0], "BBB": [1.0, 1.0]})
    assert weights_on(strategy(block), bars) == {"AAA": 1.0}
    explained = strategy(block).decide(bars, bars.session(1)).unwrap()
    assert explained.weights == {"AAA": 1.0}


def test_identical_subtrees_are_one_node(strategy):
    rule = If(above("AAA", 1), (B,), (C,))
    twin = If(above("AAA", 1), (Asset("BBB"),), (Asset("CCC"),))
    assert len(strategy(WeightEqual((rule, twin))).program.nodes) == 4


def test_a_decision_is_the_row_of_the_same_date_and_later_bars_change_nothing(
    strategy, history, walk_of
):
    closes = {"AAA": walk_of(1), "BBB": walk_of(2), "CCC": walk_of(3)}
    bars = history(closes)
    rsi = Measure(IndicatorKind.RSI, (7,))
    block = If(
        Condition(Comparator.GREATER, Indicator(rsi, "AAA"), Indicator(rsi, "BBB")),
        (WeightInverseVolatility(12, (A, Group("g", (top(rsi, 1, B, C),)))),),
        (B,),
    )
    decisions = strategy(block).decide_all(bars).unwrap()
    for line in range(0, len(decisions.rows), 17):
        day = bars.session(int(decisions.rows[line]))
        decided = strategy(block).decide(bars, day).unwrap()
        row = decisions.weights[line]
        assert decided.weights == {
            s: w for s, w in zip(decisions.symbols, row.tolist(), strict=True) if w
        }


def test_how_long_a_price_is_carried_is_said_by_the_history(strategy, history):
    bars = history({"AAA": [1.0, np.nan, np.nan, 2.0], "BBB": [1.0] * 4})
    block = top(Measure(IndicatorKind.CUMULATIVE_RETURN, (3,)), 1, A)
    assert strategy(block).decide_all(bars).unwrap().rows.tolist() == [3]
    assert len(strategy(block).decide_all(evolve(bars, carry=1)).unwrap().rows) == 0
