"""What is held of one symbol: shares and what they cost."""

from decimal import ROUND_HALF_EVEN, Decimal

from attrs import frozen

from alchemiser_core.domain.money import ZERO
from alchemiser_core.simulation.exchange.exact import EXACT

_DIGITS = Decimal("1E-9")


@frozen
class Holding:
    """Shares of one symbol, more than 0."""

    qty: Decimal
    cost: Decimal
    """What they cost together, US dollars, by the average-cost rule, to nine decimals."""

    @property
    def average_price(self) -> Decimal:
        """What one share cost, to nine decimals."""
        return _rounded(EXACT.divide(self.cost, self.qty))


def bought(before: Holding | None, qty: Decimal, value: Decimal) -> Holding:
    """More shares for their value."""
    held, cost = (ZERO, ZERO) if before is None else (before.qty, before.cost)
    return Holding(EXACT.add(held, qty), _rounded(EXACT.add(cost, value)))


def sold(before: Holding | None, qty: Decimal) -> Holding | None:
    """Fewer shares, whose cost goes with them in proportion; `None` where none is left.

    Raises `ValueError` where there are not so many.
    """
    if before is None or qty > before.qty:
        raise ValueError("more shares were sold than there are")
    left = EXACT.subtract(before.qty, qty)
    if not left:
        return None
    share = EXACT.divide(EXACT.multiply(before.cost, left), before.qty)
    return Holding(left, _rounded(share))


def split(before: Holding, came: Decimal) -> Holding | None:
    """More shares, or fewer, for the same cost."""
    after = EXACT.add(before.qty, came)
    return Holding(after, before.cost) if after else None


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(_DIGITS, ROUND_HALF_EVEN, EXACT)
