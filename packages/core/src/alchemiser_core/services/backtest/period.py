"""From when to when a back-test runs, and which sessions inside cannot be decided."""

from datetime import date
from functools import reduce

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from returns.result import Failure, Result, Success

from alchemiser_core.domain.bars import BarHistory, Sessions
from alchemiser_core.services.backtest.errors import EmptyRange, NothingDecidable
from alchemiser_core.services.backtest.settings import BacktestSettings, StrategyDecisions

FEWEST_SESSIONS = 252
"""A run that would be shorter starts at the first decidable session instead, holes and all."""


@frozen(eq=False)
class BacktestPeriod:
    """Rows `first` to `last` (inclusive) of the history, and what is known about deciding them."""

    first: int
    last: int
    sessions: Sessions
    first_decidable: date
    """The first session of the history, up to `last`, that every strategy can decide."""
    last_undecidable: date | None
    """The last session up to `last` that some strategy cannot decide: what held back the start."""
    undecidable: tuple[date, ...]
    """Sessions inside the period that some strategy cannot decide; its holdings stay."""

    def __len__(self) -> int:
        return self.last - self.first + 1


def backtest_period(
    history: BarHistory, strategies: tuple[StrategyDecisions, ...], settings: BacktestSettings
) -> Result[BacktestPeriod, EmptyRange | NothingDecidable]:
    """The period of a back-test.

    With a start asked for, the first session from it on. Otherwise the first session after the
    last undecidable one; if fewer than 252 would remain, the first decidable session.

    Failures: `EmptyRange`, `NothingDecidable`.
    """
    asked = _asked_rows(history, settings)
    if asked is None:
        return Failure(_empty(history, settings))
    earliest, last = asked
    decidable = _decidable(strategies, last)
    rows = np.flatnonzero(decidable)
    inside = rows[rows >= earliest]
    if len(inside) == 0:
        return Failure(_nothing(history, strategies, earliest, last))
    holes = np.flatnonzero(~decidable)
    first = earliest if settings.start else _first_row(rows, holes, last)
    return Success(
        BacktestPeriod(
            first=first,
            last=last,
            sessions=history.sessions[first : last + 1],
            first_decidable=history.session(int(rows[0])),
            last_undecidable=history.session(int(holes[-1])) if len(holes) else None,
            undecidable=tuple(history.session(int(row)) for row in holes[holes >= first]),
        )
    )


def _asked_rows(history: BarHistory, settings: BacktestSettings) -> tuple[int, int] | None:
    first = 0
    if settings.start is not None:
        first = int(np.searchsorted(history.sessions, np.datetime64(settings.start, "D")))
    last = len(history) - 1 if settings.end is None else history.row_at(settings.end)
    return (first, last) if first <= last else None


def _decidable(strategies: tuple[StrategyDecisions, ...], last: int) -> NDArray[np.bool_]:
    """Which rows up to `last` every strategy decides."""

    def decided(strategy: StrategyDecisions) -> NDArray[np.bool_]:
        mask = np.zeros(last + 1, dtype=np.bool_)
        rows = strategy.decisions.rows
        mask[rows[rows <= last]] = True
        return mask

    return reduce(np.logical_and, (decided(strategy) for strategy in strategies))


def _first_row(decidable: NDArray[np.intp], holes: NDArray[np.intp], last: int) -> int:
    after_holes = int(holes[-1]) + 1 if len(holes) else 0
    return after_holes if last - after_holes + 1 >= FEWEST_SESSIONS else int(decidable[0])


def _empty(history: BarHistory, settings: BacktestSettings) -> EmptyRange:
    return EmptyRange(
        start=settings.start,
        end=settings.end,
        first=history.session(0) if len(history) else None,
        last=history.session(len(history) - 1) if len(history) else None,
    )


def _nothing(
    history: BarHistory, strategies: tuple[StrategyDecisions, ...], first: int, last: int
) -> NothingDecidable:
    def without(strategy: StrategyDecisions) -> bool:
        rows = strategy.decisions.rows
        return not ((rows >= first) & (rows <= last)).any()

    names = tuple(s.name for s in strategies if without(s)) or tuple(s.name for s in strategies)
    return NothingDecidable(history.session(first), history.session(last), names)
