"""How much to trade: equity after costs, and quantities in the instrument's steps."""

from collections.abc import Sequence
from decimal import Decimal

from alchemiser_core.domain.money import ZERO

NOISE = Decimal("1E-13")
"""Differences up to this fraction of equity are rounding noise and no reason to trade."""

FINEST = Decimal("1E-20")
"""Quantities without increments are multiples of it: their sums and differences are then exact, so
that the books of an account add up to the last digit."""

_ALMOST = 1 + Decimal("1E-12")


def equity_after_costs(
    equity: Decimal, held: Sequence[Decimal], weights: Sequence[Decimal], rate: Decimal
) -> Decimal:
    """Solve E⁺ = E⁻ − c·Σ|wᵢE⁺ − hᵢ| for E⁺, the equity that the targets apply to.

    `equity` is E⁻ and `held` are the values hᵢ, in US dollars; `weights` are the wᵢ, not negative;
    `rate` is c, cost and slippage as a fraction of traded value, under 1. The right side less
    the left is concave and piecewise linear in E⁺, so Newton's steps come down to the root from
    above: each solves one linear piece exactly, and a difference changes its sign at most once.
    """
    if not rate:
        return equity
    estimate = equity
    while True:
        slope, level = ZERO, ZERO
        for value, weight in zip(held, weights, strict=True):
            if weight * estimate >= value:
                slope += weight
                level += value
            else:
                slope -= weight
                level -= value
        solved = (equity + rate * level) / (1 + rate * slope)
        if solved >= estimate:
            return solved
        estimate = solved


def whole_steps(quantity: Decimal, increment: Decimal | None) -> Decimal:
    """The quantity, 0 or more, rounded down to the instrument's increment.

    A quantity that misses the next step by no more than the noise of float weights (1e-12 of it)
    counts as that step: a third of 3,000 buys ten shares at 100, not nine.
    """
    if increment is None:
        return quantity // FINEST * FINEST
    return quantity * _ALMOST // increment * increment
