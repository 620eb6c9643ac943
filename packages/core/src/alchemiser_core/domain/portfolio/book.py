"""Books: what each strategy holds of one account, and how it has done.

Every strategy decides for its own book. Equity, cash and quantities of the books add up to the
account's at all times.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal, localcontext
from functools import cached_property

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.money import ARITHMETIC, NO_MONEY, ZERO, Usd
from alchemiser_core.domain.portfolio.cash import CashMovement, CashReason
from alchemiser_core.domain.portfolio.crossing import BookFills
from alchemiser_core.domain.portfolio.lot import Lot
from alchemiser_core.domain.portfolio.portfolio import Oversold, Portfolio, funded
from alchemiser_core.domain.portfolio.position import Position
from alchemiser_core.domain.portfolio.transfer import Transfer
from alchemiser_core.domain.portfolio.valuation import Unvalued, Valuation, value_portfolio
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.quote import Marks
from alchemiser_core.domain.symbol import CASH, Symbol


@frozen
class Book:
    """The part of an account that belongs to one strategy."""

    strategy: str
    portfolio: Portfolio

    def profit(self, valuation: Valuation) -> Usd:
        """Equity less what was put in, US dollars; realised, unrealised and income together."""
        return Usd(valuation.equity - self.portfolio.contributed)

    def unrealised(self, valuation: Valuation) -> Usd:
        """Profit of what is still held: value less basis."""
        basis = sum((p.basis for p in self.portfolio.positions.values()), start=ZERO)
        return Usd(valuation.equity - valuation.cash - basis)


@frozen
class BookDifference:
    """A quantity or amount in which the books do not add up to the account."""

    name: str
    """A symbol, or `CASH`."""
    books: Decimal
    account: Decimal

    def problems(self) -> tuple[Problem, ...]:
        """One problem: both numbers."""
        return (
            Problem(
                code="books-differ",
                what=f"the books hold {self.books} {self.name}, the account {self.account}",
                where=self.name,
                why="the books of an account add up to it",
                hint="reconcile the journal with the broker",
            ),
        )


@frozen
class Books:
    """All books of an account, by the name of their strategy, sorted."""

    books: Mapping[str, Book]

    def only(self, strategies: Collection[str]) -> "Books":
        """The books of some strategies: those that trade while the others keep what they have."""
        return Books({name: book for name, book in self.books.items() if name in strategies})

    def combined(self) -> Portfolio:
        """All books as one portfolio."""
        return self._combined

    @cached_property
    def _combined(self) -> Portfolio:
        with localcontext(ARITHMETIC):
            parts = [book.portfolio for book in self.books.values()]
            return Portfolio(
                cash=_sum(p.cash for p in parts),
                positions=_merged(parts),
                realised=_sum(p.realised for p in parts),
                costs=_sum(p.costs for p in parts),
                contributed=_sum(p.contributed for p in parts),
                income=_sum(p.income for p in parts),
            )

    def equity(self, marks: Marks) -> Result[dict[str, Usd], Unvalued]:
        """Equity of each book, US dollars; `Unvalued` names all symbols without a price."""
        amounts: dict[str, Usd] = {}
        unvalued: set[Symbol] = set()
        for name, book in self.books.items():
            match value_portfolio(book.portfolio, marks):
                case Success(valuation):
                    amounts[name] = valuation.equity
                case Failure(missing):
                    unvalued.update(missing.symbols)
        return Failure(Unvalued(tuple(sorted(unvalued)))) if unvalued else Success(amounts)

    def apply(self, booked: BookFills) -> Result["Books", Oversold]:
        """The books after fills and crossings; none is changed where one is refused."""
        books = dict(self.books)
        for name, fills in booked.items():
            match books[name].portfolio.apply_all(fills):
                case Success(portfolio):
                    books[name] = Book(name, portfolio)
                case Failure() as refused:
                    return Failure(refused.failure())
        return Success(Books(books))

    def transfer(self, transfers: Iterable[Transfer]) -> "Books":
        """The books after transfers among them; their sum stays the same."""
        books = self
        for t in transfers:
            out = CashMovement(CashReason.TRANSFER, Usd(-t.amount), t.session, t.destination)
            into = CashMovement(CashReason.TRANSFER, t.amount, t.session, t.source)
            books = books.move_cash(t.source, out).move_cash(t.destination, into)
        return books

    def move_cash(self, strategy: str, movement: CashMovement) -> "Books":
        """The books after cash came into or went out of one of them."""
        book = Book(strategy, self.books[strategy].portfolio.move_cash(movement))
        return Books({**self.books, strategy: book})

    def differences(self, account: Portfolio) -> tuple[BookDifference, ...]:
        """Where the books do not add up to the account; empty where they do."""
        whole = self.combined()
        symbols = sorted({*whole.positions, *account.positions})
        compared = [(CASH, Decimal(whole.cash), Decimal(account.cash))]
        compared += [(s, whole.quantity(s), account.quantity(s)) for s in symbols]
        return tuple(BookDifference(*numbers) for numbers in compared if numbers[1] != numbers[2])


def open_books(cash: Usd, shares: Mapping[str, Decimal]) -> Books:
    """Books that start with their share of the cash; the shares add up to exactly 1."""
    with localcontext(ARITHMETIC):
        return Books(
            {name: Book(name, funded(Usd(cash * shares[name]))) for name in sorted(shares)}
        )


def _sum(amounts: Iterable[Usd]) -> Usd:
    return Usd(sum(amounts, start=NO_MONEY))


def _opened(lot: Lot) -> date:
    return lot.opened


def _merged(parts: Iterable[Portfolio]) -> dict[Symbol, Position]:
    found: dict[Symbol, list[Position]] = {}
    for part in parts:
        for symbol, position in part.positions.items():
            found.setdefault(symbol, []).append(position)
    return {
        symbol: held[0] if len(held) == 1 else _one_position(symbol, held)
        for symbol, held in sorted(found.items())
    }


def _one_position(symbol: Symbol, parts: Iterable[Position]) -> Position:
    held = tuple(parts)
    quantity = sum((p.quantity for p in held), start=ZERO)
    return Position(
        symbol, quantity, tuple(sorted((lot for p in held for lot in p.lots), key=_opened))
    )
