"""Makes bar histories for tests: from a table of closes, or a walk that is the same everywhere."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from alchemiser_core.domain.bars import BarHistory, Prices, Sessions
from alchemiser_core.domain.symbol import Symbol

FIRST = date(2020, 1, 1)
"""Where a made history starts unless told otherwise."""


def weekdays(count: int, first: date = FIRST) -> Sessions:
    """The first `count` weekdays from `first` on."""
    start = np.busday_offset(np.datetime64(first, "D"), 0, roll="forward")
    days: Sessions = np.busday_offset(start, np.arange(count))
    return days


def history_of(
    closes: Mapping[str, Sequence[float | None]],
    sessions: Sessions | Sequence[date] | None = None,
) -> BarHistory:
    """A history of the closes given; `None` where a symbol has no price.

    Sessions are weekdays unless given. Symbols are taken as written.
    """
    columns = [np.array(column, dtype=np.float64) for column in closes.values()]
    count = len(columns[0]) if columns else 0
    axis = weekdays(count) if sessions is None else np.array(sessions, dtype="datetime64[D]")
    close = np.stack(columns, axis=1) if columns else np.empty((len(axis), 0))
    return BarHistory(axis, tuple(Symbol(s) for s in closes), close, source="a test")


def wandering_history(
    symbols: Sequence[str],
    count: int,
    seed: int = 0,
    volatility: float = 0.015,
    first: date = FIRST,
) -> BarHistory:
    """Walks of full bars: `count` sessions, each symbol its own, daily moves up to `volatility`.

    The bars of a symbol depend on seed, symbol and session alone.
    """
    close = np.empty((count, len(symbols)))
    opened, reach = close.copy(), close.copy()
    for column, symbol in enumerate(symbols):
        draws = _draws(f"{seed} {symbol}", 3 * count).reshape(count, 3)
        moves = 1.0 + volatility * (2.0 * draws[:, 0] - 1.0)
        close[:, column] = 50.0 * np.cumprod(moves)
        opened[:, column] = close[:, column] * (1.0 + volatility * (draws[:, 1] - 0.5))
        reach[:, column] = 1.0 + volatility * draws[:, 2]
    return BarHistory(
        sessions=weekdays(count, first),
        symbols=tuple(Symbol(s) for s in symbols),
        close=close,
        open=opened,
        high=np.maximum(opened, close) * reach,
        low=np.minimum(opened, close) / reach,
        volume=np.rint(reach * 1e6),
        source="a test",
        synthetic=True,
    )


def _draws(key: str, count: int) -> NDArray[np.float64]:
    """Numbers in [0, 1) that look independent: the mixing function of SplitMix64 over a counter."""
    start = sum(byte * 1_000_003**i for i, byte in enumerate(key.encode())) % 2**64
    step = np.uint64(0x9E3779B97F4A7C15)
    mixed = np.arange(1, count + 1, dtype=np.uint64) * step + np.uint64(start)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed = mixed ^ (mixed >> np.uint64(31))
    return (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53


def with_columns(history: BarHistory, symbols: Sequence[Symbol]) -> BarHistory:
    """The same history with these columns in this order; NaN where it had no such symbol."""

    def taken(array: Prices) -> Prices:
        matrix = np.full((len(history), len(symbols)), np.nan)
        for column, symbol in enumerate(symbols):
            if symbol in history.columns:
                matrix[:, column] = array[:, history.columns[symbol]]
        return matrix

    return BarHistory(
        sessions=history.sessions.copy(),
        symbols=tuple(symbols),
        close=taken(history.close),
        open=None if history.open is None else taken(history.open),
        high=None if history.high is None else taken(history.high),
        low=None if history.low is None else taken(history.low),
        volume=None if history.volume is None else taken(history.volume),
        basis=history.basis,
        source=history.source,
        synthetic=history.synthetic,
        bad_prices=tuple(b for b in history.bad_prices if b.symbol in symbols),
        warnings=history.warnings,
    )
