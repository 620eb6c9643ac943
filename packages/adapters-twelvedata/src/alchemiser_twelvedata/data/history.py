"""The bars of several symbols over one axis of sessions."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alchemiser_core.domain.bars import BadPrice, BarHistory, PriceBasis
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.market_data import BarRequest
from alchemiser_twelvedata.data.bar_rows import PRICES, VOLUME, SymbolBars
from alchemiser_twelvedata.settings import Adjust

REFERENCE = Symbol("SPY")
"""Whose dates are the sessions, where it is among the symbols asked for."""

_BASES = {Adjust.ALL: PriceBasis.ADJUSTED, Adjust.NONE: PriceBasis.RAW}


def basis_of(adjust: Adjust) -> PriceBasis:
    """What prices that are adjusted so stand for."""
    return _BASES.get(adjust, PriceBasis.AS_GIVEN)


def history_of(
    request: BarRequest, found: Mapping[Symbol, SymbolBars], adjust: Adjust, is_local: bool
) -> BarHistory | None:
    """One column a symbol, NaN where it has nothing; `None` where there is no session at all."""
    axis = _axis(found)
    if not len(axis):
        return None
    names = ["close"] if request.closes_only else [*PRICES, VOLUME]
    arrays: dict[str, Any] = {name: _laid_out(axis, request.symbols, found, name) for name in names}
    there = set(axis.tolist())
    own = [found[symbol] for symbol in request.symbols if symbol in found]
    bad: list[BadPrice] = [b for each in own for b in each.bad_prices if b.session in there]
    warnings = [text for each in own for text in each.warnings]
    warnings += [said for s, each in found.items() if (said := _off_axis(s, each, axis))]
    return BarHistory(
        sessions=axis,
        symbols=request.symbols,
        basis=basis_of(adjust),
        source=f"TwelveData, adjustment {adjust}",
        synthetic=is_local,
        bad_prices=tuple(bad),
        warnings=tuple(warnings),
        **arrays,
    )


def _axis(found: Mapping[Symbol, SymbolBars]) -> NDArray[np.datetime64]:
    """SPY's dates where it was asked for, else those of any symbol."""
    if REFERENCE in found and len(found[REFERENCE].days):
        return found[REFERENCE].days
    parts = [each.days for each in found.values()]
    return np.unique(np.concatenate(parts)) if parts else np.empty(0, dtype="datetime64[D]")


def _laid_out(
    axis: NDArray[np.datetime64],
    symbols: Collection[Symbol],
    found: Mapping[Symbol, SymbolBars],
    name: str,
) -> NDArray[np.float64]:
    matrix = np.full((len(axis), len(symbols)), np.nan)
    for column, symbol in enumerate(symbols):
        if symbol in found:
            _, ours, theirs = np.intersect1d(
                axis, found[symbol].days, assume_unique=True, return_indices=True
            )
            matrix[ours, column] = found[symbol].values[name][theirs]
    return matrix


def _off_axis(symbol: Symbol, own: SymbolBars, axis: NDArray[np.datetime64]) -> str:
    """A word on bars that are on no session; those before the first one are older history."""
    later: list[date] = own.days[own.days >= axis[0]].tolist()
    dropped = set(later) - set(axis.tolist())
    return f"{symbol}: {len(dropped)} bars dropped that are on no session" if dropped else ""
