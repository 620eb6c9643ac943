"""On which sessions a policy trades."""

from decimal import Decimal

import numpy as np
import pytest

from alchemiser_core.domain.allocation.policy import BookRebalance
from alchemiser_core.domain.rebalance_policy import Frequency, RebalancePolicy
from alchemiser_core.services.backtest import BacktestSettings, FillTiming, backtest
from alchemiser_core.services.backtest.schedule import book_rebalancing


def traded_days(result) -> list[int]:
    return result.account.fill_rows.tolist()


def half_and_half(rows) -> dict[int, dict[str, float]]:
    return {row: {"A": 0.5, "B": 0.5} for row in rows}


def run(history, strategy, **settings):
    asked = {"start": history.session(0), "cost_bps": Decimal(0), **settings}
    return backtest(history, (strategy,), BacktestSettings(**asked)).unwrap()


@pytest.mark.parametrize(
    ("frequency", "expected"),
    [
        (Frequency.DAILY, list(range(2, 30))),
        (Frequency.WEEKLY, [2, 5, 11, 15, 20, 25]),  # row 10, a Monday, is undecidable
        (Frequency.MONTHLY, [2, 20]),
        (Frequency.YEARLY, [2]),
        (Frequency.NONE, [2, 7]),
    ],
)
def test_a_period_trades_on_its_first_decidable_session(
    make_history, make_strategy, frequency: Frequency, expected: list[int]
) -> None:
    history = make_history([[100.0, 50.0]] * 30)  # from Monday 2020-01-06; row 20 is February 3
    rows = [row for row in range(2, 30) if row != 10]
    strategy = make_strategy(history, half_and_half(rows), RebalancePolicy(frequency), changed=[7])
    if frequency is Frequency.DAILY:
        expected = rows
    assert traded_days(run(history, strategy)) == expected


def test_a_threshold_trades_when_a_held_weight_is_further_off_than_it(
    make_history, make_strategy
) -> None:
    # The weight of A is 10/(20 + row): 0.05 is passed at 10/23, and from there on 13/(13 + 16).
    closes = [[100.0, 100.0 + 10 * row] for row in range(8)]
    history = make_history(closes)
    policy = RebalancePolicy(Frequency.DAILY, threshold=0.05)
    strategy = make_strategy(history, half_and_half(range(8)), policy)
    assert traded_days(run(history, strategy)) == [0, 3, 6]


def test_a_threshold_that_nothing_reaches_trades_once(make_history, make_strategy) -> None:
    history = make_history([[100.0, 101.0]] * 40)
    strategy = make_strategy(history, half_and_half(range(40)), RebalancePolicy(threshold=0.01))
    assert traded_days(run(history, strategy)) == [0]


def test_a_threshold_also_trades_when_the_path_changed(make_history, make_strategy) -> None:
    history = make_history([[100.0, 101.0]] * 40)
    policy = RebalancePolicy(threshold=0.5)
    strategy = make_strategy(history, half_and_half(range(40)), policy, changed=[0, 17])
    assert traded_days(run(history, strategy)) == [0, 17]


def test_a_decision_is_filled_on_the_next_session_when_asked_and_the_last_never(
    make_history, make_strategy
) -> None:
    history = make_history([[100.0, 101.0]] * 5)
    strategy = make_strategy(history, half_and_half(range(5)))
    result = run(history, strategy, fill=FillTiming.NEXT_CLOSE)
    assert traded_days(result) == [1, 2, 3, 4]


def test_a_single_session_has_no_next_one_to_fill_on(make_history, make_strategy) -> None:
    history = make_history([[100.0, 101.0]])
    strategy = make_strategy(history, half_and_half([0]), RebalancePolicy(threshold=0.1))
    result = run(history, strategy, fill=FillTiming.NEXT_CLOSE, benchmark="A")
    assert (result.trades, result.final_equity, result.turnover) == (0, 100_000.0, None)
    assert result.benchmark is None


def test_many_small_drifts_in_one_stretch_are_all_found(make_history, make_strategy) -> None:
    closes = [[100.0 * 1.01**row, 100.0] for row in range(1500)]
    history = make_history(closes)
    strategy = make_strategy(history, half_and_half(range(1500)), RebalancePolicy(threshold=0.1))
    # A drifts from 1/2 past 6/10 once it gained a half: 1.01 ** 41 > 1.5.
    assert traded_days(run(history, strategy)) == list(range(0, 1500, 41))


def test_books_move_cash_on_the_first_common_session_of_a_later_period() -> None:
    sessions = np.array(["2020-02-03", "2020-03-31", "2020-04-02", "2020-12-31", "2021-01-04"])
    days = sessions.astype("datetime64[D]")
    assert book_rebalancing(days, BookRebalance.QUARTERLY).tolist() == [0, 0, 1, 1, 1]
    assert book_rebalancing(days, BookRebalance.YEARLY).tolist() == [0, 0, 0, 0, 1]
    assert book_rebalancing(days, BookRebalance.MONTHLY).tolist() == [0, 1, 1, 1, 1]
    assert book_rebalancing(days, BookRebalance.NEVER).tolist() == [0, 0, 0, 0, 0]
