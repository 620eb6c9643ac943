from datetime import UTC, date, datetime
from decimal import Decimal

from alchemiser_app.reports.status import status_lines
from alchemiser_app.reports.status_json import status_json
from alchemiser_app.reports.status_report import status_report
from alchemiser_core.domain.journal.account_events import (
    BooksOpened,
    CashMovedBetweenBooks,
    DiscrepancyNoted,
    OpeningBook,
    OpeningPosition,
)
from alchemiser_core.domain.journal.chain import chained
from alchemiser_core.domain.journal.codec import encode, kind_of
from alchemiser_core.domain.journal.events import Halted, JournalOpened, Valued
from alchemiser_core.domain.portfolio.lot import Lot
from alchemiser_core.domain.portfolio.transfer import Transfer
from alchemiser_core.domain.quote import Mark
from alchemiser_core.ports.order_journal import JournalEntry

DAY = date(2025, 3, 3)
AT = datetime(2025, 3, 3, 20, 45, tzinfo=UTC)
LONG = "a-strategy-of-a-rather-long-name"


def report(*events, switch=None):
    found = [
        JournalEntry(chained(n, AT, kind_of(event), encode(event), "0" * 64), event)
        for n, event in enumerate(events, start=1)
    ]
    return status_report("journal.db", found, switch)


def book(cash: str, **held: str) -> OpeningBook:
    none = Decimal(0)
    positions = {
        symbol: OpeningPosition(Decimal(q), (Lot(Decimal(q), 10 * Decimal(q), DAY),))
        for symbol, q in held.items()
    }
    return OpeningBook(Decimal(cash), positions, none, none, Decimal(cash), none)


def valued(**prices: str) -> Valued:
    marks = {symbol: Mark(symbol, Decimal(price), DAY) for symbol, price in prices.items()}
    return Valued(DAY, AT, Decimal(1), {}, Decimal(1), marks)


def opened(**books: OpeningBook) -> BooksOpened:
    return BooksOpened(books, "for the test")


def page(found) -> str:
    return "\n".join(status_lines(found))


def test_an_empty_journal_is_of_nobody_yet():
    found = report()
    assert "of no account yet" in page(found)
    assert "no books yet" in page(found)
    assert status_json(found)["equity"] is None


def test_a_live_account_is_called_so():
    assert "LIVE" in page(report(JournalOpened("mine", "U1", "broker", is_live=True)))


def test_a_holding_without_a_price_is_named_and_nothing_is_made_up():
    found = report(opened(one=book("100", SPY="2", TLT="1")), valued(SPY="12"))
    shown = page(found)
    assert "the journal has no price of TLT" in shown
    assert "no price" in shown
    assert "not known" in shown
    assert max(map(len, shown.splitlines())) <= 80
    answer = status_json(found)
    assert (answer["equity"], answer["unrealised"], answer["cash"]) == (None, None, "100")
    assert [each["value"] for each in answer["holdings"]] == ["24", None]


def test_a_strategy_that_has_left_still_counts():
    move = Transfer("two", "one", Decimal(50), DAY)
    shares = {"one": Decimal(1)}
    found = report(opened(one=book("100"), two=book("50")), CashMovedBetweenBooks((move,), shares))
    assert "two (left)" in page(found)
    answer = status_json(found)
    assert list(answer["books"]) == ["one"]
    assert list(answer["former_books"]) == ["two"]
    assert answer["contributed"] == "150"


def test_a_long_name_has_a_line_of_its_own_and_the_page_still_fits():
    found = report(opened(**{LONG: book("123456789.01", SPY="1000000.123456789")}), valued(SPY="9"))
    lines = page(found).splitlines()
    assert LONG in lines
    assert max(map(len, lines)) <= 80


def test_halts_of_both_places_are_told_and_what_differs():
    found = report(
        JournalOpened("mine", "PA1", "paper", is_live=False),
        Halted("by-hand", "to look"),
        DiscrepancyNoted("cash-differs", "CASH", "cash differs: CASH, journal 1, broker 2"),
        switch="a file",
    )
    assert found.is_halted
    shown = page(found)
    assert "HALTED in the journal: to look" in shown
    assert "HALTED by the kill switch: a file" in shown
    assert "cash differs: CASH, journal 1, broker 2" in shown
    assert status_json(found)["discrepancies"][0]["code"] == "cash-differs"


def test_only_sells_is_no_halt_of_everything():
    found = report(Halted("reducing", "getting out"))
    assert not found.is_halted
    assert report(Halted("reducing", "x"), switch="a file").is_halted
