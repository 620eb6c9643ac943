"""The bars of one symbol as the vendor tells them: each day once, unusable prices taken out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from alchemiser_core.domain.bars import BadPrice
from alchemiser_core.domain.symbol import Symbol
from alchemiser_twelvedata.reading import UnreadableError, day, number, optional_number, record

LEAST_PRICE, LARGEST_PRICE = 1e-9, 1e12
"""US dollars; beyond these a price is an error, as in files of bars."""

PRICES = ("close", "open", "high", "low")
VOLUME = "volume"

Row = tuple[float, ...]
_SATURDAY = 5


@frozen(eq=False)
class SymbolBars:
    """One symbol's bars in order of time."""

    days: NDArray[np.datetime64]
    values: Mapping[str, NDArray[np.float64]]
    """By the names of `BarHistory`, NaN where there is no usable value."""
    bad_prices: tuple[BadPrice, ...]
    warnings: tuple[str, ...] = ()


@frozen(eq=False)
class Page:
    """The bars of one symbol in one answer, by their days."""

    rows: Mapping[date, Row]
    repeated: int
    """Bars that were there twice, and say the same."""
    is_full: bool
    """There may be older bars."""


def read_page(
    symbol: Symbol, rows: Sequence[Any], last: date, closes_only: bool, most: int
) -> Page:
    """The bars up to `last`, included. The vendor's order does not matter; `most` is how many
    bars it tells at most. What is later is not looked at: it may be a bar that is not complete.

    Raises `UnreadableError` where a value is no number, a bar is of a weekend, or two bars of one
    day say different things.
    """
    found: dict[date, Row] = {}
    repeated = 0
    for each in rows:
        row = record(each, f"a bar of {symbol}")
        on = day(row, "datetime")
        if on > last:
            continue
        if on.weekday() >= _SATURDAY:
            raise UnreadableError(f"a bar of {symbol} is of a {on:%A}, {on}")
        values = _values(row, closes_only)
        if on in found:
            repeated += 1
            if not _same(found[on], values):
                raise UnreadableError(f"two bars of {symbol} on {on} differ")
        found[on] = values
    return Page(found, repeated, len(rows) >= most)


def check_joint(symbol: Symbol, page: Page, before: Mapping[date, Row], joint: date) -> None:
    """Holds a page against the one with the newer bars, whose oldest bar, that of `joint`, it has
    too: prices that were corrected differently in between do not pass for one history.

    Raises `UnreadableError` where it does not go on from there.
    """
    if joint not in page.rows:
        raise UnreadableError(f"the bars of {symbol} end at {joint}, where they have to go on")
    if not _same(page.rows[joint], before[joint]):
        raise UnreadableError(f"two bars of {symbol} on {joint} differ")
    if page.is_full and min(page.rows) == joint:
        raise UnreadableError(f"the bars of {symbol} do not go back beyond {joint}")


def arranged(
    symbol: Symbol, found: Mapping[date, Row], closes_only: bool, warnings: tuple[str, ...] = ()
) -> SymbolBars:
    """The days in their order, as arrays."""
    ordered = sorted(found)
    names = ["close"] if closes_only else [*PRICES, VOLUME]
    table = np.array([found[on] for on in ordered], dtype=np.float64)
    table = table.reshape(len(ordered), len(names))
    values: dict[str, NDArray[np.float64]] = {}
    bad: list[BadPrice] = []
    for column, name in enumerate(names):
        given = table[:, column]
        if name == VOLUME:
            values[name] = np.where(given >= 0, given, np.nan)
            continue
        fine = (given >= LEAST_PRICE) & (given <= LARGEST_PRICE)
        bad += _bad(symbol, ordered, given, fine)
        values[name] = np.where(fine, given, np.nan)
    return SymbolBars(np.array(ordered, dtype="datetime64[D]"), values, tuple(bad), warnings)


def _values(row: Mapping[str, Any], closes_only: bool) -> Row:
    if closes_only:
        return (number(row, "close"),)
    return (*(number(row, name) for name in PRICES), optional_number(row, VOLUME))


def _same(one: Row, other: Row) -> bool:
    return all(a == b or (np.isnan(a) and np.isnan(b)) for a, b in zip(one, other, strict=True))


def _bad(
    symbol: Symbol, days: Sequence[date], given: NDArray[np.float64], fine: NDArray[np.bool_]
) -> Iterable[BadPrice]:
    """Prices that are there and are not used; one that is absent is none."""
    places: list[int] = np.flatnonzero(~fine & ~np.isnan(given)).tolist()
    return [BadPrice(symbol, days[place], float(given[place])) for place in places]
