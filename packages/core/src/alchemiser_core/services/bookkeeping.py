"""What events of the account do to its books: opening, activities, accepted differences."""

from collections.abc import Mapping
from decimal import Decimal

from alchemiser_core.domain.account import CashActivity, RemovalActivity, SplitActivity
from alchemiser_core.domain.journal.account_events import (
    ActivityBooked,
    CashMovedBetweenBooks,
    DifferenceAccepted,
    OpeningBook,
    OpeningPosition,
)
from alchemiser_core.domain.money import ZERO, Usd
from alchemiser_core.domain.orders.fill import Fill, fill_for_cash, mean_price
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.portfolio.book import Book, Books
from alchemiser_core.domain.portfolio.cash import CashMovement, CashReason
from alchemiser_core.domain.portfolio.portfolio import Portfolio
from alchemiser_core.domain.portfolio.position import Position
from alchemiser_core.domain.portfolio.proportion import by_shares, in_proportion
from alchemiser_core.domain.symbol import CASH, Symbol

_DUST = Decimal("1E-12")


def opened(name: str, opening: OpeningBook) -> Book:
    """A book as the event of its opening has it."""
    positions = {s: Position(s, p.quantity, p.lots) for s, p in sorted(opening.positions.items())}
    return Book(
        name,
        Portfolio(
            opening.cash,
            positions,
            opening.realised,
            opening.costs,
            opening.contributed,
            opening.income,
        ),
    )


def opening_of(book: Book) -> OpeningBook:
    """A book as the event of its opening has it."""
    own = book.portfolio
    return OpeningBook(
        cash=own.cash,
        positions={s: OpeningPosition(p.quantity, p.lots) for s, p in own.positions.items()},
        realised=own.realised,
        costs=own.costs,
        contributed=own.contributed,
        income=own.income,
    )


def is_empty(book: Book) -> bool:
    """Whether a book has no positions, and no cash beyond what the steps of transfers leave."""
    return abs(book.portfolio.cash) <= _DUST and not book.portfolio.positions


def after_transfers(
    books: Books, former: Mapping[str, Book], event: CashMovedBetweenBooks
) -> tuple[Books, dict[str, Book]]:
    """The books, and those that are closed, after transfers.

    A strategy with a share gets a book (the one it had, where it comes back); the book of one that
    is no longer named is closed as soon as it is empty.
    """
    known = dict(books.books)
    for name in event.shares:
        if name not in known:
            known[name] = former.get(name, Book(name, Portfolio()))
    moved = Books(dict(sorted(known.items()))).transfer(event.transfers).books
    closed = {n: book for n, book in moved.items() if n not in event.shares and is_empty(book)}
    kept = {name: book for name, book in moved.items() if name not in closed}
    gone = {name: book for name, book in former.items() if name not in known}
    return Books(kept), {**gone, **closed}


def after_activity(books: Books, event: ActivityBooked) -> Books:
    """The books after an activity of the account."""
    activity, shares = event.activity, event.shares
    match activity:
        case CashActivity():
            return _share_cash(books, shares, activity.amount, activity.reason, activity)
        case SplitActivity():
            split = {
                name: Book(name, book.portfolio.split(activity.symbol, activity.ratio))
                for name, book in books.books.items()
            }
            cash = activity.cash_in_lieu
            return _share_cash(Books(split), shares, cash, CashReason.DIVIDEND, activity)
        case RemovalActivity():
            return _removed(books, activity, shares)


def _share_cash(
    books: Books,
    shares: Mapping[str, Decimal],
    amount: Usd,
    reason: CashReason,
    activity: CashActivity | SplitActivity | RemovalActivity,
) -> Books:
    for name, part in by_shares(amount, shares).items():
        if part:
            movement = CashMovement(reason, Usd(part), activity.session, activity.identifier)
            books = books.move_cash(name, movement)
    return books


def _removed(books: Books, activity: RemovalActivity, shares: Mapping[str, Decimal]) -> Books:
    """Every book's shares of the symbol go, for their part of the cash that was paid."""
    held = holders(books, activity.symbol)
    if not held:
        return _share_cash(books, shares, activity.cash, CashReason.DIVIDEND, activity)
    whole = sum(held.values(), start=ZERO)
    price = mean_price(activity.cash, whole)
    owners = {name: quantity / whole for name, quantity in held.items()}
    for name, cash in by_shares(activity.cash, owners).items():
        fill = fill_for_cash(activity.symbol, Side.SELL, held[name], price, cash, activity.session)
        books = books.apply({name: (fill,)}).unwrap()
    return books


def holders(books: Books, symbol: Symbol) -> dict[str, Decimal]:
    """Shares of a symbol by book, of those that hold any."""
    found = {name: book.portfolio.quantity(symbol) for name, book in books.books.items()}
    return {name: quantity for name, quantity in found.items() if quantity}


def after_difference(books: Books, event: DifferenceAccepted) -> Books:
    """The books after cash or shares that the broker has, or lacks, were accepted.

    Shares that came are put in as money and bought with it, so that only their price counts; those
    that went are sold and the money is taken out.
    """
    put_in, taken = (
        (CashReason.DEPOSIT, CashReason.WITHDRAWAL)
        if event.is_contribution
        else (CashReason.INTEREST, CashReason.FEE)
    )
    for name, amount in sorted(event.amounts.items()):
        value = amount * event.price
        reason = put_in if value > 0 else taken
        movement = CashMovement(reason, Usd(value), event.session, event.why)
        books = books.move_cash(name, movement)
        if event.name != CASH:
            side = Side.BUY if amount > 0 else Side.SELL
            fill = Fill(Symbol(event.name), side, abs(amount), event.price, event.session)
            books = books.apply({name: (fill,)}).unwrap()
    return books


def difference_parts(
    books: Books, name: str, difference: Decimal, shares: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    """What each book gets of a difference, the parts adding up to it exactly.

    Cash and shares that came go by capital shares; shares that went come out of the books that
    hold them, in proportion. Never more is taken than is held.
    """
    if name == CASH or difference > 0:
        return by_shares(difference, shares)
    taken = in_proportion(-difference, holders(books, Symbol(name)))
    return {owner: -part for owner, part in taken.items() if part}
