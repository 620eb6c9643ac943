"""The back-test as a whole, on markets small enough to compute by hand."""

from datetime import date
from decimal import Decimal
from math import nan

import numpy as np
import pytest

from alchemiser_core.domain.allocation.blend import BadShares
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.rebalance_policy import Frequency, RebalancePolicy
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.backtest import (
    BacktestSettings,
    BadDecisions,
    EmptyRange,
    FillTiming,
    MissingOpen,
    NoOpens,
    StaleHolding,
    UnknownSymbols,
    UnpricedFills,
    backtest,
)

ONCE = RebalancePolicy(Frequency.NONE)


def run(history, *strategies, **settings):
    asked = {"start": history.session(0), **settings}
    return backtest(history, strategies, BacktestSettings(**asked))


def test_the_curve_starts_with_the_cash_before_the_first_trade(make_history, make_strategy) -> None:
    history = make_history([[100.0], [110.0], [99.0]])
    strategy = make_strategy(history, {0: {"A": 1.0}, 1: {"A": 1.0}, 2: {"A": 1.0}})
    result = run(history, strategy, cost_bps=Decimal(100)).unwrap()
    bought = 100_000 / 1.01  # E+ = E- - 0.01 E+
    np.testing.assert_allclose(result.curve.equity, [100_000, bought * 1.1, bought * 0.99])
    assert result.final_equity == pytest.approx(bought * 0.99)
    assert result.statistics.total_return == pytest.approx(0.99 / 1.01 - 1)
    assert result.costs == pytest.approx(100_000 - bought)
    assert (result.trades, result.sessions) == (1, 3)
    assert result.forced == ()
    assert (result.start, result.end) == (date(2020, 1, 6), date(2020, 1, 8))


def test_targets_apply_to_equity_after_costs(make_history, make_strategy) -> None:
    history = make_history([[100.0, 100.0], [100.0, 100.0]])
    strategy = make_strategy(history, {0: {"A": 1.0}, 1: {"A": 0.25, "B": 0.5}})
    result = run(history, strategy, cost_bps=Decimal(60), slippage_bps=Decimal(40)).unwrap()
    before = 100_000 / 1.01
    after = before / 1.01 * 1.01
    # E+ = E- - c (E- - E+/4 + E+/2)  ->  E+ (1 + c/4) = E- (1 - c)
    after = before * (1 - 0.01) / (1 + 0.01 / 4)
    assert result.final_equity == pytest.approx(after, rel=1e-14)
    np.testing.assert_allclose(result.positions.weights, [[1.0, 0.0], [0.25, 0.5]])
    sold, bought = result.fills[1], result.fills[2]
    assert (sold.side, bought.side) == ("sell", "buy")
    assert sold.value == pytest.approx(before - after / 4)
    assert bought.value == pytest.approx(after / 2)
    assert sold.cost == pytest.approx(sold.value / 100)


def test_turnover_counts_half_of_what_was_bought_and_sold(make_history, make_strategy) -> None:
    history = make_history([[100.0, 100.0]] * 253)
    weights = {row: ({"A": 1.0} if row % 2 else {"B": 1.0}) for row in range(253)}
    result = run(history, make_strategy(history, weights), cost_bps=Decimal(0)).unwrap()
    assert result.turnover == pytest.approx((1 + 2 * 252) / 2)


def test_an_undecidable_session_keeps_the_holdings_and_is_named(
    make_history, make_strategy
) -> None:
    history = make_history([[100.0, 100.0], [200.0, 100.0], [200.0, 100.0]])
    half = {"A": 0.5, "B": 0.5}
    result = run(history, make_strategy(history, {0: half, 2: half}), cost_bps=Decimal(0)).unwrap()
    np.testing.assert_allclose(result.positions.weights[1], [2 / 3, 1 / 3])
    np.testing.assert_allclose(result.positions.weights[2], [0.5, 0.5])
    assert result.undecidable == (history.session(1),)
    assert result.books[0].undecidable == (history.session(1),)


def test_before_anything_is_decidable_the_account_is_cash(make_history, make_strategy) -> None:
    history = make_history([[100.0], [110.0], [121.0], [133.1]])
    result = run(history, make_strategy(history, {2: {"A": 1.0}}, ONCE), cost_bps=Decimal(0))
    np.testing.assert_allclose(result.unwrap().curve.equity, [1e5, 1e5, 1e5, 1.1e5])
    np.testing.assert_allclose(result.unwrap().positions.weights[:, 0], [0, 0, 1, 1])
    assert result.unwrap().first_decidable == history.session(2)


# --- when fills happen -------------------------------------------------------------------------


def test_next_open_buys_at_the_open_after_the_decision(make_history, make_strategy) -> None:
    history = make_history([[100.0], [130.0], [130.0]], opens=[[90.0], [104.0], [125.0]])
    strategy = make_strategy(history, {0: {"A": 1.0}}, ONCE)
    result = run(history, strategy, fill=FillTiming.NEXT_OPEN, cost_bps=Decimal(0)).unwrap()
    np.testing.assert_allclose(result.curve.equity, [1e5, 1.25e5, 1.25e5])
    assert result.fills[0].price == 104.0
    assert result.fills[0].session == history.session(1)


def test_next_close_earns_nothing_on_the_day_after_the_decision(
    make_history, make_strategy
) -> None:
    history = make_history([[100.0], [130.0], [143.0]])
    strategy = make_strategy(history, {0: {"A": 1.0}}, ONCE)
    result = run(history, strategy, fill=FillTiming.NEXT_CLOSE, cost_bps=Decimal(0)).unwrap()
    np.testing.assert_allclose(result.curve.equity, [1e5, 1e5, 1.1e5])


def test_a_missing_open_is_an_error_that_names_symbol_and_session(
    make_history, make_strategy
) -> None:
    history = make_history([[100.0, 10.0]] * 3, opens=[[99.0, 9.0], [nan, 9.0], [99.0, 0.0]])
    strategy = make_strategy(history, {0: {"A": 1.0}, 1: {"A": 1.0, "B": 0.0}, 2: {"B": 1.0}})
    error = run(history, strategy, fill=FillTiming.NEXT_OPEN).failure()
    assert error == UnpricedFills(((Symbol("A"), history.session(1)),), "open")
    (problem,) = error.problems()
    assert problem.where == f"A {history.session(1)}"
    assert "missing-open" in problem.hint


def test_an_exit_needs_the_open_too_where_there_is_a_bar(make_history, make_strategy) -> None:
    history = make_history([[100.0, 10.0]] * 3, opens=[[99.0, 9.0], [99.0, 9.0], [nan, 9.0]])
    strategy = make_strategy(history, {0: {"A": 1.0}, 1: {"B": 1.0}})
    error = run(history, strategy, fill=FillTiming.NEXT_OPEN).failure()
    assert error == UnpricedFills(((Symbol("A"), history.session(2)),), "open")


def test_an_open_that_is_missing_where_nothing_is_traded_does_not_matter(
    make_history, make_strategy
) -> None:
    history = make_history([[100.0]] * 4, opens=[[nan], [99.0], [nan], [nan]])
    strategy = make_strategy(history, {0: {"A": 1.0}, 1: {"A": 1.0}}, ONCE)
    assert run(history, strategy, fill=FillTiming.NEXT_OPEN).unwrap().trades == 1


def test_the_close_stands_in_for_a_missing_open_when_asked(make_history, make_strategy) -> None:
    history = make_history([[100.0], [120.0], [150.0]], opens=[[99.0], [nan], [99.0]])
    strategy = make_strategy(history, {0: {"A": 1.0}}, ONCE)
    result = run(
        history, strategy, fill=FillTiming.NEXT_OPEN, missing_open=MissingOpen.CLOSE
    ).unwrap()
    assert result.fills[0].price == 120.0
    assert result.forced == ()


def test_no_opens_at_all_is_an_error_unless_closes_may_stand_in(
    make_history, make_strategy
) -> None:
    history = make_history([[100.0], [120.0], [150.0]])
    strategy = make_strategy(history, {0: {"A": 1.0}}, ONCE)
    error = run(history, strategy, fill=FillTiming.NEXT_OPEN).failure()
    assert isinstance(error, NoOpens)
    assert error.problems()[0].code == "no-opens"
    stood_in = run(
        history, strategy, fill=FillTiming.NEXT_OPEN, missing_open=MissingOpen.CLOSE
    ).unwrap()
    assert stood_in.fills[0].price == 120.0


# --- prices that are missing -------------------------------------------------------------------


def vanishing(make_history) -> BarHistory:
    """A trades for three sessions and then no more; B always does."""
    return make_history([[100.0, 50.0]] * 2 + [[80.0, 50.0]] + [[nan, 50.0]] * 9)


def test_a_held_symbol_without_a_price_is_valued_at_its_last_and_then_named_as_stale(
    make_history, make_strategy
) -> None:
    history = vanishing(make_history)
    strategy = make_strategy(history, {0: {"A": 1.0}}, ONCE)
    result = run(history, strategy, cost_bps=Decimal(0)).unwrap()
    np.testing.assert_allclose(result.curve.equity[2:], 80_000)
    (stale,) = result.stale
    assert stale == StaleHolding(
        Symbol("A"), history.session(2), history.session(8), history.session(11)
    )


def test_five_sessions_without_a_price_are_not_stale(make_history, make_strategy) -> None:
    history = vanishing(make_history)
    strategy = make_strategy(history, {0: {"A": 1.0}}, ONCE)
    assert run(history, strategy, end=history.session(7)).unwrap().stale == ()
    assert len(run(history, strategy, end=history.session(8)).unwrap().stale) == 1


def test_an_exit_without_a_price_is_executed_at_the_last_and_reported_as_forced(
    make_history, make_strategy
) -> None:
    history = vanishing(make_history)
    strategy = make_strategy(history, {0: {"A": 1.0}, 5: {"B": 1.0}})
    result = run(history, strategy).unwrap()
    (forced,) = result.forced
    assert (forced.symbol, forced.side, forced.price) == ("A", "sell", 80.0)
    assert forced.session == history.session(5)
    assert [fill.forced for fill in result.fills] == [False, True, False]


def test_an_exit_at_the_next_open_is_forced_where_there_is_no_bar_at_all(
    make_history, make_strategy
) -> None:
    closes = [[100.0, 50.0], [80.0, 50.0], [nan, 50.0]]
    history = make_history(closes, opens=[[100.0, 50.0], [90.0, 50.0], [nan, 50.0]])
    strategy = make_strategy(history, {0: {"A": 1.0}, 1: {"B": 1.0}})
    result = run(history, strategy, fill=FillTiming.NEXT_OPEN).unwrap()
    assert [(f.symbol, f.price) for f in result.forced] == [("A", 80.0)]


@pytest.mark.parametrize("bad", [nan, 0.0, -5.0, float("inf")])
def test_a_price_that_cannot_be_is_as_good_as_missing(make_history, make_strategy, bad) -> None:
    history = make_history([[100.0], [bad], [110.0]])
    strategy = make_strategy(history, {0: {"A": 1.0}}, ONCE)
    result = run(history, strategy, cost_bps=Decimal(0)).unwrap()
    np.testing.assert_allclose(result.curve.equity, [1e5, 1e5, 1.1e5])


def test_the_last_price_may_be_from_before_the_start(make_history, make_strategy) -> None:
    history = make_history([[100.0, 50.0]] + [[nan, 50.0]] * 8)
    strategy = make_strategy(history, {1: {"A": 1.0}}, ONCE)
    result = run(history, strategy, start=history.session(1)).unwrap()
    assert result.fills[0].price == 100.0
    assert result.fills[0].forced
    assert result.stale[0].last_price is None


def test_weight_on_a_symbol_that_never_had_a_price_is_an_error(make_history, make_strategy) -> None:
    history = make_history([[nan, 50.0]] * 12 + [[100.0, 50.0]] * 2)
    strategy = make_strategy(history, {row: {"A": 1.0} for row in range(14)})
    error = run(history, strategy).failure()
    assert isinstance(error, UnpricedFills)
    assert error.price == "close"
    assert len(error.fills) == 12
    problems = error.problems()
    assert len(problems) == 11
    assert "2 more" in problems[-1].what


# --- what is refused ---------------------------------------------------------------------------


def test_symbols_that_are_not_in_the_history_are_all_named(make_history, make_strategy) -> None:
    history = make_history([[100.0]] * 3)
    strategy = make_strategy(history, {0: {"A": 0.5, "X": 0.5}})
    error = run(history, strategy, benchmark=Symbol("SPY")).failure()
    assert error == UnknownSymbols((Symbol("SPY"), Symbol("X")))
    assert [problem.where for problem in error.problems()] == ["SPY", "X"]


@pytest.mark.parametrize("weights", [{"A": -0.1}, {"A": 0.7, "B": 0.4}, {"A": nan}])
def test_weights_that_no_account_can_hold_are_refused(
    make_history, make_strategy, weights: dict[str, float]
) -> None:
    history = make_history([[100.0, 10.0]] * 14)
    decided = dict.fromkeys(range(1, 14), weights)
    error = run(history, make_strategy(history, {0: {"A": 1.0}, **decided})).failure()
    assert isinstance(error, BadDecisions)
    assert error.decisions[0] == ("strategy", history.session(1))
    assert len(error.decisions) == 13
    assert "3 more" in error.problems()[-1].what


def test_weights_may_exceed_one_by_the_noise_of_adding_floats(make_history, make_strategy) -> None:
    history = make_history([[100.0, 10.0]] * 2)
    strategy = make_strategy(history, {0: {"A": 0.5, "B": 0.5 + 1e-12}})
    assert run(history, strategy).unwrap().trades == 2


def test_one_bad_decision_is_one_problem(make_history, make_strategy) -> None:
    history = make_history([[100.0]] * 3)
    error = run(history, make_strategy(history, {0: {"A": 1.0}, 1: {"A": 1.1}})).failure()
    (problem,) = error.problems()
    assert problem.where == f"strategy {history.session(1)}"


def test_a_range_outside_the_data_is_refused(make_history, make_strategy) -> None:
    history = make_history([[100.0]] * 3)
    strategy = make_strategy(history, {0: {"A": 1.0}})
    assert isinstance(run(history, strategy, start=date(2031, 1, 1)).failure(), EmptyRange)


def test_capital_shares_must_add_up_to_one(make_history, make_strategy) -> None:
    history = make_history([[100.0]] * 3)
    half = make_strategy(history, {0: {"A": 1.0}}, share="0.5")
    assert isinstance(run(history, half).failure(), BadShares)


def test_two_strategies_of_one_name_are_a_programming_error(make_history, make_strategy) -> None:
    history = make_history([[100.0]] * 3)
    half = make_strategy(history, {0: {"A": 1.0}}, share="0.5")
    with pytest.raises(ValueError, match="one name"):
        run(history, half, half)


@pytest.mark.parametrize(
    "settings",
    [
        {"cash": Decimal(0)},
        {"cash": Decimal("nan")},
        {"cost_bps": Decimal(-1)},
        {"slippage_bps": Decimal("inf")},
        {"cost_bps": Decimal(600), "slippage_bps": Decimal(401)},
    ],
)
def test_settings_that_make_no_sense_cannot_be_made(settings: dict[str, Decimal]) -> None:
    with pytest.raises(ValueError, match=r"."):
        BacktestSettings(**settings)


# --- benchmark ---------------------------------------------------------------------------------


def test_the_benchmark_is_bought_with_the_same_cash_and_costs_and_held(
    make_history, make_strategy
) -> None:
    history = make_history([[100.0, 40.0], [100.0, 50.0], [100.0, 44.0]])
    strategy = make_strategy(history, {row: {"A": 1.0} for row in range(3)})
    result = run(history, strategy, benchmark=Symbol("B"), cost_bps=Decimal(100)).unwrap()
    assert result.benchmark is not None
    np.testing.assert_allclose(result.benchmark.curve.equity, [1e5, 1.25e5 / 1.01, 1.1e5 / 1.01])
    assert result.benchmark.statistics.total_return == pytest.approx(1.1 / 1.01 - 1)


def test_a_benchmark_is_filled_when_everything_else_is(make_history, make_strategy) -> None:
    history = make_history([[100.0], [110.0], [121.0]], opens=[[90.0], [105.0], [120.0]])
    strategy = make_strategy(history, {0: {"A": 1.0}}, ONCE)
    result = run(history, strategy, fill=FillTiming.NEXT_OPEN, benchmark=Symbol("A")).unwrap()
    assert result.benchmark is not None
    np.testing.assert_array_equal(result.benchmark.curve.equity, result.curve.equity)


def test_a_benchmark_without_a_price_or_opens_is_an_error(make_history, make_strategy) -> None:
    history = make_history([[100.0, nan], [110.0, 50.0]])
    strategy = make_strategy(history, {0: {"A": 1.0}})
    error = run(history, strategy, benchmark=Symbol("B")).failure()
    assert error == UnpricedFills(((Symbol("B"), history.session(0)),), "close")


# --- what does not matter ----------------------------------------------------------------------


def test_what_comes_later_changes_nothing_before_it(make_history, make_strategy) -> None:
    rng = np.random.default_rng(11)
    closes = 100 * np.exp(np.cumsum(rng.normal(0, 0.02, (400, 3)), axis=0))
    shares = rng.dirichlet(np.ones(3), 400)
    decided = {row: dict(zip("ABC", line, strict=True)) for row, line in enumerate(shares.tolist())}
    history = make_history(closes)
    whole = run(history, make_strategy(history, decided)).unwrap()
    cut = history.rows(0, 333)
    head = {row: line for row, line in decided.items() if row < 333}
    part = run(cut, make_strategy(cut, head)).unwrap()
    np.testing.assert_array_equal(part.curve.equity, whole.curve.equity[:333])


def test_a_symbol_that_is_never_held_may_be_anything(make_history, make_strategy) -> None:
    history = make_history([[100.0, nan, 10.0], [110.0, -1.0, 11.0]])
    strategy = make_strategy(history, {0: {"C": 1.0, "B": 0.0}})
    result = run(history, strategy).unwrap()
    assert result.account.prices.symbols == ("C",)
    assert result.account.prices.own is None
