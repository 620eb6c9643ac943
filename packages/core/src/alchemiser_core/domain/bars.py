"""Daily bars of many symbols over one axis of sessions.

A `BarHistory` is immutable: arrays are read-only, and `at(date)` gives the history as it was
known at that close, so that code which receives it cannot look ahead.
"""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from alchemiser_core.domain.changing import changed
from alchemiser_core.domain.continuity import CARRY_SESSIONS
from alchemiser_core.domain.symbol import Symbol

Sessions = NDArray[np.datetime64]
"""Trading days, `datetime64[D]`, strictly increasing."""

Prices = NDArray[np.float64]
"""Shape (sessions, symbols); NaN where there is no price."""


FIELDS = ("close", "open", "high", "low", "volume")
"""The arrays of a history, by name."""


class PriceBasis(StrEnum):
    """What the prices of a history stand for."""

    ADJUSTED = "adjusted"
    """Split- and dividend-adjusted: returns are total returns."""
    RAW = "raw"
    """As they were traded: a split is a jump, and dividends are missing."""
    AS_GIVEN = "as given"
    """The source does not say; its `close` is used as it is."""


@frozen
class BadPrice:
    """A price that is never used (zero, negative or not finite); it counts as missing."""

    symbol: Symbol
    session: date
    value: float


def _read_only(array: NDArray[np.generic] | None) -> NDArray[np.generic] | None:
    if array is None:
        return None
    view = array.view()  # the caller's own array stays as it is
    view.flags.writeable = False
    return view


@frozen(eq=False, slots=False)
class BarHistory:
    """Bars as sessions x symbols arrays, sorted, unique and read-only.

    `close` is always there; `open`, `high`, `low` and `volume` are `None` where they were not
    asked for or the source has none. A symbol without any data is a column of NaN.
    """

    sessions: Sessions = field(converter=_read_only)
    symbols: tuple[Symbol, ...]
    close: Prices = field(converter=_read_only)
    open: Prices | None = field(default=None, converter=_read_only)
    high: Prices | None = field(default=None, converter=_read_only)
    low: Prices | None = field(default=None, converter=_read_only)
    volume: Prices | None = field(default=None, converter=_read_only)
    basis: PriceBasis = PriceBasis.AS_GIVEN
    source: str = ""
    synthetic: bool = False
    bad_prices: tuple[BadPrice, ...] = ()
    warnings: tuple[str, ...] = ()
    carry: int = CARRY_SESSIONS
    """Sessions without a price over which rules carry the last one."""

    def __attrs_post_init__(self) -> None:
        shape = (len(self.sessions), len(self.symbols))
        for name in FIELDS:
            array = getattr(self, name)
            if array is not None and array.shape != shape:
                raise ValueError(f"{name} has shape {array.shape}, expected {shape}")
        if len(set(self.symbols)) != len(self.symbols):
            raise ValueError("a symbol appears twice")
        if len(self.sessions) > 1 and not (self.sessions[1:] > self.sessions[:-1]).all():
            raise ValueError("sessions are not strictly increasing")

    def __len__(self) -> int:
        return len(self.sessions)

    @cached_property
    def columns(self) -> dict[Symbol, int]:
        """Column of each symbol."""
        return {symbol: i for i, symbol in enumerate(self.symbols)}

    @cached_property
    def missing_symbols(self) -> tuple[Symbol, ...]:
        """Symbols without a single price."""
        empty: NDArray[np.bool_] = np.logical_and.reduce(np.isnan(self.close), axis=0)
        return tuple(s for s, none in zip(self.symbols, empty, strict=True) if none)

    def session(self, row: int) -> date:
        """The date of a row."""
        value: date = self.sessions[row].item()
        return value

    def row_at(self, day: date) -> int:
        """Row of the last session on or before `day`; -1 where there is none."""
        return int(np.searchsorted(self.sessions, np.datetime64(day, "D"), side="right")) - 1

    def at(self, day: date) -> "BarHistory":
        """The history as it was known at the close of `day`; later rows are not there."""
        return self.rows(0, self.row_at(day) + 1)

    def rows(self, start: int, stop: int) -> "BarHistory":
        """Rows `start` to `stop` (exclusive), as views of the same arrays."""
        sessions = self.sessions[start:stop]
        first, last = sessions[[0, -1]].tolist() if len(sessions) else (date.max, date.min)
        bad = tuple(price for price in self.bad_prices if first <= price.session <= last)
        return self._cut(lambda array: array[start:stop], sessions=sessions, bad_prices=bad)

    def pick(self, sources: Mapping[Symbol, Symbol]) -> "BarHistory":
        """Columns named by the keys, each filled from the column that its value names."""
        places = [self.columns[source] for source in sources.values()]
        return self._cut(lambda array: array[:, places], symbols=tuple(sources))

    def _cut(self, cut: Callable[[Prices], Prices], **changes: Any) -> "BarHistory":
        arrays: dict[str, Any] = {
            name: None if array is None else cut(array)
            for name in FIELDS
            for array in (getattr(self, name),)
        }
        return changed(self, **arrays, **changes)
