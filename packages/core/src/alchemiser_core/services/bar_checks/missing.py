"""Checks of what the session that decides lacks: prices, symbols, much of the universe."""

import numpy as np
from numpy.typing import NDArray

from alchemiser_core.config.check_settings import CheckPolicy, CheckSettings
from alchemiser_core.domain.problem import Problem
from alchemiser_core.services.bar_checks.findings import Check, Finding
from alchemiser_core.services.bar_checks.recent import RecentBars

_BEFORE = 5
"""Sessions before the one that decides whose fullest says how large the universe was."""


def missing(recent: RecentBars, settings: CheckSettings) -> tuple[Finding, ...]:
    """Symbols without a price in the last session: those that had one just before, and others."""
    absent: NDArray[np.intp] = np.flatnonzero(~recent.priced[-1])
    return tuple(_missing(recent, int(column), settings) for column in absent)


def _missing(recent: RecentBars, column: int, settings: CheckSettings) -> Finding:
    symbol, last = recent.history.symbols[column], recent.session(len(recent.priced) - 1)
    row = recent.before(len(recent.priced) - 1, column)
    if np.isnan(recent.last_known[-1, column]):
        since = f"none since {recent.history.session(row)}" if row >= 0 else "none before it"
        problem = Problem(
            code="missing-symbol",
            what=f"{symbol} has no price on {last}, and {since}",
            where=symbol,
            why="rules that need it cannot decide, and none chooses it",
            hint="add its bars, or replace it: data.substitutions",
        )
        return Finding(Check.MISSING_SYMBOL, settings.missing_symbol, problem, symbol, last)
    problem = Problem(
        code="missing-bar",
        what=f"{symbol} has no price on {last}, the last is of {recent.history.session(row)}",
        where=symbol,
        why="without it the decision is another one than with it, and the price may only be late",
        hint='update the data; for a symbol that is halted: data.checks.missing_bar = "warn"',
    )
    return Finding(Check.MISSING_BAR, settings.missing_bar, problem, symbol, last)


def universe(recent: RecentBars, settings: CheckSettings) -> tuple[Finding, ...]:
    """Several symbols at once have lost their price; a single one is no matter of this check."""
    count: NDArray[np.intp] = recent.priced.sum(axis=1)
    before = int(count[-1 - _BEFORE : -1].max(initial=0))
    now = int(count[-1])
    if before - now <= 1 or now >= float(settings.universe_share) * before:
        return ()
    last = recent.session(len(count) - 1)
    problem = Problem(
        code="universe-shrank",
        what=f"{now} symbols have a price on {last}, {before} had one in the sessions before",
        where=str(last),
        why=f"data.checks.universe_share asks for {float(settings.universe_share):.0%} of them",
        hint="a download may have ended early: update the data",
    )
    policy = CheckPolicy(settings.universe)
    return (Finding(Check.UNIVERSE, policy, problem, session=last, value=float(now)),)
