"""Where an indicator mattered: the conditions, rankings and weights on the path of a decision."""

from collections.abc import Iterator, Mapping

from attrs import evolve, field, frozen

from alchemiser_core.domain.reasons import (
    BlockReason,
    Candidate,
    ConditionReason,
    FilterReason,
    Measured,
    Reason,
)
from alchemiser_core.domain.symbol import Symbol


@frozen
class StrategyPath:
    """Why a strategy decided as it did."""

    strategy: str
    reasons: tuple[Reason, ...]
    replaced: Mapping[Symbol, Symbol] = field(factory=dict)
    """Symbols of the rules -> those whose bars were read in their place."""


@frozen
class Side:
    """One side of a condition: an indicator, or a number."""

    label: str
    value: float
    measured: Measured | None
    """`None` for a number, and for what only the strategy can compute."""


@frozen
class ConditionPoint:
    """A condition, and how it came out."""

    strategy: str
    left: Side
    comparator: str
    right: Side
    outcome: bool
    fragile: bool

    @property
    def sides(self) -> tuple[Side, Side]:
        """Left, then right."""
        return (self.left, self.right)

    def __str__(self) -> str:
        return f"{self.left.label} {self.comparator} {self.right.label}"


@frozen
class Ranked:
    """A candidate that was ranked."""

    label: str
    score: float
    chosen: bool
    measured: Measured | None
    """`None` for a block, which is measured by a series of its own."""


@frozen
class RankingPoint:
    """A ranking, best first, and who was chosen."""

    strategy: str
    measure: str
    select: str
    count: int
    ranking: tuple[Ranked, ...]
    fragile: bool

    def __str__(self) -> str:
        return f"{self.select} {self.count} by {self.measure}"


@frozen
class WeightPoint:
    """Weights by inverse volatility: nothing is chosen, and every share follows the numbers."""

    strategy: str
    label: str
    weighed: tuple[Ranked, ...]

    def __str__(self) -> str:
        return self.label


Point = ConditionPoint | RankingPoint | WeightPoint


def points_of(path: StrategyPath) -> Iterator[Point]:
    """Every point on a path, from the root on."""
    stack = list(reversed(path.reasons))
    while stack:
        reason = stack.pop()
        match reason:
            case ConditionReason():
                yield _condition(path, reason)
            case FilterReason():
                yield _ranking(path, reason)
            case BlockReason() if reason.weighed:
                yield WeightPoint(path.strategy, reason.label, _ranked(path, reason.weighed))
        stack.extend(reversed(getattr(reason, "because", ())))


def _condition(path: StrategyPath, reason: ConditionReason) -> ConditionPoint:
    return ConditionPoint(
        strategy=path.strategy,
        left=Side(reason.left, reason.left_value, _read(path, reason.left_of)),
        comparator=reason.comparator,
        right=Side(reason.right, reason.right_value, _read(path, reason.right_of)),
        outcome=reason.outcome,
        fragile=reason.fragile,
    )


def _ranking(path: StrategyPath, reason: FilterReason) -> RankingPoint:
    return RankingPoint(
        strategy=path.strategy,
        measure=reason.measure,
        select=reason.select,
        count=reason.count,
        ranking=_ranked(path, reason.ranking),
        fragile=reason.fragile,
    )


def _ranked(path: StrategyPath, candidates: tuple[Candidate, ...]) -> tuple[Ranked, ...]:
    """The candidates that have a score; one that was left out decided nothing."""
    return tuple(
        Ranked(each.label, each.score, each.chosen, _read(path, each.measured))
        for each in candidates
        if each.score is not None
    )


def _read(path: StrategyPath, measured: Measured | None) -> Measured | None:
    """What was measured, on the symbol whose bars were read."""
    if measured is None or measured.symbol not in path.replaced:
        return measured
    return evolve(measured, symbol=path.replaced[measured.symbol])
