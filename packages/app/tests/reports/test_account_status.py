from datetime import date
from decimal import Decimal

from alchemiser_app.reports.account_status import account_status
from alchemiser_core.domain.journal.account_events import (
    BooksOpened,
    OpeningBook,
    OpeningPosition,
)
from alchemiser_core.domain.portfolio.lot import Lot
from alchemiser_core.domain.quote import Mark
from alchemiser_core.services.ledger import Ledger

DAY = date(2025, 3, 3)


def opening(cash: str, **held: str) -> OpeningBook:
    """A book that has paid 10 dollars a share for what it holds."""
    positions = {
        symbol: OpeningPosition(Decimal(q), (Lot(Decimal(q), 10 * Decimal(q), DAY),))
        for symbol, q in held.items()
    }
    none = Decimal(0)
    return OpeningBook(Decimal(cash), positions, none, none, Decimal(cash), none)


def ledger(**books: OpeningBook) -> Ledger:
    return Ledger().fold([BooksOpened(books, "for the test")])


def marks(**prices: str) -> dict:
    return {symbol: Mark(symbol, Decimal(price), DAY) for symbol, price in prices.items()}


def test_there_is_none_before_the_books_are_opened():
    assert account_status(Ledger(), {}) is None


def test_books_are_valued_at_the_marks_and_add_up():
    known = ledger(one=opening("100", SPY="2"), two=opening("50", SPY="1", TLT="4"))
    status = account_status(known, marks(SPY="12", TLT="9"))
    assert [book.equity for book in status.books] == [124, 98]
    assert [book.unrealised for book in status.books] == [4, -2]
    assert (status.account.equity, status.account.cash) == (222, 150)
    assert [(h.symbol, h.quantity, h.value) for h in status.account.holdings] == [
        ("SPY", 3, 36),
        ("TLT", 4, 36),
    ]
    assert status.sessions == (DAY,)
    assert status.unpriced == ()


def test_without_a_price_nothing_stands_in_for_it_and_the_rest_is_still_told():
    known = ledger(one=opening("100", SPY="2"), two=opening("50", SPY="1", TLT="4"))
    status = account_status(known, marks(SPY="12"))
    assert status.unpriced == ("TLT",)
    assert status.account.equity is None
    assert status.account.profit is None
    assert status.account.unrealised is None
    assert status.account.cash == 150
    one, two = status.books
    assert (one.equity, one.unrealised) == (124, 4)
    assert (two.equity, two.unrealised) == (None, None)
    assert [holding.value for holding in two.holdings] == [12, None]
