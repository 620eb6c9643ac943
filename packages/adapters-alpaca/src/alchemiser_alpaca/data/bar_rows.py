"""The bars of one symbol as the vendor tells them: each day once, unusable prices taken out.

The vendor's own client lets NaN, negative prices and duplicate days through, and loops for ever
over pages that repeat.
"""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

import numpy as np
from attrs import define, field

from alchemiser_alpaca.market_time import NEW_YORK
from alchemiser_alpaca.reading import UnreadableError, moment, record
from alchemiser_core.domain.bar_rows import (
    CLOSES,
    BarRows,
    Row,
    arranged,
    same_row,
)
from alchemiser_core.domain.bars import FIELDS
from alchemiser_core.domain.symbol import Symbol

_KEYS = {"close": "c", "open": "o", "high": "h", "low": "l", "volume": "v"}


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


def read_symbol(symbol: Symbol, rows: Sequence[Any], days: Days, closes_only: bool) -> BarRows:
    """The bars of a symbol from all its pages; raises `UnreadableError` where two bars of one day
    say different things.
    """
    fields = CLOSES if closes_only else FIELDS
    found: dict[date, Row] = {}
    repeated = 0
    for each in rows:
        row = record(each)
        day, values = days.of(row), tuple(_value(symbol, row, _KEYS[name]) for name in fields)
        if day in found:
            repeated += 1
            if not same_row(found[day], values):
                raise UnreadableError(f"two bars of {symbol} on {day} differ")
        found[day] = values
    warnings = (f"{symbol}: {repeated} identical duplicate bars dropped",) if repeated else ()
    return arranged(symbol, found, fields, warnings)


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
