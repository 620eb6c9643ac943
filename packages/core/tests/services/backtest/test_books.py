"""Blends: books that start at their shares, drift, cross opposite wishes and add up."""

from decimal import Decimal

import numpy as np
import pytest

from alchemiser_core.domain.allocation.policy import BookRebalance
from alchemiser_core.domain.rebalance_policy import Frequency, RebalancePolicy
from alchemiser_core.services.backtest import BacktestSettings, UnpricedFills, backtest

ONCE = RebalancePolicy(Frequency.NONE)


def run(history, strategies, **settings):
    asked = {"start": history.session(0), **settings}
    return backtest(history, tuple(strategies), BacktestSettings(**asked)).unwrap()


def test_books_start_at_their_shares_and_drift(make_history, make_strategy) -> None:
    history = make_history([[100.0, 100.0], [150.0, 100.0], [300.0, 100.0]])
    rows = range(3)
    result = run(
        history,
        [
            make_strategy(history, {r: {"A": 1.0} for r in rows}, name="up", share="0.25"),
            make_strategy(history, {r: {"B": 1.0} for r in rows}, name="flat", share="0.75"),
        ],
        cost_bps=Decimal(0),
    )
    up, flat = result.books
    np.testing.assert_allclose(up.curve.equity, [25_000, 37_500, 75_000])
    np.testing.assert_allclose(flat.curve.equity, 75_000)
    assert (up.name, up.transfers, up.costs) == ("up", (), 0.0)


def test_the_curve_of_a_blend_starts_with_exactly_the_cash(make_history, make_strategy) -> None:
    history = make_history([[100.0]] * 2)
    shares = {"a": "0.14", "b": "0.29", "c": "0.57"}
    strategies = [
        make_strategy(history, {0: {"A": 1.0}}, name=name, share=share)
        for name, share in shares.items()
    ]
    assert run(history, strategies, cash=Decimal("99999.99")).curve.equity[0] == 99999.99


def test_opposite_wishes_are_crossed_free_of_cost_and_the_net_is_paid_by_its_side(
    make_history, make_strategy
) -> None:
    history = make_history([[100.0, 100.0]] * 2)
    result = run(
        history,
        [
            make_strategy(history, {0: {"A": 1.0}, 1: {"B": 1.0}}, name="one", share="0.5"),
            make_strategy(history, {0: {"B": 1.0}, 1: {"A": 1.0}}, name="other", share="0.5"),
        ],
        cost_bps=Decimal(100),
    )
    # The first session buys both with all there is; on the second one book's sale is the other's.
    assert [fill.side for fill in result.fills] == ["buy", "buy"]
    assert result.costs == pytest.approx(1e5 - 1e5 / 1.01)
    assert [book.costs for book in result.books] == pytest.approx([result.costs / 2] * 2)
    assert result.final_equity == pytest.approx(1e5 / 1.01)


def test_the_cost_of_a_net_sale_is_borne_by_the_books_that_sell(
    make_history, make_strategy
) -> None:
    history = make_history([[100.0]] * 2)
    result = run(
        history,
        [
            make_strategy(history, {0: {"A": 1.0}, 1: {}}, name="seller", share="0.6"),
            make_strategy(history, {0: {}, 1: {"A": 0.5}}, name="buyer", share="0.4"),
        ],
        cost_bps=Decimal(100),
        rebalance_books=BookRebalance.NEVER,
    )
    seller, buyer = result.books
    assert buyer.costs == 0.0
    assert seller.costs == pytest.approx(result.costs)
    assert buyer.curve.final == pytest.approx(40_000, rel=1e-12)


def test_cash_moves_between_the_books_in_a_new_quarter_and_adds_up_to_nothing(
    make_history, make_strategy
) -> None:
    closes = [[100.0 + 2 * row, 100.0] for row in range(80)]
    history = make_history(closes)  # from 2020-01-06; row 62 is April 1
    rows = range(80)
    strategies = [
        make_strategy(history, {r: {"A": 1.0} for r in rows}, ONCE, name="up", share="0.5"),
        make_strategy(history, {r: {"B": 1.0} for r in rows}, ONCE, name="flat", share="0.5"),
    ]
    result = run(history, strategies, cost_bps=Decimal(0))
    assert result.account.fill_rows.tolist() == [0, 62]
    up, flat = result.books
    (out,), (into,) = up.transfers, flat.transfers
    assert out.session == into.session == history.session(62)
    assert out.amount == -into.amount == pytest.approx(50_000 * (1 - 2.24) / 2)
    assert up.curve.equity[62] == pytest.approx(flat.curve.equity[62])
    never = run(history, strategies, cost_bps=Decimal(0), rebalance_books=BookRebalance.NEVER)
    assert never.account.fill_rows.tolist() == [0]
    assert never.final_equity > result.final_equity


def test_a_strategy_that_cannot_decide_keeps_its_book_while_the_others_trade(
    make_history, make_strategy
) -> None:
    history = make_history([[100.0, 100.0], [200.0, 100.0], [200.0, 100.0]])
    half = {"A": 0.5, "B": 0.5}
    result = run(
        history,
        [
            make_strategy(history, {0: half, 2: half}, name="gappy", share="0.5"),
            make_strategy(history, {0: half, 1: half, 2: half}, name="whole", share="0.5"),
        ],
        cost_bps=Decimal(0),
    )
    gappy, whole = result.books
    assert gappy.undecidable == (history.session(1),)
    assert whole.undecidable == ()
    assert result.undecidable == (history.session(1),)
    assert [fill.session for fill in result.fills].count(history.session(1)) == 2


def test_books_without_a_price_to_trade_at_are_all_named(make_history, make_strategy) -> None:
    nan = float("nan")
    history = make_history([[100.0, nan, nan]] * 2)
    strategies = (
        make_strategy(history, {0: {"B": 1.0}, 1: {"B": 1.0}}, ONCE, name="one", share="0.5"),
        make_strategy(history, {0: {"C": 1.0}, 1: {"C": 1.0}}, ONCE, name="two", share="0.5"),
    )
    error = backtest(history, strategies, BacktestSettings(start=history.session(0))).failure()
    assert isinstance(error, UnpricedFills)
    assert [symbol for symbol, _ in error.fills] == ["B", "C"]
