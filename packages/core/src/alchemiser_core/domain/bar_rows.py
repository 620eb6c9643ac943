"""Bars as vendors tell them, symbol by symbol, put into order and laid out along one axis.

For feeds: what comes is a price a day for each symbol, in any order, maybe unusable, maybe of days
on which others have none; what is wanted is a `BarHistory`.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from alchemiser_core.domain.bars import BadPrice, BarHistory, PriceBasis, Sessions
from alchemiser_core.domain.symbol import Symbol

LEAST_PRICE, LARGEST_PRICE = 1e-9, 1e12
"""US dollars; an adjusted past goes far in both directions, and beyond these is an error in it.
Quantities and values of such prices would not fit the digits that planning calculates with."""

REFERENCE = Symbol("SPY")
"""Whose dates are the sessions, where it is among the symbols asked for: a single symbol with a
wrong date then cannot add a session."""

CLOSES = ("close",)
"""The fields of a `Row` where no more than closes are wanted; else it has all `FIELDS`."""
_VOLUME = "volume"
_MOST = np.finfo(np.float64).max
"""Of a volume: any number."""

Row = tuple[float, ...]
"""The values of one day, NaN where there is none."""


@frozen(eq=False)
class BarRows:
    """One symbol's bars in order of time."""

    days: Sessions
    values: Mapping[str, NDArray[np.float64]]
    """By the names of `BarHistory`, NaN where there is no usable value."""
    bad_prices: tuple[BadPrice, ...]
    """Prices that were told and are not used."""
    warnings: tuple[str, ...] = ()


@frozen
class Labels:
    """What a history says of itself."""

    source: str
    basis: PriceBasis
    synthetic: bool


def same_row(one: Row, other: Row) -> bool:
    """Whether two rows say the same; nothing twice is the same."""
    return all(a == b or (np.isnan(a) and np.isnan(b)) for a, b in zip(one, other, strict=True))


def usable(values: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    """The values of a field, NaN in place of what cannot be a price, or a volume; the same array
    where nothing is.
    """
    least, largest = (0.0, _MOST) if name == _VOLUME else (LEAST_PRICE, LARGEST_PRICE)
    with np.errstate(invalid="ignore"):
        fine = (values >= least) & (values <= largest)
    return values if fine.all() else np.where(fine, values, np.nan)


def arranged(
    symbol: Symbol,
    rows: Mapping[date, Row],
    fields: Sequence[str],
    warnings: tuple[str, ...] = (),
) -> BarRows:
    """The days of a symbol in their order, as arrays; what cannot be a price is taken out.

    `fields` names the values of a row, in their order.
    """
    ordered = sorted(rows)
    table = np.array([rows[day] for day in ordered], dtype=np.float64)
    table = table.reshape(len(ordered), len(fields))
    values: dict[str, NDArray[np.float64]] = {}
    bad: list[BadPrice] = []
    for column, name in enumerate(fields):
        given = table[:, column]
        values[name] = usable(given, name)
        if name == _VOLUME:
            continue
        places: list[int] = np.flatnonzero(np.isnan(values[name]) & ~np.isnan(given)).tolist()
        bad += [BadPrice(symbol, ordered[place], float(given[place])) for place in places]
    return BarRows(np.array(ordered, dtype="datetime64[D]"), values, tuple(bad), warnings)


def history_of(
    symbols: tuple[Symbol, ...],
    found: Mapping[Symbol, BarRows],
    fields: Sequence[str],
    labels: Labels,
    start: date | None = None,
    end: date | None = None,
) -> BarHistory | None:
    """One column a symbol, NaN where it has nothing; `None` where there is no session at all.

    The sessions are SPY's where it was asked for and has some, else the days of any symbol; from
    `start` to `end`, both included. A bar of another day is left out, and a warning counts it,
    but for those from before the first session: they are older history.
    """
    axis = _within(_days(found), start, end)
    if not len(axis):
        return None
    arrays = {name: _laid_out(axis, symbols, found, name) for name in fields}
    there = set(axis.tolist())
    own = [found[symbol] for symbol in symbols if symbol in found]
    return BarHistory(
        sessions=axis,
        symbols=symbols,
        close=arrays["close"],
        open=arrays.get("open"),
        high=arrays.get("high"),
        low=arrays.get("low"),
        volume=arrays.get(_VOLUME),
        basis=labels.basis,
        source=labels.source,
        synthetic=labels.synthetic,
        bad_prices=tuple(b for each in own for b in each.bad_prices if b.session in there),
        warnings=(
            *(text for each in own for text in each.warnings),
            *(text for symbol, each in found.items() if (text := _off_axis(symbol, each, axis))),
        ),
    )


def _days(found: Mapping[Symbol, BarRows]) -> Sessions:
    if REFERENCE in found and len(found[REFERENCE].days):
        return found[REFERENCE].days
    parts = [each.days for each in found.values()]
    return np.unique(np.concatenate(parts)) if parts else np.empty(0, dtype="datetime64[D]")


def _within(days: Sessions, start: date | None, end: date | None) -> Sessions:
    first = 0 if start is None else int(np.searchsorted(days, np.datetime64(start, "D")))
    stop = len(days)
    if end is not None:
        stop = int(np.searchsorted(days, np.datetime64(end, "D"), side="right"))
    return days[first:stop]


def _laid_out(
    axis: Sessions, symbols: Collection[Symbol], found: Mapping[Symbol, BarRows], name: str
) -> NDArray[np.float64]:
    matrix = np.full((len(axis), len(symbols)), np.nan)
    for column, symbol in enumerate(symbols):
        if symbol in found:
            _, ours, theirs = np.intersect1d(
                axis, found[symbol].days, assume_unique=True, return_indices=True
            )
            matrix[ours, column] = found[symbol].values[name][theirs]
    return matrix


def _off_axis(symbol: Symbol, own: BarRows, axis: Sessions) -> str:
    """A word on bars that are on no session, up to the last one that is wanted or beyond."""
    later = own.days[own.days >= axis[0]]
    dropped = later[~np.isin(later, axis)]
    return f"{symbol}: {len(dropped)} bars dropped that are on no session" if len(dropped) else ""
