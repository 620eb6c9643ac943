"""Checks of moves that no market makes: jumps that nothing explains, and splits of raw prices."""

from decimal import Decimal

from alchemiser_core.config.check_settings import CheckPolicy, CheckSettings
from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.corporate_actions import Split
from alchemiser_core.services.bar_checks.facts import BarFacts
from alchemiser_core.services.bar_checks.findings import Check, Finding
from alchemiser_core.services.bar_checks.recent import RecentBars
from alchemiser_core.services.bar_checks.second_opinion import agree, new_jumps, second_move

_RATIOS = (2, 3, 4, 5, 6, 8, 10, 15, 20, 25, 50)
"""Splits as they are usual."""
_NEAR = 0.08
"""How far a day's own move takes a price from what a split makes of it."""


def jumps(recent: RecentBars, facts: BarFacts, settings: CheckSettings) -> tuple[Finding, ...]:
    """Moves beyond `jump_size` that neither a split, nor the second feed, nor anybody explains."""
    places = sorted(new_jumps(recent, settings), key=lambda at: (at[1], at[0]))
    return tuple(
        _jump(recent, row, column, settings)
        for row, column in places
        if not _is_split(recent, row, column, facts, settings)
        and not _is_confirmed(recent, row, column, facts, settings)
    )


def _is_split(
    recent: RecentBars, row: int, column: int, facts: BarFacts, settings: CheckSettings
) -> bool:
    """Whether the move is what splits between the two prices leave of a usual one."""
    symbol, day = recent.history.symbols[column], recent.session(row)
    before = recent.history.session(recent.before(row, column))
    ratio = Decimal(1)
    for action in facts.actions:
        if isinstance(action, Split) and action.symbol == symbol and before < action.ex_date <= day:
            ratio *= action.ratio
    if ratio == 1:
        return False
    move = float(recent.moves[row, column]) * float(ratio)
    largest = 1 + float(settings.jump_size)
    return 1 / largest <= move <= largest


def _is_confirmed(
    recent: RecentBars, row: int, column: int, facts: BarFacts, settings: CheckSettings
) -> bool:
    """Whether the second feed shows the same move. What looks like a split that our prices were not
    adjusted for is no news from a feed that does not adjust its own.
    """
    move = float(recent.moves[row, column])
    second = facts.second
    if second is None or second.history is None:
        return False
    if _looks_like(move) and second.history.basis is not PriceBasis.ADJUSTED:
        return False
    before = recent.history.session(recent.before(row, column))
    symbol, day = recent.history.symbols[column], recent.session(row)
    other = second_move(second, symbol, before, day)
    return other is not None and agree(move, other, settings)


def _jump(recent: RecentBars, row: int, column: int, settings: CheckSettings) -> Finding:
    symbol, day = recent.history.symbols[column], recent.session(row)
    move = float(recent.moves[row, column])
    place = recent.before(row, column)
    before, price = recent.history.session(place), recent.history.close[place, column]
    problem = Problem(
        code="price-jump",
        what=f"{symbol} moved by {move - 1:+.1%} on {day}: from {price:g} on {before} "
        f"to {recent.close[row, column]:g}",
        where=symbol,
        why=_looks_like(move) or "neither a split nor another feed explains it",
        hint=f'look it up; where it is real, say so: data.checks.accepted = ["{symbol} {day}"]',
    )
    return Finding(Check.JUMP, settings.jump, problem, symbol, day, move - 1)


def _looks_like(move: float) -> str:
    """The split that a move looks like, in words; empty where it looks like none."""
    for ratio in _RATIOS:
        if abs(move * ratio - 1) <= _NEAR:
            return f"it looks like a split of {ratio}:1 for which older prices were not adjusted"
        if abs(move / ratio - 1) <= _NEAR:
            return f"it looks like a split of 1:{ratio} for which older prices were not adjusted"
    return ""


def splits(recent: RecentBars, facts: BarFacts, settings: CheckSettings) -> tuple[Finding, ...]:
    """Splits within the sessions that are looked at, by a feed of raw prices."""
    first, last = recent.session(0), recent.session(len(recent.priced) - 1)
    unread = tuple(
        Finding(Check.SPLIT, CheckPolicy.WARN, problem) for problem in facts.actions_unread
    )
    known = recent.history.columns
    found = tuple(
        _split(action, settings)
        for action in facts.actions
        if isinstance(action, Split) and action.symbol in known and first < action.ex_date <= last
    )
    return (*unread, *found)


def _split(action: Split, settings: CheckSettings) -> Finding:
    ratio = f"{action.ratio.normalize():f}"
    problem = Problem(
        code="unadjusted-split",
        what=f"{action.symbol} was split on {action.ex_date}, {ratio} for one, and its prices are "
        "raw",
        where=action.symbol,
        why="indicators take the split for a move of the market",
        hint="decide by adjusted prices",
    )
    return Finding(
        Check.SPLIT, settings.split, problem, action.symbol, action.ex_date, float(action.ratio)
    )
