"""An account as its journal tells it: what each book has, at the last prices that are known.

A holding whose price is not known has no value here, and what depends on it is not known either;
its cost is no price.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, localcontext

from attrs import field, frozen
from returns.result import Failure

from alchemiser_core.domain.money import ARITHMETIC, ZERO, Usd
from alchemiser_core.domain.portfolio.book import Book
from alchemiser_core.domain.portfolio.position import Position
from alchemiser_core.domain.portfolio.valuation import value_portfolio
from alchemiser_core.domain.quote import Mark, Marks
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.ledger import Ledger


@frozen
class Holding:
    """Shares of one symbol."""

    symbol: Symbol
    quantity: Decimal
    basis: Usd
    """What they cost, costs of buying included."""
    mark: Mark | None
    """The last price that is known; `None` where none is."""

    @property
    def value(self) -> Usd | None:
        """US dollars at that price."""
        if self.mark is None:
            return None
        with localcontext(ARITHMETIC):
            return Usd(self.quantity * self.mark.price)

    @property
    def unrealised(self) -> Usd | None:
        """Profit that is not realised, US dollars."""
        if self.value is None:
            return None
        with localcontext(ARITHMETIC):
            return Usd(self.value - self.basis)


@frozen
class Standing:
    """What a book, or the account, has and how it has done, in US dollars."""

    name: str
    cash: Usd
    contributed: Usd
    """Put in less taken out."""
    realised: Usd
    income: Usd
    """Dividends and interest less fees."""
    costs: Usd
    """Of all fills; in the profit already."""
    equity: Usd | None
    unrealised: Usd | None
    holdings: tuple[Holding, ...]
    share: Decimal | None = None
    """Capital share of a book."""

    @property
    def profit(self) -> Usd | None:
        """Equity beyond what was put in."""
        if self.equity is None:
            return None
        with localcontext(ARITHMETIC):
            return Usd(self.equity - self.contributed)


@frozen
class AccountStatus:
    """The account and its books; every amount of the account is the sum over the books."""

    account: Standing
    books: tuple[Standing, ...]
    former: tuple[Standing, ...] = field(default=())
    """Books that are closed: nothing is left in them, but they count in the profit."""

    @property
    def unpriced(self) -> tuple[Symbol, ...]:
        """What is held and has no price."""
        return tuple(each.symbol for each in self.account.holdings if each.mark is None)

    @property
    def sessions(self) -> tuple[date, ...]:
        """The sessions that the prices are of, the oldest first."""
        marks = (each.mark for each in self.account.holdings)
        return tuple(sorted({mark.session for mark in marks if mark is not None}))


def account_status(ledger: Ledger, marks: Marks) -> AccountStatus | None:
    """The account at these prices; `None` where its books were never opened."""
    if ledger.books is None:
        return None
    with localcontext(ARITHMETIC):
        books = tuple(
            _standing(book, marks, ledger.shares.get(name, ZERO))
            for name, book in ledger.books.books.items()
        )
        former = tuple(_standing(book, marks, ZERO) for _, book in sorted(ledger.former.items()))
        every = (*books, *former)
        whole = Standing(
            name="account",
            cash=_sum(each.cash for each in every),
            contributed=_sum(each.contributed for each in every),
            realised=_sum(each.realised for each in every),
            income=_sum(each.income for each in every),
            costs=_sum(each.costs for each in every),
            equity=_known_sum(each.equity for each in every),
            unrealised=_known_sum(each.unrealised for each in every),
            holdings=_holdings(ledger.books.combined().positions.values(), marks),
        )
        return AccountStatus(whole, books, former)


def _standing(book: Book, marks: Marks, share: Decimal) -> Standing:
    portfolio = book.portfolio
    valued = value_portfolio(portfolio, marks)
    valuation = None if isinstance(valued, Failure) else valued.unwrap()
    return Standing(
        name=book.strategy,
        cash=portfolio.cash,
        contributed=portfolio.contributed,
        realised=portfolio.realised,
        income=portfolio.income,
        costs=portfolio.costs,
        equity=None if valuation is None else valuation.equity,
        unrealised=None if valuation is None else book.unrealised(valuation),
        holdings=_holdings(portfolio.positions.values(), marks),
        share=share,
    )


def _holdings(positions: Iterable[Position], marks: Marks) -> tuple[Holding, ...]:
    return tuple(
        Holding(each.symbol, each.quantity, each.basis, marks.get(each.symbol))
        for each in sorted(positions, key=lambda position: position.symbol)
    )


def _sum(amounts: Iterable[Usd]) -> Usd:
    return Usd(sum(amounts, start=ZERO))


def _known_sum(amounts: Iterable[Usd | None]) -> Usd | None:
    """The sum; `None` where one of the amounts is not known."""
    known = tuple(amounts)
    return None if None in known else _sum(each for each in known if each is not None)
