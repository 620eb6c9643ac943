"""Money, quantities and prices as a person reads them."""

from decimal import Decimal

from alchemiser_core.domain.money import Rounding, to_cents


def money(amount: Decimal) -> str:
    """`1,234.50`, to the cent."""
    return f"{to_cents(amount, Rounding.NEAREST):,}"


def quantity(shares: Decimal) -> str:
    """`12.5`, with all its decimals and no zeros behind them."""
    return f"{shares.normalize():,f}"


def price(dollars: Decimal) -> str:
    """`98.7654`, to a hundredth of a cent."""
    return f"{dollars.quantize(Decimal('0.0001')).normalize():,f}"


def percent(fraction: Decimal) -> str:
    """`12.34 %`."""
    return f"{100 * fraction:.2f} %"
