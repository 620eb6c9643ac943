"""What limits a target before it is planned: caps, denied and unmanaged symbols, cash kept back."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from attrs import Attribute, field, frozen

from alchemiser_core.domain.allocation.target_weights import TargetWeights
from alchemiser_core.domain.money import NO_MONEY, ZERO, Usd, not_negative
from alchemiser_core.domain.symbol import Symbol

ONE = Decimal(1)


def _fraction(_: object, attribute: "Attribute[Any]", value: Decimal | None) -> None:
    if value is not None and not (value.is_finite() and 0 <= value <= 1):
        raise ValueError(f"{attribute.name} lies between 0 and 1, not at {value}")


def _fractions(_: object, attribute: "Attribute[Any]", value: Mapping[Symbol, Decimal]) -> None:
    for cap in value.values():
        _fraction(_, attribute, cap)


@frozen
class Constraints:
    """Limits on the target of an account. Raises `ValueError` where a limit makes no sense."""

    caps: Mapping[Symbol, Decimal] = field(factory=dict, validator=_fractions)
    """Largest weight of single symbols; what a cap takes away stays in cash."""
    cap: Decimal | None = field(default=None, validator=_fraction)
    """Largest weight of any symbol without a cap of its own."""
    denied: frozenset[Symbol] = frozenset()
    """Never bought; what is held of them is sold."""
    unmanaged: frozenset[Symbol] = frozenset()
    """Neither bought nor sold, and not counted in equity: they belong to the owner alone."""
    cash_buffer: Decimal = field(default=ZERO, validator=_fraction)
    """Fraction of investable equity that stays in cash."""
    reserve_cash: Usd = field(default=NO_MONEY, validator=not_negative)
    """Amount that is not invested; weights are fractions of the equity beyond it."""

    def cap_of(self, symbol: Symbol) -> Decimal | None:
        """The largest weight that a symbol may have."""
        return self.caps.get(symbol, self.cap)

    @property
    def limits_symbols(self) -> bool:
        """Whether any single symbol can be limited at all."""
        return bool(self.caps or self.denied or self.unmanaged or self.cap is not None)


class Limit(StrEnum):
    """Which constraint changed a weight."""

    CAP = "cap"
    DENIED = "denied"
    UNMANAGED = "unmanaged"
    CASH_BUFFER = "cash buffer"


@frozen
class Adjustment:
    """A weight that a constraint lowered."""

    symbol: Symbol
    wanted: Decimal
    allowed: Decimal
    limit: Limit


def _allowed(symbol: Symbol, weight: Decimal, limits: Constraints) -> tuple[Decimal, Limit]:
    if symbol in limits.unmanaged:
        return ZERO, Limit.UNMANAGED
    if symbol in limits.denied:
        return ZERO, Limit.DENIED
    cap = limits.cap_of(symbol)
    return (weight if cap is None else min(weight, cap)), Limit.CAP


def constrain(
    targets: TargetWeights, limits: Constraints
) -> tuple[TargetWeights, tuple[Adjustment, ...]]:
    """The target within its limits, and every weight that had to be lowered.

    Weights that together leave less cash than the buffer are all lowered by the same factor.
    """
    adjusted: list[Adjustment] = []
    weights, total = targets.weights, targets.total
    if limits.limits_symbols:
        kept: dict[Symbol, Decimal] = {}
        for symbol, weight in weights.items():
            allowed, limit = _allowed(symbol, weight, limits)
            if allowed:
                kept[symbol] = allowed
            if allowed != weight:
                adjusted.append(Adjustment(symbol, weight, allowed, limit))
        weights, total = kept, sum(kept.values(), start=ZERO)
    room = ONE - limits.cash_buffer
    if total <= room:
        return (targets if not adjusted else TargetWeights(weights, total)), tuple(adjusted)
    scaled = {s: weight * room / total for s, weight in weights.items()}
    if limits.cash_buffer:
        adjusted += [Adjustment(s, weights[s], w, Limit.CASH_BUFFER) for s, w in scaled.items()]
    return TargetWeights({s: w for s, w in scaled.items() if w}, room), tuple(adjusted)
