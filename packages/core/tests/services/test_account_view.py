"""The account as its books tell it."""

from datetime import date
from decimal import Decimal

import pytest
from attrs import fields

from alchemiser_core.domain.journal.account_events import (
    BooksOpened,
    CashMovedBetweenBooks,
    DifferenceAccepted,
    DiscrepancyNoted,
    OpeningBook,
    OpeningPosition,
)
from alchemiser_core.domain.money import usd
from alchemiser_core.domain.portfolio.lot import Lot
from alchemiser_core.domain.portfolio.transfer import Transfer
from alchemiser_core.domain.quote import Mark, marks_of
from alchemiser_core.domain.symbol import CASH, Symbol
from alchemiser_core.services.account_view import BookView, account_view
from alchemiser_core.services.ledger import Ledger

DAY = date(2024, 3, 4)
SPY, TLT = Symbol("SPY"), Symbol("TLT")
MARKS = {
    **marks_of(DAY, [(SPY, Decimal(110))]),
    TLT: Mark(TLT, Decimal("95.5"), date(2024, 3, 1), age=1),
}


def opening(cash, realised=0, **held):
    positions = {
        Symbol(s): OpeningPosition(Decimal(q), (Lot(Decimal(q), usd(Decimal(q) * 100), DAY),))
        for s, q in held.items()
    }
    return OpeningBook(
        usd(cash), positions, usd(realised), usd(1), usd(cash) + 100 * len(held) - realised, usd(0)
    )


@pytest.fixture
def ledger():
    books = {"a": opening(100, SPY="1"), "b": opening(50, 7, SPY="1", TLT="1"), "c": opening(30)}
    shares = {"a": Decimal("0.5"), "b": Decimal("0.5")}
    return Ledger().fold(
        [
            BooksOpened(books, "start"),
            DifferenceAccepted(CASH, {"c": Decimal(3)}, Decimal(1), DAY, False, "interest"),
            CashMovedBetweenBooks((Transfer("c", "a", usd(33), DAY),), shares),
            DiscrepancyNoted("lagging", "SPY", "text"),
        ]
    )


def test_equity_is_cash_and_the_value_of_what_is_held(ledger):
    view = account_view(ledger, MARKS).unwrap()
    assert view.cash == 183
    assert view.equity == 183 + 220 + Decimal("95.5")
    assert [(p.symbol, p.quantity, p.value, p.unrealised) for p in view.positions] == [
        (SPY, 2, 220, 20),
        (TLT, 1, Decimal("95.5"), Decimal("-4.5")),
    ]
    assert [p.carried for p in view.positions] == [False, True]


def test_profit_is_realised_unrealised_and_income(ledger):
    view = account_view(ledger, MARKS).unwrap()
    assert view.profit == view.realised + view.unrealised + view.income
    for book in (*view.books, *view.former):
        assert book.profit == book.realised + book.unrealised + book.income
    assert (view.realised, view.unrealised, view.income) == (7, Decimal("15.5"), 3)


@pytest.mark.parametrize(
    "name", [f.name for f in fields(BookView) if f.name not in ("strategy", "share", "positions")]
)
def test_the_books_add_up_to_the_account(ledger, name):
    view = account_view(ledger, MARKS).unwrap()
    each = (*view.books, *view.former)
    assert sum(getattr(book, name) for book in each) == getattr(view, name)


def test_books_that_are_closed_are_apart_and_have_no_share(ledger):
    view = account_view(ledger, MARKS).unwrap()
    assert {b.strategy: b.share for b in view.books} == dict.fromkeys("ab", Decimal("0.5"))
    assert [(b.strategy, b.share, b.equity, b.income) for b in view.former] == [("c", 0, 0, 3)]
    assert view.contributed == ledger.contributed


def test_what_was_noted_is_shown(ledger):
    view = account_view(ledger, MARKS).unwrap()
    assert view.differences == {("lagging", "SPY"): "text"}


def test_a_holding_without_a_price_is_named(ledger):
    assert account_view(ledger, {}).failure().symbols == (SPY, TLT)
