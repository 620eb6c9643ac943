"""One symbol's bars: rows sorted, duplicates dropped, unusable prices taken out, and all said."""

import stat
from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray
from returns.result import Failure, Result, Success

from alchemiser_app.feeds.columns import BAR_FIELDS, Field
from alchemiser_app.feeds.csv_rows import read_csv
from alchemiser_app.feeds.parquet_rows import read_parquet
from alchemiser_app.feeds.rows import Days, Rows, shortened
from alchemiser_core.domain.bar_rows import usable
from alchemiser_core.domain.bars import BadPrice, PriceBasis
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol

Problems = tuple[Problem, ...]


@frozen(eq=False)
class Series:
    """The bars of one symbol, strictly increasing in time."""

    symbol: Symbol
    file: str
    days: Days
    values: dict[Field, NDArray[np.float64]]
    """`CLOSE` always, the others where asked for and there; NaN where there is no value."""
    basis: PriceBasis
    bad_prices: tuple[BadPrice, ...]
    warnings: Problems

    def only(self, kept: Collection[Field]) -> "Series":
        """The same series with no other values than those of `kept`."""
        return evolve(self, values={f: v for f, v in self.values.items() if f in kept})


def common_basis(series: Mapping[Symbol, Series]) -> tuple[PriceBasis, Problems]:
    """The basis of prices from several files, and a warning where they differ."""
    adjusted = [s for s, own in series.items() if own.basis is PriceBasis.ADJUSTED]
    if not adjusted:
        return PriceBasis.AS_GIVEN, ()
    if len(adjusted) == len(series):
        return PriceBasis.ADJUSTED, ()
    names = ", ".join(adjusted[:10]) + (" …" if len(adjusted) > 10 else "")
    what = f"only some files have an adjusted close ({names}); the others' close is as given"
    return PriceBasis.AS_GIVEN, (Problem(code="mixed-basis", what=what),)


def read_series(symbol: Symbol, path: Path, closes_only: bool) -> Result[Series, Problems]:
    """The bars of `symbol` from its file; failures are everything that is wrong in it."""
    return content_of(path).bind(lambda data: series_from(data, symbol, path.name, closes_only))


def content_of(path: Path) -> Result[bytes, Problems]:
    """The bytes of a file of bars; a folder, a pipe or a device is none, and not waited for."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return Failure((_unreadable(path.name, "it is no regular file"),))
        return Success(path.read_bytes())
    except OSError as error:
        return Failure((_unreadable(path.name, error.strerror or str(error)),))


def series_from(
    data: bytes, symbol: Symbol, where: str, closes_only: bool
) -> Result[Series, Problems]:
    """The bars in the content of a file whose name is `where`; failures as of `read_series`."""
    read = read_parquet if where.lower().endswith(".parquet") else read_csv
    return read(data, where, closes_only).bind(lambda rows: arrange(symbol, where, rows))


def _unreadable(where: str, why: str) -> Problem:
    return Problem(
        code="unreadable-file",
        what="the file cannot be read",
        where=where,
        why=why,
        hint="check that it is a file and that you may read it",
    )


def arrange(symbol: Symbol, where: str, rows: Rows) -> Result[Series, Problems]:
    """Rows in order of time, each day once; conflicting rows of one day are a failure."""
    warnings: list[Problem] = []
    if not rows.ordered:
        conflicts, kept = _each_day_once(rows, where, warnings)
        if conflicts:
            return Failure(shortened(conflicts))
        rows = _taken(rows, kept)
    bad: list[BadPrice] = []
    for meaning, given in rows.values.items():
        if meaning is not Field.VOLUME:
            bad += _bad_prices(symbol, rows.days, given, rows.absent[meaning])
    values = _one_basis(rows, where, warnings)
    return Success(
        Series(symbol, where, rows.days, values, rows.basis, tuple(bad), tuple(warnings))
    )


def _taken(rows: Rows, kept: NDArray[np.intp]) -> Rows:
    return Rows(
        days=rows.days[kept],
        values={f: v[kept] for f, v in rows.values.items()},
        absent={f: a[kept] for f, a in rows.absent.items()},
        places=rows.places[kept],
        counted_in=rows.counted_in,
        basis=rows.basis,
    )


def _each_day_once(
    rows: Rows, where: str, warnings: list[Problem]
) -> tuple[list[Problem], NDArray[np.intp]]:
    """Conflicts between rows of one day, and the rows to keep in order of time."""
    order = np.argsort(rows.days, kind="stable")
    days = rows.days[order]
    if not (rows.days[1:] >= rows.days[:-1]).all():
        warnings.append(_warning("unsorted", "rows were not in order of date; sorted", where))
    again = np.flatnonzero(days[1:] == days[:-1]) + 1
    conflicts = []
    for position in again:
        first, second = order[position - 1], order[position]
        differing = [f for f, v in rows.values.items() if not _same(v[first], v[second])]
        if differing:
            conflicts.append(_conflict(rows, where, int(first), int(second), differing[0]))
    if len(again) and not conflicts:
        text = f"{len(again)} identical duplicate rows dropped, the first of {days[again[0]]}"
        warnings.append(_warning("duplicate-rows", text, where))
    return conflicts, np.delete(order, again)


def _same(first: float, second: float) -> bool:
    return bool(first == second or (np.isnan(first) and np.isnan(second)))


def _conflict(rows: Rows, where: str, first: int, second: int, differing: Field) -> Problem:
    between = ":" if rows.counted_in == "line" else ": row "
    other = f"{rows.counted_in} {rows.places[first]}"
    values = rows.values[differing]
    return Problem(
        code="conflicting-rows",
        what=f"the same date {rows.days[second]} as {other}, with another {differing.value}",
        where=f"{where}{between}{rows.places[second]}",
        why=f"{values[second]:.15g} here, {values[first]:.15g} there",
        hint="remove the wrong one",
    )


def _warning(code: str, what: str, where: str) -> Problem:
    return Problem(code=code, what=what, where=where)


def _bad_prices(
    symbol: Symbol, days: Days, values: NDArray[np.float64], absent: NDArray[np.bool_]
) -> list[BadPrice]:
    bad = np.isnan(usable(values, Field.CLOSE)) & ~absent
    return [BadPrice(symbol, days[i].item(), float(values[i])) for i in np.flatnonzero(bad)]


def _one_basis(rows: Rows, where: str, warnings: list[Problem]) -> dict[Field, NDArray[np.float64]]:
    """All prices on the basis of the close that is used."""
    found = {field: usable(values, field) for field, values in rows.values.items()}
    adjusted = found.pop(Field.ADJUSTED, None)
    if adjusted is None:
        return found
    raw = found.pop(Field.CLOSE, None)
    unscaled = [f for f in BAR_FIELDS if f in found and f is not Field.VOLUME]
    if unscaled and raw is None:
        text = "open, high and low are left out: there is no close to scale them by"
        warnings.append(_warning("unscaled", text, where))
    for meaning in unscaled:
        values = found.pop(meaning)
        if raw is not None:
            found[meaning] = values * (adjusted / raw)
    return {Field.CLOSE: adjusted, **found}
