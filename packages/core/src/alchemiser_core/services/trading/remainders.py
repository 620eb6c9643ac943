"""Shares beyond whole increments: what a book holds of a symbol that other books hold as well.

The account holds what its broker can trade; a book, which gets its part of fills and crossings,
need not. When some books leave a symbol and others stay in it, the order is in whole increments,
and what is left of one is crossed, at the mark, to the largest holder that stays.
"""

from collections.abc import Mapping
from decimal import Decimal

from attrs import evolve

from alchemiser_core.domain.allocation.rebalance_plan import RebalancePlan
from alchemiser_core.domain.instrument import Instrument
from alchemiser_core.domain.portfolio.book import Books
from alchemiser_core.domain.portfolio.portfolio import Portfolio
from alchemiser_core.domain.portfolio.position import Position
from alchemiser_core.domain.symbol import Symbol

Wishes = dict[Symbol, dict[str, Decimal]]


def remainders(
    own: Portfolio, idle: Books, instruments: Mapping[Symbol, Instrument]
) -> dict[Symbol, Decimal]:
    """Shares that the books that trade hold beyond whole increments, where others hold some too."""
    found: dict[Symbol, Decimal] = {}
    for symbol, position in own.positions.items():
        step = instruments[symbol].quantity_increment if symbol in instruments else None
        rest = position.quantity % step if step else None
        if rest and any(book.portfolio.quantity(symbol) for book in idle.books.values()):
            found[symbol] = rest
    return found


def without_remainders(own: Portfolio, rests: Mapping[Symbol, Decimal]) -> Portfolio:
    """What of a portfolio can be sold in whole increments."""
    kept = {
        symbol: Position(symbol, quantity, position.lots)
        for symbol, position in own.positions.items()
        if (quantity := position.quantity - rests.get(symbol, 0))
    }
    return evolve(own, positions=kept) if rests else own


def handed_over(
    wishes: Wishes,
    rests: Mapping[Symbol, Decimal],
    plan: RebalancePlan,
    own: Portfolio,
    idle: Books,
) -> Wishes:
    """The wishes, with what is left of an increment going to a book that stays.

    Only where every book that trades sells all it has: by an order, or because all it has is less
    than one increment.
    """
    ordered = {order.symbol for order in plan.orders}
    found = dict(wishes)
    for symbol, rest in rests.items():
        leaves = symbol in wishes and not plan.target.of(symbol)
        if leaves and (symbol in ordered or own.quantity(symbol) == rest):
            holders = {n: b.portfolio.quantity(symbol) for n, b in idle.books.items()}
            largest = max(holders, key=lambda name: holders[name])
            found[symbol] = {**wishes[symbol], largest: rest}
    return found
