"""The account as its books tell it: equity, cash, profit and positions, by book and in all."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, localcontext

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.money import ARITHMETIC, ZERO, Usd
from alchemiser_core.domain.portfolio.book import Book
from alchemiser_core.domain.portfolio.valuation import Unvalued, Valuation, value_portfolio
from alchemiser_core.domain.quote import Marks
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.ledger import Ledger


@frozen
class HoldingView:
    """A position of one book, or of all."""

    symbol: Symbol
    quantity: Decimal
    price: Decimal
    """US dollars a share, at which it is valued."""
    value: Usd
    basis: Usd
    """What it cost, costs of buying included."""
    carried: bool
    """Valued at an earlier session's price."""

    @property
    def unrealised(self) -> Usd:
        """Profit that is not realised, US dollars."""
        return Usd(self.value - self.basis)


@frozen
class BookView:
    """What a book has and how it has done, in US dollars."""

    strategy: str
    share: Decimal
    """Its capital share; 0 for a strategy that has left."""
    equity: Usd
    cash: Usd
    contributed: Usd
    """Put in less taken out, transfers among the books included."""
    realised: Usd
    unrealised: Usd
    income: Usd
    """Dividends and interest less fees."""
    costs: Usd
    """Of all fills; in the profit already."""
    positions: tuple[HoldingView, ...]

    @property
    def profit(self) -> Usd:
        """Realised, unrealised and income together."""
        return Usd(self.equity - self.contributed)


@frozen
class AccountView:
    """The account and its books; every amount of the account is the sum over the books."""

    equity: Usd
    cash: Usd
    contributed: Usd
    realised: Usd
    unrealised: Usd
    income: Usd
    costs: Usd
    positions: tuple[HoldingView, ...]
    """By symbol, those of all books together."""
    books: tuple[BookView, ...]
    former: tuple[BookView, ...]
    """Books that are closed: nothing is left in them, but they count in the profit."""
    differences: Mapping[tuple[str, str], str]
    """What was noted and has not ended: code and subject, to text."""

    @property
    def profit(self) -> Usd:
        """Equity beyond what was put in."""
        return Usd(self.equity - self.contributed)


def account_view(ledger: Ledger, marks: Marks) -> Result[AccountView, Unvalued]:
    """Value all books; `Unvalued` names every holding without a price.

    `ValueError` where the books were never opened.
    """
    with localcontext(ARITHMETIC):
        books = ledger.opened_books
        valued = value_portfolio(books.combined(), marks)
        if isinstance(valued, Failure):
            return Failure(valued.failure())
        own = tuple(_book_view(book, ledger, marks) for book in books.books.values())
        former = tuple(_book_view(book, ledger, marks) for _, book in sorted(ledger.former.items()))
        every = (*own, *former)
        return Success(
            AccountView(
                equity=_total(view.equity for view in every),
                cash=_total(view.cash for view in every),
                contributed=_total(view.contributed for view in every),
                realised=_total(view.realised for view in every),
                unrealised=_total(view.unrealised for view in every),
                income=_total(view.income for view in every),
                costs=_total(view.costs for view in every),
                positions=_holdings(Book("", books.combined()), valued.unwrap(), marks),
                books=own,
                former=former,
                differences=dict(ledger.noted),
            )
        )


def _book_view(book: Book, ledger: Ledger, marks: Marks) -> BookView:
    portfolio = book.portfolio
    valuation = value_portfolio(portfolio, marks).unwrap()
    return BookView(
        strategy=book.strategy,
        share=ledger.shares.get(book.strategy, ZERO),
        equity=valuation.equity,
        cash=portfolio.cash,
        contributed=portfolio.contributed,
        realised=portfolio.realised,
        unrealised=book.unrealised(valuation),
        income=portfolio.income,
        costs=portfolio.costs,
        positions=_holdings(book, valuation, marks),
    )


def _holdings(book: Book, valuation: Valuation, marks: Marks) -> tuple[HoldingView, ...]:
    return tuple(
        HoldingView(
            symbol,
            position.quantity,
            marks[symbol].price,
            valuation.values[symbol],
            position.basis,
            symbol in valuation.carried,
        )
        for symbol, position in sorted(book.portfolio.positions.items())
    )


def _total(amounts: Iterable[Usd]) -> Usd:
    return Usd(sum(amounts, start=ZERO))
