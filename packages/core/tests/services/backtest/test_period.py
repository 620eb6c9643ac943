"""From when to when a back-test runs."""

from datetime import date

import pytest
from returns.result import Failure

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.services.backtest import (
    BacktestPeriod,
    BacktestSettings,
    EmptyRange,
    NothingDecidable,
)
from alchemiser_core.services.backtest.period import backtest_period


@pytest.fixture
def long_history(make_history):
    return make_history([[100.0]] * 600)


def period_of(history, strategies, **settings) -> BacktestPeriod:
    return backtest_period(history, tuple(strategies), BacktestSettings(**settings)).unwrap()


def always(row_range) -> dict[int, dict[str, float]]:
    return {row: {"A": 1.0} for row in row_range}


def test_it_starts_after_the_last_undecidable_session(long_history, make_strategy) -> None:
    decided = always(row for row in range(600) if row not in (0, 1, 2, 200))
    found = period_of(long_history, [make_strategy(long_history, decided)])
    assert (found.first, found.last, len(found)) == (201, 599, 399)
    assert found.first_decidable == long_history.session(3)
    assert found.last_undecidable == long_history.session(200)
    assert found.undecidable == ()


@pytest.mark.parametrize(("hole", "first"), [(347, 348), (348, 5), (599, 5)])
def test_when_fewer_than_252_sessions_would_remain_the_holes_are_counted(
    long_history, make_strategy, hole: int, first: int
) -> None:
    decided = always(row for row in range(5, 600) if row != hole)
    found = period_of(long_history, [make_strategy(long_history, decided)])
    assert found.first == first
    assert found.undecidable == (() if first > hole else (long_history.session(hole),))


def test_a_start_that_is_asked_for_stands_and_what_it_cannot_decide_is_named(
    long_history, make_strategy
) -> None:
    strategy = make_strategy(long_history, always(range(10, 600)))
    found = period_of(long_history, [strategy], start=long_history.session(8))
    assert found.first == 8
    assert found.undecidable == (long_history.session(8), long_history.session(9))


def test_a_start_between_sessions_is_the_next_session(long_history, make_strategy) -> None:
    strategy = make_strategy(long_history, always(range(600)))
    found = period_of(long_history, [strategy], start=date(2020, 1, 11))  # a Saturday
    assert found.sessions[0].item() == date(2020, 1, 13)


def test_what_is_undecidable_after_the_end_does_not_matter(long_history, make_strategy) -> None:
    decided = always(row for row in range(600) if row != 500)
    strategy = make_strategy(long_history, decided)
    found = period_of(long_history, [strategy], end=long_history.session(499))
    assert (found.first, found.last) == (0, 499)
    assert found.last_undecidable is None


def test_a_blend_starts_when_all_its_strategies_can_decide(long_history, make_strategy) -> None:
    one = make_strategy(long_history, always(range(20, 600)), name="one")
    other = make_strategy(long_history, always(range(50, 600)), name="other")
    found = period_of(long_history, [one, other])
    assert found.first == 50
    assert found.first_decidable == long_history.session(50)


def test_a_range_without_sessions_is_an_error_that_names_the_data(
    long_history, make_strategy
) -> None:
    strategy = make_strategy(long_history, always(range(600)))
    asked = BacktestSettings(start=date(2030, 1, 1))
    found = backtest_period(long_history, (strategy,), asked)
    assert isinstance(found, Failure)
    error = found.failure()
    assert isinstance(error, EmptyRange)
    (problem,) = error.problems()
    assert "2020-01-06" in problem.why
    assert "2030-01-01" in problem.what


def test_a_history_without_sessions_is_an_empty_range(make_history, make_strategy) -> None:
    history: BarHistory = make_history([[100.0]]).rows(0, 0)
    strategy = make_strategy(history, {})
    error = backtest_period(history, (strategy,), BacktestSettings()).failure()
    assert isinstance(error, EmptyRange)
    assert "empty" in error.problems()[0].why


def test_nothing_decidable_names_the_strategies_that_cannot(long_history, make_strategy) -> None:
    one = make_strategy(long_history, always(range(600)), name="one")
    other = make_strategy(long_history, {}, name="other")
    error = backtest_period(long_history, (one, other), BacktestSettings()).failure()
    assert isinstance(error, NothingDecidable)
    assert error.strategies == ("other",)
    assert "other" in error.problems()[0].what


def test_strategies_that_never_decide_together_are_all_named(long_history, make_strategy) -> None:
    one = make_strategy(long_history, always(range(300)), name="one")
    other = make_strategy(long_history, always(range(300, 600)), name="other")
    error = backtest_period(long_history, (one, other), BacktestSettings()).failure()
    assert isinstance(error, NothingDecidable)
    assert error.strategies == ("one", "other")
