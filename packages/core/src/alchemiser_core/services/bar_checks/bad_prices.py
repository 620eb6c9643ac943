"""The check of single prices: impossible ones, and those missing beside others of their row."""

from collections.abc import Iterator
from datetime import date

import numpy as np
from numpy.typing import NDArray

from alchemiser_core.config.check_settings import CheckSettings
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.bar_checks.findings import Check, Finding
from alchemiser_core.services.bar_checks.recent import RecentBars


def bad_prices(recent: RecentBars, settings: CheckSettings) -> tuple[Finding, ...]:
    """Prices that a feed has left out as impossible, those that it has not, and closes that are
    missing where the row has something else.
    """
    first = recent.session(0)
    told = {
        (bad.symbol, bad.session): bad.value
        for bad in recent.history.bad_prices
        if bad.session >= first
    }
    found = {**told, **dict(_impossible(recent))}
    lacking = (place for place in _lacking(recent) if place not in found)
    return (
        *(_bad(symbol, day, value, settings) for (symbol, day), value in sorted(found.items())),
        *(_lacks(symbol, day, settings) for symbol, day in lacking),
    )


def _impossible(recent: RecentBars) -> Iterator[tuple[tuple[Symbol, date], float]]:
    wrong = ~recent.priced & ~np.isnan(recent.close)
    for row, column in np.argwhere(wrong).tolist():
        place = (recent.history.symbols[column], recent.session(row))
        yield place, float(recent.close[row, column])


def _lacking(recent: RecentBars) -> Iterator[tuple[Symbol, date]]:
    some = _something_else(recent.history)
    if some is None:
        return
    for row, column in np.argwhere(some[recent.skipped :] & np.isnan(recent.close)).tolist():
        yield recent.history.symbols[column], recent.session(row)


def _something_else(history: BarHistory) -> NDArray[np.bool_] | None:
    """Where a row has another price or a volume; `None` where nothing but closes is there."""
    others = (history.open, history.high, history.low, history.volume)
    there = [~np.isnan(array) for array in others if array is not None]
    return np.logical_or.reduce(there) if there else None


def _bad(symbol: Symbol, day: date, value: float, settings: CheckSettings) -> Finding:
    problem = Problem(
        code="bad-price",
        what=f"the price {value:g} of {symbol} on {day} counts as missing",
        where=symbol,
        why="prices are above zero and finite",
        hint="fetch it again",
    )
    return Finding(Check.BAD_PRICE, settings.bad_price, problem, symbol, day, value)


def _lacks(symbol: Symbol, day: date, settings: CheckSettings) -> Finding:
    problem = Problem(
        code="bad-price",
        what=f"{symbol} has a bar of {day} without a close",
        where=symbol,
        why="a row with other prices or a volume has a close, too",
        hint="fetch it again",
    )
    return Finding(Check.BAD_PRICE, settings.bad_price, problem, symbol, day)
