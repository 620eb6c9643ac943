"""Holds the indicators of a decision against a second vendor. `check_indicators` is all of it."""

from datetime import date

from attrs import field, frozen

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.measure import IndicatorKind
from alchemiser_core.ports.indicator_source import IndicatorSource
from alchemiser_core.ports.market_data import MarketData
from alchemiser_core.services.indicator_check.asking import Answers, ask
from alchemiser_core.services.indicator_check.comparison import Comparison
from alchemiser_core.services.indicator_check.dividends import have_dividends_apart
from alchemiser_core.services.indicator_check.outcomes import outcomes
from alchemiser_core.services.indicator_check.points import (
    ConditionPoint,
    Point,
    Ranked,
    RankingPoint,
    StrategyPath,
    WeightPoint,
    points_of,
)
from alchemiser_core.services.indicator_check.questions import first_day, most_telling, questions
from alchemiser_core.services.indicator_check.readings import session_bars
from alchemiser_core.services.indicator_check.report import IndicatorReport
from alchemiser_core.services.indicator_check.scales import Tolerances


@frozen(eq=False)
class Decided:
    """A decision of one or more strategies, and the bars that they decided by."""

    as_of: date
    paths: tuple[StrategyPath, ...]
    history: BarHistory


@frozen
class CheckRules:
    """How a decision is checked."""

    tolerances: Tolerances = field(factory=Tolerances)
    credit: int = 8
    """Credits of the vendor that a check may use: one a symbol, one an indicator of its own."""


def check_indicators(decided: Decided, vendor: MarketData, rules: CheckRules) -> IndicatorReport:
    """Ask the second vendor for what mattered, and compare. It never fails: what the vendor does
    not give stands in the report.
    """
    points = tuple(point for path in decided.paths for point in points_of(path))
    wanted = most_telling(points, rules.tolerances)
    asked = questions(wanted, _kinds(vendor), rules.credit)
    row = decided.history.row_at(decided.as_of)
    before = decided.history.session(row - 1) if row > 0 else None
    ours = session_bars(decided.history, decided.as_of, before, decided.history.carry)
    reached = [e.measured for e in wanted if e.measured not in asked.unasked]
    start = first_day(reached, decided.as_of)
    had = ask(vendor, asked, start, decided.as_of) if asked.bars else Answers((), {}, ())
    compared = Comparison(ours, had, asked, rules.tolerances).all(wanted)
    replays = {c.measured: c.replay for c in compared if c.replay is not None}
    return IndicatorReport(
        vendor=vendor.name,
        as_of=decided.as_of,
        compared=compared,
        outcomes=tuple(outcomes(points, replays)),
        without=_without(decided.paths, points),
        notes=(*_of_blocks(points), *_of_bases(decided.history, had)),
        found=had.found,
    )


def _kinds(vendor: MarketData) -> frozenset[IndicatorKind]:
    return vendor.kinds if isinstance(vendor, IndicatorSource) else frozenset()


def _without(paths: tuple[StrategyPath, ...], points: tuple[Point, ...]) -> tuple[str, ...]:
    """Strategies that name no indicator: written by hand, or holding the same always."""
    named = {point.strategy for point in points}
    return tuple(path.strategy for path in paths if path.strategy not in named)


def _candidates(point: Point) -> tuple[Ranked, ...]:
    match point:
        case RankingPoint():
            return point.ranking
        case WeightPoint():
            return point.weighed
        case ConditionPoint():
            return ()


def _of_blocks(points: tuple[Point, ...]) -> tuple[str, ...]:
    """What only the rules themselves can compute: the series of whole blocks."""
    blocks = {
        each.label: None for point in points for each in _candidates(point) if each.measured is None
    }
    if not blocks:
        return ()
    return (f"measured by series of their own, which no vendor has: {', '.join(blocks)}",)


def _of_bases(history: BarHistory, had: Answers) -> tuple[str, ...]:
    """Where, by their own word, one vendor's prices have dividends in them and the other's not."""
    theirs = {each.basis for each in had.histories if have_dividends_apart(history, each)}
    if not theirs:
        return ()
    other = ", ".join(sorted(basis.value for basis in theirs))
    return (
        f"our prices are {history.basis.value}, theirs {other}: what looks like a dividend is "
        "taken for one, and not for a difference",
    )
