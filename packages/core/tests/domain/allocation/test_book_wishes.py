from datetime import date
from decimal import Decimal

from attrs import evolve

from alchemiser_core.domain.allocation.book_wishes import book_wishes
from alchemiser_core.domain.allocation.rebalance_plan import RebalancePlan, Skipped, SkipReason
from alchemiser_core.domain.allocation.target_weights import target_weights
from alchemiser_core.domain.money import NO_MONEY, usd
from alchemiser_core.domain.orders.fill import Fill
from alchemiser_core.domain.orders.identifiers import ClientOrderId, Side
from alchemiser_core.domain.orders.intent import OrderIntent, OrderReason
from alchemiser_core.domain.portfolio.book import open_books
from alchemiser_core.domain.quote import marks_of
from alchemiser_core.domain.symbol import Symbol

SPY, TLT, GLD = Symbol("SPY"), Symbol("TLT"), Symbol("GLD")
DAY = date(2026, 3, 2)
MARKS = marks_of(DAY, [(SPY, Decimal(100)), (TLT, Decimal(50))])
HALVES = {"a": Decimal("0.5"), "b": Decimal("0.5")}
EQUITY = {"a": usd(1000), "b": usd(1000)}


def buy(symbol, quantity, price):
    return Fill(symbol, Side.BUY, Decimal(quantity), Decimal(price), DAY)


def both_hold_spy():
    books = open_books(usd(2000), HALVES)
    return books.apply({"a": (buy(SPY, 10, 100),), "b": (buy(SPY, 5, 100),)}).unwrap()


def target(**weights):
    return target_weights({Symbol(s): Decimal(w) for s, w in weights.items()}).unwrap()


def order(side, symbol, quantity):
    return OrderIntent(
        Symbol(symbol),
        side,
        Decimal(quantity),
        Decimal(1),
        NO_MONEY,
        OrderReason.REDUCE,
        ClientOrderId("id"),
    )


def plan(*orders, skipped=(), **weights):
    return RebalancePlan(
        as_of=DAY,
        equity=usd(2000),
        equity_after_costs=usd(2000),
        investable=usd(2000),
        target=target(**weights),
        orders=orders,
        skipped=tuple(Skipped(s, SkipReason.NO_PRICE_TODAY, NO_MONEY) for s in skipped),
        adjusted=(),
        expected_cash=NO_MONEY,
        expected_costs=NO_MONEY,
    )


def wishes_of(books, targets, planned, unmanaged=()):
    return book_wishes(books, targets, EQUITY, planned, MARKS, unmanaged)


def test_lesson_a_strategy_that_leaves_a_symbol_sells_only_its_own():
    targets = {"a": target(TLT="1"), "b": target(SPY="0.5")}
    found = wishes_of(both_hold_spy(), targets, plan(SPY="0.25", TLT="0.5"))
    assert found == {SPY: {"a": Decimal(-10)}, TLT: {"a": Decimal(20)}}


def test_what_the_account_is_to_hold_is_shared_by_equity_times_weight():
    targets = {"a": target(SPY="0.9"), "b": target(SPY="0.3")}
    found = wishes_of(both_hold_spy(), targets, plan(SPY="0.5"))
    assert found == {SPY: {"a": Decimal("-2.5"), "b": Decimal("-2.5")}}


def test_what_no_strategy_wants_is_sold_by_every_book_that_holds_it():
    targets = {"a": target(), "b": target()}
    found = wishes_of(both_hold_spy(), targets, plan(order(Side.SELL, "SPY", 15)))
    assert found == {SPY: {"a": Decimal(-10), "b": Decimal(-5)}}


def test_a_symbol_that_limits_take_away_is_sold():
    targets = {"a": target(SPY="1"), "b": target(SPY="0.5")}
    found = wishes_of(both_hold_spy(), targets, plan())
    assert found == {SPY: {"a": Decimal(-10), "b": Decimal(-5)}}


def test_symbols_that_cannot_be_traded_have_no_wishes():
    targets = {"a": target(GLD="1"), "b": target()}
    assert wishes_of(both_hold_spy(), targets, plan(GLD="0.5", skipped=(SPY, GLD))) == {}
    assert wishes_of(both_hold_spy(), targets, plan(), unmanaged=(SPY,)) == {}


def test_books_that_have_what_they_want_have_no_wishes():
    targets = {"a": target(SPY="1"), "b": target(SPY="0.5")}
    assert wishes_of(both_hold_spy(), targets, plan(SPY="0.75000000000000001")) == {}


def test_rounding_of_the_order_is_for_the_books_that_stay():
    targets = {"a": target(), "b": target(SPY="0.4")}
    sold = plan(order(Side.SELL, "SPY", "10.99999"), SPY="0.2")
    assert wishes_of(both_hold_spy(), targets, sold) == {
        SPY: {"a": Decimal(-10), "b": Decimal("-0.99999")}
    }


def test_an_order_that_is_more_than_a_cent_short_is_left_to_the_settlement():
    targets = {"a": target(), "b": target(SPY="0.4")}
    sold = plan(order(Side.SELL, "SPY", "10"), SPY="0.2")
    assert wishes_of(both_hold_spy(), targets, sold) == {SPY: {"a": Decimal(-10), "b": Decimal(-1)}}


def test_wishes_apply_to_equity_after_costs():
    targets = {"a": target(TLT="1"), "b": target()}
    planned = evolve(plan(TLT="0.5"), investable=usd(1900))
    assert wishes_of(both_hold_spy(), targets, planned)[TLT] == {"a": Decimal(19)}


def test_a_book_without_equity_wants_nothing():
    equity = {"a": usd(2000), "b": usd(0)}
    targets = {"a": target(), "b": target(TLT="1")}
    empty = open_books(usd(0), HALVES)
    assert book_wishes(empty, targets, equity, plan(TLT="0.5"), MARKS) == {}


def test_what_rounding_left_never_makes_a_book_sell_what_it_does_not_hold() -> None:
    # Both want less than a cent's worth, and the order was too small to be sent.
    books = open_books(usd(2), HALVES)
    penny = marks_of(DAY, [(GLD, Decimal("0.001"))])
    small = evolve(plan(GLD="0.004"), investable=usd(2))
    targets = {"a": target(GLD="0.002"), "b": target(GLD="0.006")}
    wishes = book_wishes(books, targets, {"a": usd(1), "b": usd(1)}, small, penny)
    assert wishes == {GLD: {"a": 2, "b": 6}}
