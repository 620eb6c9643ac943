"""The bars of one symbol as the vendor tells them: each day once, unusable prices taken out.

The vendor's own client lets NaN, negative prices and duplicate days through, and loops for ever
over pages that repeat.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Any

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from alchemiser_alpaca.market_time import NEW_YORK
from alchemiser_alpaca.reading import UnreadableError, moment, record
from alchemiser_core.domain.bars import BadPrice
from alchemiser_core.domain.symbol import Symbol

LEAST_PRICE, LARGEST_PRICE = 1e-9, 1e12
"""US dollars; beyond these a price is an error, as in files of bars."""

PRICES = {"close": "c", "open": "o", "high": "h", "low": "l"}
VOLUME = "volume"
_VOLUME_KEY = "v"

Row = tuple[float, ...]


@frozen(eq=False)
class SymbolBars:
    """One symbol's bars in order of time."""

    days: NDArray[np.datetime64]
    values: Mapping[str, NDArray[np.float64]]
    """By the names of `BarHistory`, NaN where there is no usable value."""
    bad_prices: tuple[BadPrice, ...]
    warnings: tuple[str, ...] = ()


@define
class Days:
    """Dates of the times of daily bars, each looked up once: all symbols share them."""

    _known: dict[str, date] = field(factory=dict, init=False)

    def of(self, row: Mapping[str, Any]) -> date:
        """The session of a bar, which is dated midnight of New York."""
        stamp = row.get("t")
        if isinstance(stamp, str) and stamp in self._known:
            return self._known[stamp]
        local = moment(row, "t").astimezone(NEW_YORK)
        if local.time() != time(0):
            raise UnreadableError(f"a daily bar is dated {local:%Y-%m-%d %H:%M} of New York")
        self._known[str(stamp)] = local.date()
        return local.date()


def read_symbol(symbol: Symbol, rows: Sequence[Any], days: Days, closes_only: bool) -> SymbolBars:
    """The bars of a symbol from all its pages; raises `UnreadableError` where two bars of one day
    say different things.
    """
    keys = ["c"] if closes_only else [*PRICES.values(), _VOLUME_KEY]
    found: dict[date, Row] = {}
    repeated = 0
    for each in rows:
        row = record(each)
        day, values = days.of(row), tuple(_value(symbol, row, key) for key in keys)
        if day in found:
            repeated += 1
            if not _same(found[day], values):
                raise UnreadableError(f"two bars of {symbol} on {day} differ")
        found[day] = values
    warnings = (f"{symbol}: {repeated} identical duplicate bars dropped",) if repeated else ()
    return _arranged(symbol, found, closes_only, warnings)


def _value(symbol: Symbol, row: Mapping[str, Any], key: str) -> float:
    value = row.get(key)
    if value is None:
        return np.nan
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnreadableError(f"a bar of {symbol} has no number for {key}")
    try:
        return float(value)
    except OverflowError as error:
        raise UnreadableError(f"a bar of {symbol} has no number for {key}") from error


def _same(one: Row, other: Row) -> bool:
    return all(a == b or (np.isnan(a) and np.isnan(b)) for a, b in zip(one, other, strict=True))


def _arranged(
    symbol: Symbol, found: Mapping[date, Row], closes_only: bool, warnings: tuple[str, ...]
) -> SymbolBars:
    ordered = sorted(found)
    table = np.array([found[day] for day in ordered], dtype=np.float64)
    names = ["close"] if closes_only else [*PRICES, VOLUME]
    table = table.reshape(len(ordered), len(names))
    values: dict[str, NDArray[np.float64]] = {}
    bad: list[BadPrice] = []
    for column, name in enumerate(names):
        given = table[:, column]
        if name == VOLUME:
            values[name] = np.where((given >= 0) & np.isfinite(given), given, np.nan)
            continue
        fine = (given >= LEAST_PRICE) & (given <= LARGEST_PRICE)
        bad += _bad(symbol, ordered, given, fine)
        values[name] = np.where(fine, given, np.nan)
    return SymbolBars(np.array(ordered, dtype="datetime64[D]"), values, tuple(bad), warnings)


def _bad(
    symbol: Symbol, days: Sequence[date], given: NDArray[np.float64], fine: NDArray[np.bool_]
) -> Iterable[BadPrice]:
    """Prices that are there and are not used; one that is absent is none."""
    places: list[int] = np.flatnonzero(~fine & ~np.isnan(given)).tolist()
    return [BadPrice(symbol, days[place], float(given[place])) for place in places]
