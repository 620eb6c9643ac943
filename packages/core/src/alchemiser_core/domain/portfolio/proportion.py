"""Dividing an amount in proportion to weights so that the parts add up to it, to the last digit."""

from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal

from alchemiser_core.domain.money import ZERO

_SMALLEST_PART = Decimal("1E-12")


def in_proportion(total: Decimal, weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Parts of `total`, 0 or more, pro rata to the weights, which are positive.

    No part exceeds its weight unless the total exceeds their sum. What rounding leaves goes to
    the first that have room.
    """
    whole = sum(weights.values(), start=ZERO)
    if total == whole:
        return dict(weights)
    # A surplus is shared on top of the weights, so that rounding cannot move whole parts.
    base = whole if total > whole else ZERO
    parts = {
        name: (weight if base else ZERO)
        + ((total - base) * weight / whole).quantize(_SMALLEST_PART, ROUND_DOWN)
        for name, weight in weights.items()
    }
    left = total - sum(parts.values(), start=ZERO)
    for name, weight in weights.items():
        extra = left if base else min(left, weight - parts[name])
        parts[name] += extra
        left -= extra
    return parts


def by_shares(total: Decimal, shares: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Parts of `total`, of either sign, by shares that add up to 1; shares of 0 get none.

    What rounding leaves goes to the last, so that nothing is lost.
    """
    names = [name for name in sorted(shares) if shares[name]]
    parts: dict[str, Decimal] = {}
    left = total
    for name in names[:-1]:
        parts[name] = (total * shares[name]).quantize(_SMALLEST_PART, ROUND_DOWN)
        left -= parts[name]
    if names:
        parts[names[-1]] = left
    return parts


def as_shares(weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Weights, 0 or more and not all 0, as shares that add up to exactly 1."""
    whole = sum(weights.values(), start=ZERO)
    return by_shares(Decimal(1), {n: weight / whole for n, weight in weights.items()})
