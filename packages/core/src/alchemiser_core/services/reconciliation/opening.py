"""Opening the books: an account that the journal has nothing of yet."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, localcontext

from returns.result import Failure, Result, Success

from alchemiser_core.domain.journal.account_events import (
    BooksOpened,
    CashMovedBetweenBooks,
    OpeningBook,
    OpeningPosition,
    OrderAdopted,
)
from alchemiser_core.domain.money import ARITHMETIC, NO_MONEY, ZERO, Usd
from alchemiser_core.domain.portfolio.lot import Lot
from alchemiser_core.domain.portfolio.proportion import by_shares
from alchemiser_core.domain.portfolio.valuation import Unvalued
from alchemiser_core.domain.quote import Marks
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.reconciliation.discrepancies import (
    DiscrepancyKind,
    of_amounts,
    of_order,
)
from alchemiser_core.services.reconciliation.findings import Findings

Quantities = Mapping[Symbol, Decimal]


def opening_books(
    cash: Usd,
    quantities: Quantities,
    shares: Mapping[str, Decimal],
    marks: Marks,
    session: date,
    activities: tuple[str, ...] = (),
) -> Result[tuple[BooksOpened, CashMovedBetweenBooks], Unvalued]:
    """The events that open books with the cash and shares of an account, by capital shares.

    Both add up to the account exactly. Shares count as put in at their marks; `Unvalued` names all
    without one. `activities` are identifiers of what the account has been through before.
    """
    priceless = tuple(sorted(s for s in quantities if s not in marks or not marks[s].usable))
    if priceless:
        return Failure(Unvalued(priceless))
    with localcontext(ARITHMETIC):
        parts = {s: by_shares(quantities[s], shares) for s in sorted(quantities)}
        cash_parts = by_shares(cash, shares)
        books = {
            name: _opening(
                Usd(cash_parts.get(name, ZERO)),
                {s: own[name] for s, own in parts.items() if own.get(name)},
                marks,
                session,
            )
            for name in sorted(shares)
        }
    why = "the account as the broker shows it"
    return Success((BooksOpened(books, why, activities), CashMovedBetweenBooks((), dict(shares))))


def _opening(cash: Usd, held: Quantities, marks: Marks, session: date) -> OpeningBook:
    lots = {s: Lot(q, Usd(q * marks[s].price), session) for s, q in held.items()}
    basis = sum((lot.basis for lot in lots.values()), start=ZERO)
    return OpeningBook(
        cash=cash,
        positions={s: OpeningPosition(lot.quantity, (lot,)) for s, lot in lots.items()},
        realised=NO_MONEY,
        costs=NO_MONEY,
        contributed=Usd(cash + basis),
        income=NO_MONEY,
    )


def reconcile_opening(found: Findings) -> None:
    """Open the books where the account is nothing but cash, or where what it holds is accepted."""
    held = {
        p.symbol: p.quantity
        for p in found.seen.positions
        if p.quantity > 0 and p.symbol not in found.policy.unmanaged
    }
    unfinished = [r for r in found.seen.orders if not r.status.is_terminal]
    if not found.policy.adopts and (held or unfinished):
        kind = DiscrepancyKind.UNKNOWN_HOLDINGS
        for symbol, quantity in sorted(held.items()):
            found.differ(of_amounts(kind, symbol, ZERO, quantity))
        for report in unfinished:
            found.differ(of_order(kind, report, "new"))
        return
    account, known = found.seen.account, tuple(a.identifier for a in found.seen.activities)
    opening = opening_books(
        account.cash, held, found.policy.shares, found.marks, found.session, known
    )
    if isinstance(opening, Failure):
        for symbol in opening.failure().symbols:
            found.differ(of_amounts(DiscrepancyKind.UNPRICED_POSITION, symbol, ZERO, held[symbol]))
        return
    done = [r for r in found.seen.orders if r.is_own and r.filled_quantity]
    adopted = (OrderAdopted(report, "it was before the journal") for report in done)
    found.record(*opening.unwrap(), *adopted)
    if held:
        names = ", ".join(sorted(held))
        found.tell("holdings-adopted", f"the books start with {names}", account.number)


def open_new_books(found: Findings) -> None:
    """A book for each strategy that has none; it holds nothing until cash is moved into it."""
    books = found.ledger.opened_books.books
    new = {name: ZERO for name in found.policy.shares if name not in books}
    if new:
        found.record(CashMovedBetweenBooks((), {**found.ledger.shares, **new}))
