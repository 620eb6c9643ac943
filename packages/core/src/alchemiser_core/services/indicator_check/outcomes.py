"""Plays the points of a decision through once more, with the second vendor's numbers."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from attrs import frozen

from alchemiser_core.domain.reasons import Measured
from alchemiser_core.services.indicator_check.points import (
    ConditionPoint,
    Point,
    RankingPoint,
    Side,
)
from alchemiser_core.symphony.ast import Comparator, Select
from alchemiser_core.symphony.engine.comparison import choose_highest, compare

_COMPARATORS = {comparator.value: comparator for comparator in Comparator}

Replays = Mapping[Measured, float]
"""Indicators by the second vendor, in the units and on the level of our own."""


@frozen
class Outcome:
    """What a condition or a ranking came to, here and by the second vendor's numbers."""

    strategy: str
    point: str
    measured: tuple[Measured, ...]
    """The indicators of it that the second vendor had."""
    ours: str
    theirs: str

    @property
    def flips(self) -> bool:
        """Whether the decision would have been another one."""
        return self.ours != self.theirs


def outcomes(points: Iterable[Point], replays: Replays) -> Iterator[Outcome]:
    """Every condition and ranking of which the second vendor had any number.

    What it did not have counts as it was here. A comparison of another kind than those of a
    symphony, as a strategy written by hand may make it, cannot be played through.
    """
    for point in points:
        match point:
            case ConditionPoint() if point.comparator in _COMPARATORS:
                had = _had((side.measured for side in point.sides), replays)
                if had:
                    yield _condition(point, had, replays)
            case RankingPoint():
                had = _had((each.measured for each in point.ranking), replays)
                if had:
                    yield _ranking(point, had, replays)


def _had(measured: Iterable[Measured | None], replays: Replays) -> tuple[Measured, ...]:
    return tuple(each for each in measured if each is not None and each in replays)


def _condition(point: ConditionPoint, had: tuple[Measured, ...], replays: Replays) -> Outcome:
    left, right = (np.array([_value(side, replays)]) for side in point.sides)
    outcome = bool(compare(_COMPARATORS[point.comparator], left, right)[0])
    return Outcome(point.strategy, str(point), had, _answer(point.outcome), _answer(outcome))


def _value(side: Side, replays: Replays) -> float:
    return side.value if side.measured is None else replays.get(side.measured, side.value)


def _answer(outcome: bool) -> str:
    return "yes" if outcome else "no"


def _ranking(point: RankingPoint, had: tuple[Measured, ...], replays: Replays) -> Outcome:
    scores = np.array(
        [
            each.score if each.measured is None else replays.get(each.measured, each.score)
            for each in point.ranking
        ]
    )
    ranked = scores if point.select == Select.TOP else -scores
    eligible = np.ones((len(ranked), 1), dtype=bool)
    taken = choose_highest(ranked[:, np.newaxis], eligible, point.count)[:, 0]
    ours = sorted(each.label for each in point.ranking if each.chosen)
    theirs = sorted(each.label for each, chosen in zip(point.ranking, taken, strict=True) if chosen)
    return Outcome(point.strategy, str(point), had, ", ".join(ours), ", ".join(theirs))
