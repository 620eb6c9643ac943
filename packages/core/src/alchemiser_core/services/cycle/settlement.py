"""Settling a cycle: what was filled and what was crossed is booked to the books that wished it.

One fill stands for all that an order has filled. Its price is the mean in nine decimals; what that
leaves of the exact value is in its cost, so that cash is right to the last digit.
"""

from collections.abc import Iterable
from datetime import date
from decimal import localcontext

from returns.result import Failure, Result, Success

from alchemiser_core.domain.journal.events import BooksSettled, PlanCommitted
from alchemiser_core.domain.money import ARITHMETIC
from alchemiser_core.domain.orders.fill import Fill, fill_for_cash, mean_price
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.portfolio.crossing import Unattributable, settle
from alchemiser_core.domain.quote import Mark
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.execution.progress import OrderProgress


def fill_of(progress: OrderProgress, session: date) -> Fill | None:
    """All that an order has filled; `None` where that is nothing, or its price is not known."""
    quantity, value = progress.filled_quantity, progress.filled_value
    if not quantity or value is None:
        return None
    request = progress.request
    with localcontext(ARITHMETIC):
        return fill_for_cash(
            request.symbol,
            request.side,
            quantity,
            mean_price(value, quantity),
            (-value if request.side is Side.BUY else value) - progress.costs,
            session,
            request.client_order_id,
        )


def settlements(
    plan: PlanCommitted,
    orders: Iterable[OrderProgress],
    settled: frozenset[Symbol],
    session: date,
) -> Result[tuple[BooksSettled, ...], Unattributable]:
    """What each symbol's orders and crossings did to the books, for symbols not settled before.

    An order that may still fill is settled with what it has filled; the rest is booked when it
    comes. Failure: a fill that no book has asked for.
    """
    fills: dict[Symbol, list[Fill]] = {}
    for progress in orders:
        fill = fill_of(progress, session)
        if fill is not None:
            fills.setdefault(fill.symbol, []).append(fill)
    found: list[BooksSettled] = []
    for symbol in sorted({*plan.wishes, *fills} - settled):
        mark = Mark(symbol, plan.marks[symbol], session)
        booked = settle(plan.wishes.get(symbol, {}), fills.get(symbol, []), mark)
        if isinstance(booked, Failure):
            return Failure(booked.failure())
        if booked.unwrap():
            found.append(BooksSettled(symbol, booked.unwrap()))
    return Success(tuple(found))
