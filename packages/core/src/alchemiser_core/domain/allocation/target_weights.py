"""Target weights: which fraction of equity each symbol is to have, checked once, then trusted."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.money import ZERO, decimal_from_float
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol

TOLERANCE = Decimal("1E-9")
"""How far the sum may be above 1: what adding floats can do, nothing more."""


@frozen
class BadWeight:
    """A weight that is negative or not finite."""

    symbol: Symbol
    weight: Decimal

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the symbol and its weight."""
        return (
            Problem(
                code="bad-weight",
                what=f"the target weight of {self.symbol} is {self.weight}",
                where=self.symbol,
                why="a weight is a finite number that is not negative",
                hint="check the strategy that decided it",
            ),
        )


@frozen
class WeightsAboveOne:
    """Weights that add up to more than all there is."""

    total: Decimal

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the sum."""
        return (
            Problem(
                code="weights-above-one",
                what=f"target weights add up to {self.total}",
                why="they may not exceed 1; what they leave to 1 is cash",
                hint="check the strategy that decided them",
            ),
        )


WeightFault = BadWeight | WeightsAboveOne


@frozen
class BadWeights:
    """Target weights that are refused, with every fault."""

    faults: tuple[WeightFault, ...]

    def problems(self) -> tuple[Problem, ...]:
        """The problems of all faults."""
        return tuple(p for fault in self.faults for p in fault.problems())


@frozen
class TargetWeights:
    """Positive fractions of equity, sorted by symbol; made by `target_weights` alone."""

    weights: Mapping[Symbol, Decimal]
    total: Decimal
    """Their sum, at most 1 + 1e-9; the rest is cash."""

    def __iter__(self) -> Iterator[Symbol]:
        return iter(self.weights)

    def of(self, symbol: Symbol) -> Decimal:
        """The weight of a symbol; 0 where it is not in the target."""
        return self.weights.get(symbol, ZERO)


ALL_CASH = TargetWeights({}, ZERO)


def target_weights(weights: Mapping[Symbol, float | Decimal]) -> Result[TargetWeights, BadWeights]:
    """Check weights as a strategy decided them; `BadWeights` names everything that is wrong.

    A float becomes the shortest decimal that reads back as the same float.
    """
    checked: dict[Symbol, Decimal] = {}
    faults: list[WeightFault] = []
    total = ZERO
    for symbol in sorted(weights):
        given = weights[symbol]
        weight = given if isinstance(given, Decimal) else decimal_from_float(given)
        if not weight.is_finite() or weight < 0:
            faults.append(BadWeight(symbol, weight))
        elif weight:
            checked[symbol] = weight
            total += weight
    if total > 1 + TOLERANCE:
        faults.append(WeightsAboveOne(total))
    if faults:
        return Failure(BadWeights(tuple(faults)))
    return Success(TargetWeights(checked, total))
