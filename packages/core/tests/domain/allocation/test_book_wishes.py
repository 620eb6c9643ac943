from datetime import date
from decimal import Decimal

from alchemiser_core.domain.allocation.book_wishes import book_wishes
from alchemiser_core.domain.allocation.target_weights import target_weights
from alchemiser_core.domain.money import usd
from alchemiser_core.domain.orders.fill import Fill
from alchemiser_core.domain.orders.identifiers import Side
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


def wishes_of(books, targets, values, leave=()):
    values = {Symbol(s): Decimal(v) for s, v in values.items()}
    return book_wishes(books, targets, EQUITY, values, MARKS, leave)


def test_lesson_a_strategy_that_leaves_a_symbol_sells_only_its_own():
    targets = {"a": target(TLT="1"), "b": target(SPY="0.5")}
    found = wishes_of(both_hold_spy(), targets, {"SPY": "500", "TLT": "1000"})
    assert found == {SPY: {"a": Decimal(-10)}, TLT: {"a": Decimal(20)}}


def test_the_value_of_a_symbol_is_shared_by_equity_times_weight():
    targets = {"a": target(SPY="0.9"), "b": target(SPY="0.3")}
    found = wishes_of(both_hold_spy(), targets, {"SPY": "1000"})
    assert found == {SPY: {"a": Decimal("-2.5"), "b": Decimal("-2.5")}}


def test_what_no_strategy_wants_is_sold_by_every_book_that_holds_it():
    targets = {"a": target(), "b": target()}
    found = wishes_of(both_hold_spy(), targets, {})
    assert found == {SPY: {"a": Decimal(-10), "b": Decimal(-5)}}


def test_symbols_that_cannot_be_traded_are_left():
    targets = {"a": target(GLD="1"), "b": target()}
    assert wishes_of(both_hold_spy(), targets, {"GLD": "1000"}, leave=(SPY, GLD)) == {}


def test_books_that_have_what_they_want_have_no_wishes():
    targets = {"a": target(SPY="1"), "b": target(SPY="0.5")}
    assert wishes_of(both_hold_spy(), targets, {"SPY": "1500.00000000000001"}) == {}


def test_a_symbol_that_limits_take_away_is_sold():
    targets = {"a": target(SPY="1"), "b": target(SPY="0.5")}
    found = wishes_of(both_hold_spy(), targets, {})
    assert found == {SPY: {"a": Decimal(-10), "b": Decimal(-5)}}
