from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from alchemiser_core.domain.money import Rounding, Usd, to_cents, usd
from alchemiser_core.domain.orders.fill import Fill
from alchemiser_core.domain.orders.identifiers import ClientOrderId, Side
from alchemiser_core.domain.portfolio.book import Book, Books, open_books
from alchemiser_core.domain.portfolio.crossing import net_wish, settle
from alchemiser_core.domain.portfolio.portfolio import funded
from alchemiser_core.domain.portfolio.transfer import Transfer, transfers_to_shares
from alchemiser_core.domain.portfolio.valuation import value_portfolio
from alchemiser_core.domain.quote import Mark, marks_of
from alchemiser_core.domain.symbol import Symbol

SPY, TLT = Symbol("SPY"), Symbol("TLT")
DAY = date(2026, 3, 2)
SHARES = {"a": Decimal("0.6"), "b": Decimal("0.4")}


def buy(symbol, quantity, price, day=DAY):
    return Fill(symbol, Side.BUY, Decimal(quantity), Decimal(price), day, usd(1))


def sell(symbol, quantity, price):
    return Fill(symbol, Side.SELL, Decimal(quantity), Decimal(price), DAY, usd(1))


def two_books():
    later = date(2026, 3, 3)
    return (
        open_books(usd(1000), SHARES)
        .apply({"a": (buy(SPY, 2, 100, later),), "b": (buy(SPY, 1, 100), buy(TLT, 3, 50))})
        .unwrap()
    )


def test_books_start_at_their_share():
    books = open_books(usd(1000), SHARES)
    assert {n: b.portfolio.cash for n, b in books.books.items()} == {"a": 600, "b": 400}
    assert books.combined() == funded(usd(1000))


def test_the_books_together_are_one_portfolio():
    whole = two_books().combined()
    assert whole.cash == 1000 - 300 - 150 - 3
    assert whole.quantity(SPY) == 3
    assert whole.quantity(TLT) == 3
    assert [lot.quantity for lot in whole.positions[SPY].lots] == [1, 2]
    assert whole.costs == 3


def test_each_book_has_its_own_profit():
    books = two_books().apply({"a": (sell(SPY, 1, 130),)}).unwrap()
    marks = marks_of(DAY, [(SPY, Decimal(110)), (TLT, Decimal(60))])
    assert books.equity(marks).unwrap() == {"a": 600 - 201 + 129 + 110, "b": 400 - 252 + 290}
    book = books.books["a"]
    valuation = value_portfolio(book.portfolio, marks).unwrap()
    assert book.portfolio.realised == 129 - Decimal("100.5")
    assert book.unrealised(valuation) == 110 - Decimal("100.5")
    assert book.profit(valuation) == book.portfolio.realised + book.unrealised(valuation)


def test_lesson_profit_of_a_shared_symbol_goes_to_the_book_that_sold():
    books = two_books().apply({"b": (sell(SPY, 1, 150),)}).unwrap()
    assert books.books["a"].portfolio.realised == 0
    assert books.books["b"].portfolio.realised == 149 - 101


def test_books_whose_holdings_have_no_price_are_named_together():
    assert two_books().equity({}).failure().symbols == (SPY, TLT)


def test_a_book_cannot_sell_what_another_holds():
    refused = two_books().apply({"a": (sell(TLT, 1, 50),)}).failure()
    assert refused.problems()[0].code == "oversold"


def test_a_transfer_moves_cash_and_nothing_else():
    before = two_books()
    after = before.transfer([Transfer("a", "b", usd(100), DAY)])
    assert after.books["a"].portfolio.contributed == 500
    assert after.books["b"].portfolio.contributed == 500
    assert after.combined() == before.combined()


def test_some_books_can_be_left_out():
    assert list(two_books().only({"b"}).books) == ["b"]


def test_every_difference_to_the_account_is_named():
    books = two_books()
    account = books.combined()
    assert books.differences(account) == ()
    found = books.differences(account.apply(sell(SPY, 3, 100)).unwrap())
    assert [(d.name, d.books) for d in found] == [("CASH", account.cash), ("SPY", 3)]
    assert "SPY" in found[1].problems()[0].what


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from([SPY, TLT]),
        st.lists(st.decimals(-1, 1, places=3), min_size=3, max_size=3),
        st.decimals("0.01", 1000, places=4),
        st.decimals(0, 1, places=3),
        st.booleans(),
    ),
    max_size=8,
)


def rounded(quantity):
    return quantity.quantize(Decimal("1E-9"), "ROUND_DOWN")


def wish(book, symbol, size, price):
    """A part of what is held to sell, or of the cash to buy."""
    if size < 0:
        return rounded(book.portfolio.quantity(symbol) * size)
    return rounded(max(book.portfolio.cash, Decimal(0)) * size / price)


@given(ACTIONS)
def test_books_add_up_to_the_account_to_the_cent_after_any_sequence(actions):
    shares = {"a": Decimal("0.5"), "b": Decimal("0.3"), "c": Decimal("0.2")}
    books = open_books(usd(100_000), shares)
    account = funded(usd(100_000))
    for symbol, sizes, price, filled, transfer in actions:
        mark = Mark(symbol, price, DAY)
        wanted = {
            name: wish(book, symbol, size, price)
            for (name, book), size in zip(books.books.items(), sizes, strict=True)
        }
        net = net_wish(wanted)
        quantity = rounded(abs(net) * filled)
        side = Side.BUY if net > 0 else Side.SELL
        cost = Usd(quantity * price / 1000)
        fills = [Fill(symbol, side, quantity, price, DAY, cost, ClientOrderId("alch-1"))]
        fills = fills if quantity else []
        account = account.apply_all(fills).unwrap()
        books = books.apply(settle(wanted, fills, mark).unwrap()).unwrap()
        if transfer:
            marks = marks_of(DAY, [(SPY, price), (TLT, price)])
            moved = transfers_to_shares(books.equity(marks).unwrap(), shares, DAY)
            books = books.transfer(moved)
    whole = books.combined()
    assert to_cents(whole.cash, Rounding.NEAREST) == to_cents(account.cash, Rounding.NEAREST)
    assert abs(whole.cash - account.cash) < Decimal("1E-15")
    for symbol in (SPY, TLT):
        assert whole.quantity(symbol) == account.quantity(symbol)


def test_a_book_is_named_after_its_strategy():
    assert Books({"a": Book("a", funded(usd(1)))}).books["a"].strategy == "a"
