"""Positions and cash: where the books still differ, after orders and activities."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from alchemiser_core.domain.journal.account_events import DifferenceAccepted
from alchemiser_core.domain.money import ZERO
from alchemiser_core.domain.orders.fill import mean_price
from alchemiser_core.domain.symbol import CASH, Symbol
from alchemiser_core.services.bookkeeping import difference_parts
from alchemiser_core.services.closed_cycles import progress_of
from alchemiser_core.services.reconciliation.discrepancies import DiscrepancyKind, of_amounts
from alchemiser_core.services.reconciliation.findings import Findings
from alchemiser_core.services.reconciliation.recent_fills import NO_SLACK, recent_fills

_NOISE = Decimal("1E-9")
"""US dollars; what arithmetic of 38 digits can leave is far below, and no broker shows it."""

_SPLITS = tuple(map(Decimal, ("1.5", "2", "3", "4", "5", "6", "7", "8", "10", "15", "20", "25")))

_ROUNDED = Decimal("1E-6")
"""Shares by which a broker may have rounded what a split made."""

Differences = dict[Symbol, Decimal]
"""Broker less books, by symbol; only where it is not 0."""


def reconcile_holdings(found: Findings, splits: Mapping[Symbol, Decimal]) -> None:
    """Compare positions and cash, accept what may be accepted, and name the rest.

    Symbols with fills that are not in the books yet are left alone, and so is the cash meanwhile.
    """
    pending = _pending(found)
    differences = _differences(found, pending)
    _fractions(found, splits, differences)
    cash = found.seen.account.cash - found.ledger.opened_books.combined().cash
    lags = _lagging(found, differences)
    missing = _all_missing(found, differences, cash)
    for symbol, difference in sorted(differences.items()):
        if symbol in lags:
            _differ(found, DiscrepancyKind.LAGGING, symbol, difference)
        elif missing:
            _differ(found, DiscrepancyKind.POSITIONS_MISSING, symbol, difference)
        elif _is_split(found, symbol, difference, cash):
            _differ(found, DiscrepancyKind.PROBABLE_SPLIT, symbol, difference)
        else:
            _accept_shares(found, symbol, difference)
    if not pending:
        _reconcile_cash(found, cash, unsure=bool(lags) or missing)


def _pending(found: Findings) -> frozenset[Symbol]:
    """Symbols whose fills are not in the books, because the open cycle is not done with them or
    because they cannot be booked.
    """
    cycle = found.ledger.cycle
    if cycle is None:
        return frozenset(found.unbooked)
    traded = {progress.request.symbol for progress in progress_of(cycle.orders).values()}
    return frozenset(found.unbooked | (traded - cycle.settled))


def _differences(found: Findings, pending: Iterable[Symbol]) -> Differences:
    ignored = found.policy.unmanaged.union(pending)
    broker: dict[Symbol, Decimal] = {}
    for position in found.seen.positions:
        if position.symbol in found.policy.unmanaged:
            continue
        if position.quantity < 0:
            found.left_alone.add(position.symbol)
            kind = DiscrepancyKind.SHORT_POSITION
            found.differ(of_amounts(kind, position.symbol, ZERO, position.quantity))
        else:
            broker[position.symbol] = position.quantity
    books = found.ledger.opened_books.combined()
    symbols = {*broker, *books.positions} - ignored
    differences = {s: broker.get(s, ZERO) - books.quantity(s) for s in symbols}
    return {symbol: difference for symbol, difference in differences.items() if difference}


def _books_quantity(found: Findings, symbol: Symbol) -> Decimal:
    return found.ledger.opened_books.combined().quantity(symbol)


def _fractions(found: Findings, splits: Mapping[Symbol, Decimal], differences: Differences) -> None:
    """What a split leaves of a share is paid in cash: it goes at that price, as a sale does."""
    for symbol, paid in splits.items():
        difference = differences.get(symbol, ZERO)
        if difference and abs(difference) < 1:
            price = mean_price(paid, abs(difference)) if difference < 0 else ZERO
            why = "a fraction of a share after a split"
            _accept(found, symbol, differences.pop(symbol), price, why, is_contribution=False)


def _lagging(found: Findings, differences: Differences) -> frozenset[Symbol]:
    """Symbols whose difference can be no more than a lag of the broker's."""
    if found.policy.confirmed:
        return frozenset()
    recent = recent_fills(found.ledger, found.session)
    return frozenset(
        symbol
        for symbol, difference in differences.items()
        if symbol in found.seen.moving or recent.symbols.get(symbol, NO_SLACK).covers(difference)
    )


def _all_missing(found: Findings, differences: Differences, cash: Decimal) -> bool:
    """Whether the broker shows nothing of all that is held, and no cash that came for it.

    An empty answer is how brokers fail.
    """
    if found.policy.confirmed or not differences:
        return False
    held = found.ledger.opened_books.combined().positions
    lost = {s: q for s, q in differences.items() if s in held and -q == held[s].quantity}
    if len(lost) < len(differences) or len(lost) < len(held):
        return False
    marks = found.marks
    value = sum((-q * marks[s].price for s, q in lost.items() if s in marks), start=ZERO)
    return cash * 2 < value or not value


def _is_split(found: Findings, symbol: Symbol, difference: Decimal, cash: Decimal) -> bool:
    """Whether the broker has a multiple of the shares and the same cash: a split that it has not
    booked yet.
    """
    books = _books_quantity(found, symbol)
    broker = books + difference
    if found.policy.confirmed or not books or not broker:
        return False
    if abs(cash) > found.policy.cash_tolerance:
        return False
    expected = [books * ratio for ratio in _SPLITS] + [books / ratio for ratio in _SPLITS]
    # What a split leaves of a share may be paid in cash.
    return any(abs(broker - q) <= _ROUNDED or broker == q // 1 for q in expected)


def _differ(found: Findings, kind: DiscrepancyKind, symbol: Symbol, difference: Decimal) -> None:
    books = _books_quantity(found, symbol)
    found.differ(of_amounts(kind, symbol, books, books + difference))


def _accept_shares(found: Findings, symbol: Symbol, difference: Decimal) -> None:
    """Accept shares that came or went, at their mark, where the policy does that."""
    mark = found.marks.get(symbol)
    if not found.policy.adopts:
        _differ(found, DiscrepancyKind.QUANTITY_DIFFERS, symbol, difference)
    elif mark is None or not mark.usable:
        _differ(found, DiscrepancyKind.UNPRICED_POSITION, symbol, difference)
    else:
        why = "the broker has other positions than the journal"
        _accept(found, symbol, difference, mark.price, why, is_contribution=True)
        text = f"{difference} {symbol} at {mark.price} were accepted: {why}"
        found.tell("difference-accepted", text, symbol)


def _reconcile_cash(found: Findings, difference: Decimal, *, unsure: bool) -> None:
    if abs(difference) <= _NOISE:
        return
    books = found.ledger.opened_books.combined().cash
    within = abs(difference) <= found.policy.cash_tolerance
    recent = recent_fills(found.ledger, found.session).cash
    lags = unsure or (recent.covers(difference) and not within)
    if lags and not found.policy.confirmed:
        kind = DiscrepancyKind.LAGGING
        found.differ(of_amounts(kind, CASH, books, found.seen.account.cash))
    elif within:
        why = "the broker has a little more or less cash than the journal"
        _accept(found, CASH, difference, Decimal(1), why, is_contribution=False)
    elif found.policy.adopts:
        why = "the broker has other cash than the journal"
        _accept(found, CASH, difference, Decimal(1), why, is_contribution=True)
        found.tell("difference-accepted", f"{difference} USD were accepted: {why}", CASH)
    else:
        kind = DiscrepancyKind.CASH_DIFFERS
        found.differ(of_amounts(kind, CASH, books, found.seen.account.cash))


def _accept(
    found: Findings,
    name: str,
    difference: Decimal,
    price: Decimal,
    why: str,
    *,
    is_contribution: bool,
) -> None:
    books, shares = found.ledger.opened_books, found.capital_shares()
    parts = difference_parts(books, name, difference, shares)
    event = DifferenceAccepted(name, parts, price, found.session, is_contribution, why)
    found.record(event)
