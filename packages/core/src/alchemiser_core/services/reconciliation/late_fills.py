"""Late fills: what was filled of an order after its cycle was settled reaches the books."""

from collections.abc import Mapping
from decimal import Decimal

from alchemiser_core.domain.journal.account_events import LateFillAccepted
from alchemiser_core.domain.money import ZERO, Usd
from alchemiser_core.domain.orders.fill import Fill, fill_for_cash, mean_price
from alchemiser_core.domain.orders.identifiers import ClientOrderId, Side
from alchemiser_core.domain.portfolio.book import Books
from alchemiser_core.domain.portfolio.proportion import by_shares, in_proportion
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.execution.progress import OrderProgress
from alchemiser_core.services.bookkeeping import holders
from alchemiser_core.services.closed_cycles import BookedOrder, ClosedCycle
from alchemiser_core.services.reconciliation.discrepancies import (
    Discrepancy,
    DiscrepancyKind,
    of_amounts,
)
from alchemiser_core.services.reconciliation.findings import Findings

LateFills = dict[str, tuple[Fill, ...]]


def late_fills(
    found: Findings,
    cycle: ClosedCycle,
    symbol: Symbol,
    orders: Mapping[ClientOrderId, OrderProgress],
) -> LateFills:
    """Fills that are not in the books yet, by book.

    They go to the books that still want that side, pro rata to what they lack, as in the
    settlement of the cycle.
    """
    books, wishes = found.ledger.opened_books, dict(cycle.wishes.get(symbol, {}))
    shared: dict[str, list[Fill]] = {}
    for identifier, progress in orders.items():
        booked = cycle.booked.get(identifier, BookedOrder())
        if progress.filled_quantity <= booked.quantity:
            continue
        if progress.filled_value is None:
            found.unbooked.add(symbol)
            found.unpriced.add(symbol)
            said = f"{progress.filled_quantity} {symbol} filled, no price"
            kind = DiscrepancyKind.UNPRICED_FILL
            found.differ(Discrepancy(kind, identifier, f"{booked.quantity} booked", said))
            continue
        fill = _growth(progress, booked, progress.filled_value, cycle)
        parts = _parts(found, books, wishes, fill)
        if not parts:
            _unbookable(found, cycle, books, fill, identifier)
            continue
        for name, part in _split(fill, parts).items():
            shared.setdefault(name, []).append(part)
            signed = part.quantity if fill.side is Side.BUY else -part.quantity
            wishes[name] = wishes.get(name, ZERO) - signed
        books = books.apply({n: (p,) for n, p in _split(fill, parts).items()}).unwrap()
    return {name: tuple(fills) for name, fills in sorted(shared.items())}


def _unbookable(
    found: Findings, cycle: ClosedCycle, books: Books, fill: Fill, identifier: ClientOrderId
) -> None:
    """Name a fill that no book can take; on a person's word it counts as booked, and what it did
    to the account is left to the comparison of positions and cash.
    """
    if found.policy.confirmed:
        found.record(LateFillAccepted(cycle.key, fill))
        text = f"{fill.side} {fill.quantity} {fill.symbol}, filled late, is taken as it stands"
        found.tell("late-fill", text, identifier)
        return
    found.unbooked.add(fill.symbol)
    held = sum(holders(books, fill.symbol).values(), start=ZERO)
    kind = DiscrepancyKind.UNBOOKABLE_FILL
    found.differ(of_amounts(kind, identifier, held, fill.quantity))


def _growth(progress: OrderProgress, booked: BookedOrder, value: Usd, cycle: ClosedCycle) -> Fill:
    """One fill for all that is new. Its price is for the record; the cash is exact by the cost."""
    request = progress.request
    quantity = progress.filled_quantity - booked.quantity
    change = (-value if request.side is Side.BUY else value) - progress.costs - booked.cash
    return fill_for_cash(
        request.symbol,
        request.side,
        quantity,
        mean_price(value - booked.value, quantity),
        change,
        cycle.key.trading_day,
        request.client_order_id,
    )


def _parts(
    found: Findings, books: Books, wishes: Mapping[str, Decimal], fill: Fill
) -> dict[str, Decimal]:
    """Shares of a fill by book; empty where it sells more than there is."""
    if fill.side is Side.BUY:
        wanted = {n: w for n, w in sorted(wishes.items()) if w > 0 and n in books.books}
        if not wanted:
            return by_shares(fill.quantity, found.capital_shares())
        return _some(in_proportion(fill.quantity, wanted))
    held = holders(books, fill.symbol)
    offered = {n: min(-wishes.get(n, ZERO), q) for n, q in held.items() if wishes.get(n, ZERO) < 0}
    for weights in (offered, held):
        if fill.quantity <= sum(weights.values(), start=ZERO):
            return _some(in_proportion(fill.quantity, weights))
    return {}


def _some(parts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {name: part for name, part in parts.items() if part}


def _split(fill: Fill, parts: Mapping[str, Decimal]) -> dict[str, Fill]:
    """The fill by book, its cost in proportion; quantities and costs add up to the whole."""
    costs = by_shares(fill.cost, {n: part / fill.quantity for n, part in parts.items()})
    return {
        name: Fill(
            fill.symbol,
            fill.side,
            part,
            fill.price,
            fill.session,
            Usd(costs[name]),
            fill.client_order_id,
        )
        for name, part in parts.items()
    }
