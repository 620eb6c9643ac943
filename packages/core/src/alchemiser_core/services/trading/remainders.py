"""Shares beyond whole increments: what a book holds of a symbol that other books hold as well.

The account holds what its broker can trade; a book, which gets its part of fills and crossings,
need not. When some books leave a symbol and others stay in it, the order is in whole increments,
and what is left of one is crossed, at the mark, to the largest holder that stays.
"""

from collections.abc import Mapping
from decimal import Decimal

from attrs import evolve

from alchemiser_core.domain.allocation.rebalance_plan import RebalancePlan
from alchemiser_core.domain.allocation.target_weights import TargetWeights
from alchemiser_core.domain.instrument import Instrument
from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.portfolio.book import Books
from alchemiser_core.domain.portfolio.portfolio import Portfolio
from alchemiser_core.domain.portfolio.position import Position
from alchemiser_core.domain.quote import Marks
from alchemiser_core.domain.symbol import Symbol

Wishes = dict[Symbol, dict[str, Decimal]]


def remainders(
    own: Portfolio,
    idle: Books,
    allowed: TargetWeights,
    instruments: Mapping[Symbol, Instrument],
    marks: Marks,
) -> dict[Symbol, Decimal]:
    """Shares that the books that trade hold beyond whole increments of symbols that leave their
    target, where other books hold some too and there is a price to trade at.
    """
    found: dict[Symbol, Decimal] = {}
    for symbol, position in own.positions.items():
        instrument, mark = instruments.get(symbol), marks.get(symbol)
        if allowed.of(symbol) or instrument is None or not instrument.tradable:
            continue
        step = instrument.quantity_increment
        rest = position.quantity % step if step else None
        priced = mark is not None and mark.usable and not mark.age
        if rest and priced and any(b.portfolio.quantity(symbol) for b in idle.books.values()):
            found[symbol] = rest
    return found


def without_remainders(
    own: Portfolio, rests: Mapping[Symbol, Decimal], worth: Decimal
) -> Portfolio:
    """What of a portfolio can be sold in whole increments; the rest is cash already."""
    if not rests:
        return own
    kept = {
        symbol: Position(symbol, quantity, position.lots)
        for symbol, position in own.positions.items()
        if (quantity := position.quantity - rests.get(symbol, 0))
    }
    return evolve(own, cash=Usd(own.cash + worth), positions=kept)


def handed_over(
    wishes: Wishes,
    rests: Mapping[Symbol, Decimal],
    plan: RebalancePlan,
    own: Portfolio,
    idle: Books,
) -> Wishes:
    """The wishes, with what is left of an increment going to a book that stays.

    Only where the rest is sold by an order, or less than one increment is all there is.
    """
    ordered = {order.symbol for order in plan.orders}
    found = dict(wishes)
    for symbol, rest in rests.items():
        if symbol in wishes and (symbol in ordered or own.quantity(symbol) == rest):
            holders = {n: b.portfolio.quantity(symbol) for n, b in idle.books.items()}
            largest = max(holders, key=lambda name: holders[name])
            found[symbol] = {**wishes[symbol], largest: rest}
    return found
