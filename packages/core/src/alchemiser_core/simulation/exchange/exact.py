"""Exact arithmetic of the simulated exchange, and the one rule by which it rounds to cents."""

from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

from alchemiser_core.domain.money import CENT, Usd
from alchemiser_core.domain.orders.identifiers import Side

EXACT = Context(
    prec=96, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero, Overflow]
)
"""Wide enough that products and sums of quantities and prices are never rounded."""


def exact_value(quantity: Decimal, price: Decimal) -> Usd:
    """Quantity times price with all digits."""
    return Usd(EXACT.multiply(quantity, price))


def cash_change(side: Side, value: Decimal, fees: Decimal) -> Usd:
    """What a fill does to cash, in whole cents, rounded against the account."""
    if side is Side.BUY:
        charge = EXACT.add(value, fees).quantize(CENT, ROUND_CEILING, EXACT)
        return Usd(EXACT.minus(charge))
    return Usd(EXACT.subtract(value, fees).quantize(CENT, ROUND_FLOOR, EXACT))


def costs_in(side: Side, value: Decimal, change: Decimal) -> Usd:
    """The costs that make up the difference between a value and the cash it moved."""
    if side is Side.BUY:
        return Usd(EXACT.subtract(EXACT.minus(change), value))
    return Usd(EXACT.subtract(value, change))


def floored(quantity: Decimal, increment: Decimal | None) -> Decimal:
    """The quantity rounded down to a multiple of the increment."""
    if increment is None:
        return quantity
    return EXACT.multiply(EXACT.divide_int(quantity, increment), increment)


def held_back(quantity: Decimal, price: Decimal, rate: Decimal) -> Decimal:
    """Cash that a buy holds back, in whole cents: its value times a rate of 1 or more."""
    value = EXACT.multiply(EXACT.multiply(quantity, price), rate)
    return value.quantize(CENT, ROUND_CEILING, EXACT)


def cash_of(side: Side, value: Decimal, costs: Decimal) -> Usd:
    """What a fill of a value does to cash where its costs already hold the rounding."""
    if side is Side.BUY:
        return Usd(EXACT.minus(EXACT.add(value, costs)))
    return Usd(EXACT.subtract(value, costs))
