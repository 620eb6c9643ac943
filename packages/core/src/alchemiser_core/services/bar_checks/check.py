"""All checks of a history, and what follows from them."""

from collections.abc import Iterator

import numpy as np
from returns.result import Failure, Result, Success

from alchemiser_core.config.check_settings import CheckPolicy, CheckSettings
from alchemiser_core.domain.bars import FIELDS, BarHistory
from alchemiser_core.domain.changing import changed
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.bar_checks.bad_prices import bad_prices
from alchemiser_core.services.bar_checks.days import other_days
from alchemiser_core.services.bar_checks.facts import NO_FACTS, BarFacts
from alchemiser_core.services.bar_checks.findings import BarsRefused, CheckedBars, Finding
from alchemiser_core.services.bar_checks.jumps import jumps, splits
from alchemiser_core.services.bar_checks.missing import missing, universe
from alchemiser_core.services.bar_checks.recent import RecentBars, recent_bars
from alchemiser_core.services.bar_checks.rows import partial, repaired, stale
from alchemiser_core.services.bar_checks.second_opinion import ticks

_AT_ONCE = 200
"""Columns of a whole history that are looked at together: more of them only take memory."""


def check_bars(
    history: BarHistory, settings: CheckSettings, facts: BarFacts = NO_FACTS
) -> Result[CheckedBars, BarsRefused]:
    """The bars as they may be decided by. Failure: everything that refuses, together.

    Where nothing is dropped the history is the one that was given; nothing is copied.
    """
    known, findings = _checked(history, settings, facts)
    if any(finding.policy is CheckPolicy.REFUSE for finding in findings):
        return Failure(BarsRefused(findings))
    return Success(CheckedBars(_without(known, findings), known, findings))


def findings_of(
    history: BarHistory, settings: CheckSettings, facts: BarFacts = NO_FACTS
) -> tuple[Finding, ...]:
    """Everything that `check_bars` finds, whatever follows from it."""
    return _checked(history, settings, facts)[1]


def _checked(
    history: BarHistory, settings: CheckSettings, facts: BarFacts
) -> tuple[BarHistory, tuple[Finding, ...]]:
    known, whole = _rows(history, settings, facts)
    return known, (*whole, *_newest(known, settings, facts))


def looked_at(history: BarHistory, settings: CheckSettings, facts: BarFacts) -> RecentBars:
    """The sessions that the checks look at, without rows that are to be dropped."""
    known, _ = partial(history, facts, settings)
    return recent_bars(known, settings.sessions)


def _rows(
    history: BarHistory, settings: CheckSettings, facts: BarFacts
) -> tuple[BarHistory, tuple[Finding, ...]]:
    known, not_over = partial(history, facts, settings)
    newest = known.session(len(known) - 1) if len(known) else None
    return known, (*stale(newest, facts, settings), *not_over, *repaired(known, facts, settings))


def _newest(history: BarHistory, settings: CheckSettings, facts: BarFacts) -> tuple[Finding, ...]:
    if not len(history):
        return ()
    recent = recent_bars(history, settings.sessions)
    return (
        *other_days(recent, facts, settings),
        *missing(recent, settings),
        *universe(recent, settings),
        *bad_prices(recent, settings),
        *jumps(recent, facts, settings),
        *splits(recent, facts, settings),
        *(ticks(recent, facts.second, settings, facts.running) if facts.second else ()),
    )


def _without(history: BarHistory, findings: tuple[Finding, ...]) -> BarHistory:
    """The history with the columns of dropped symbols empty."""
    dropped: set[Symbol] = {
        finding.symbol
        for finding in findings
        if finding.policy is CheckPolicy.DROP and finding.symbol is not None
    }
    columns = [history.columns[symbol] for symbol in sorted(dropped & history.columns.keys())]
    if not columns:
        return history
    arrays = {}
    for name in FIELDS:
        array = getattr(history, name)
        if array is not None:
            arrays[name] = array.copy(order="K")
            arrays[name][:, columns] = np.nan
    return changed(history, **arrays)


def earlier_oddities(
    history: BarHistory, settings: CheckSettings, facts: BarFacts = NO_FACTS
) -> Iterator[Finding]:
    """Bad prices and jumps of all sessions before those that a decision of the newest looks at.

    Nothing follows from them: each was checked when it was new. They are told for whoever wants to
    know what a history is worth.
    """
    before = len(history) - settings.sessions - 1
    if before <= 0:
        return
    early = history.rows(0, before)
    for first in range(0, len(early.symbols), _AT_ONCE):
        symbols = early.symbols[first : first + _AT_ONCE]
        part = recent_bars(early.pick({symbol: symbol for symbol in symbols}), before)
        yield from bad_prices(part, settings)
        yield from jumps(part, facts, settings)
