"""Money, quantities and prices as a person reads them."""

from collections.abc import Sequence
from decimal import Decimal

from alchemiser_core.domain.money import CENT, Rounding, to_cents


def money(amount: Decimal) -> str:
    """`1,234.50`, to the cent."""
    return f"{to_cents(amount, Rounding.NEAREST):,}"


def money_that_adds_up(parts: Sequence[Decimal]) -> list[str]:
    """Each part to the cent, so that what is shown adds up to the sum as `money` shows it.

    Books share cents: three thirds of a dollar are shown as 0.34, 0.33 and 0.33.
    """
    down = [to_cents(part, Rounding.DOWN) for part in parts]
    whole = to_cents(sum(parts, start=Decimal(0)), Rounding.NEAREST)
    left = int((whole - sum(down, start=Decimal(0))) / CENT)
    most = sorted(range(len(parts)), key=lambda place: down[place] - parts[place])
    raised = set(most[:left])
    return [
        f"{amount + CENT if place in raised else amount:,}" for place, amount in enumerate(down)
    ]


def quantity(shares: Decimal) -> str:
    """`12.5`, with all its decimals and no zeros behind them."""
    return f"{shares.normalize():,f}"


def price(dollars: Decimal) -> str:
    """`98.7654`, to a hundredth of a cent."""
    return f"{dollars.quantize(Decimal('0.0001')).normalize():,f}"


def percent(fraction: Decimal) -> str:
    """`12.34 %`."""
    return f"{100 * fraction:.2f} %"
