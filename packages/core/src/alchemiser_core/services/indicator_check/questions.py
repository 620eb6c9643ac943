"""What the second vendor is asked, within the credits: what could change the decision comes first.

One credit buys the bars of a symbol, by which our own rules compute everything that was measured on
it. What is left buys the vendor's own numbers, one credit each.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from math import inf

from attrs import frozen

from alchemiser_core.domain.measure import IndicatorKind
from alchemiser_core.domain.reasons import Measured
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.indicators import bars_needed
from alchemiser_core.indicators.requirement import windows_of
from alchemiser_core.services.indicator_check.points import (
    ConditionPoint,
    Point,
    RankingPoint,
    WeightPoint,
)
from alchemiser_core.services.indicator_check.scales import Tolerances, distance

_MEMORY = 10
"""Windows after which what an average that recurs was begun with has gone: e^-10 is left of it."""
_RECURRING = frozenset(
    {
        IndicatorKind.RSI,
        IndicatorKind.EXPONENTIAL_MOVING_AVERAGE_PRICE,
        IndicatorKind.PPO,
        IndicatorKind.PPO_SIGNAL,
    }
)


@frozen
class Wanted:
    """An indicator that mattered."""

    measured: Measured
    ours: float
    """In the units of the indicator."""
    fragile: bool
    """It mattered at a point that could have fallen either way."""
    nearness: float
    """How far from another outcome it was, in tolerances."""


@frozen
class Questions:
    """What is asked, and what the credits do not reach."""

    bars: tuple[Symbol, ...]
    own: tuple[Measured, ...]
    """Indicators that the vendor computes itself."""
    unasked: tuple[Measured, ...]


def most_telling(points: Iterable[Point], tolerances: Tolerances) -> tuple[Wanted, ...]:
    """Every indicator once, the one nearest to another outcome first, fragile ones before all."""
    found: dict[Measured, Wanted] = {}
    for point in points:
        for each in _wanted(point, tolerances):
            known = found.get(each.measured)
            if known is None or _rank(each) < _rank(known):
                found[each.measured] = each
    return tuple(sorted(found.values(), key=_rank))


def questions(wanted: Iterable[Wanted], kinds: frozenset[IndicatorKind], credit: int) -> Questions:
    """What is asked for `credit` credits of a vendor that computes `kinds` itself."""
    measured = [each.measured for each in wanted]
    symbols = tuple(dict.fromkeys(each.symbol for each in measured))[:credit]
    reached = [each for each in measured if each.symbol in symbols]
    own = [e for e in reached if e.measure.kind in kinds and len(e.measure.windows) == 1]
    return Questions(
        bars=symbols,
        own=tuple(own[: credit - len(symbols)]),
        unasked=tuple(each for each in measured if each.symbol not in symbols),
    )


def first_day(measured: Iterable[Measured], as_of: date) -> date:
    """From when bars are asked for, so that every indicator has what it needs, with days to spare.

    Of 7 days 5 are sessions at most; holidays take less than one more day of each 20.
    """
    bars = max((_bars(each) for each in measured), default=1)
    return as_of - timedelta(days=bars * 3 // 2 + 10)


def _bars(measured: Measured) -> int:
    measure = measured.measure
    memory = _MEMORY * max(windows_of(measure)) if measure.kind in _RECURRING else 0
    return bars_needed(measure) + memory + 1


def _rank(wanted: Wanted) -> tuple[bool, float]:
    return (not wanted.fragile, wanted.nearness)


def _wanted(point: Point, tolerances: Tolerances) -> Iterator[Wanted]:
    match point:
        case ConditionPoint():
            values = (point.left.value, point.right.value)
            for side in point.sides:
                if side.measured is not None:
                    near = distance(side.measured.measure, *values)
                    yield _of(side.measured, side.value, near, tolerances, point.fragile)
        case RankingPoint():
            yield from _ranked(point, tolerances)
        case WeightPoint():
            # Every share follows its number; none of them is nearer to anything than another.
            for each in point.weighed:
                if each.measured is not None:
                    yield _of(each.measured, each.score, inf, tolerances)


def _ranked(point: RankingPoint, tolerances: Tolerances) -> Iterator[Wanted]:
    """A chosen candidate is near the first rejected, a rejected one near the last chosen."""
    chosen = [each for each in point.ranking if each.chosen]
    rejected = [each for each in point.ranking if not each.chosen]
    border = (chosen[-1], rejected[0]) if chosen and rejected else ()
    for each in point.ranking:
        if each.measured is None:
            continue
        near = inf
        if border:
            other = border[1] if each.chosen else border[0]
            near = distance(each.measured.measure, each.score, other.score)
        fragile = point.fragile and each in border
        yield _of(each.measured, each.score, near, tolerances, fragile)


def _of(
    measured: Measured, ours: float, near: float, tolerances: Tolerances, fragile: bool = False
) -> Wanted:
    return Wanted(measured, ours, fragile, near / tolerances.of(measured.measure))
