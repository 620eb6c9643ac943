"""The files of a store as values: a series, where the file can be believed and is in its place."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from returns.result import Failure, Result, Success

from alchemiser_app.bar_store.labels import Label
from alchemiser_app.bar_store.layout import BASIS_FOLDERS
from alchemiser_app.bar_store.parquet_form import decoded
from alchemiser_app.bar_store.refusals import BrokenStoreFile, StoreError
from alchemiser_app.bar_store.series import COLUMNS, StoredSeries
from alchemiser_app.bar_store.whole_files import read_whole
from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.domain.symbol import Symbol

Value = TypeVar("Value")


def read_as(
    path: Path, understand: Callable[[bytes], Result[Value, str]]
) -> Result[Value | None, StoreError]:
    """What a file holds; `None` where there is none."""
    read = read_whole(path)
    if isinstance(read, Failure):
        return Failure(read.failure())
    data = read.unwrap()
    if data is None:
        return Success(None)
    understood = understand(data)
    if isinstance(understood, Failure):
        return Failure(BrokenStoreFile(str(path), understood.failure()))
    return Success(understood.unwrap())


def series_in(data: bytes, symbol: Symbol, basis: PriceBasis) -> Result[StoredSeries, str]:
    """The series in the content of a file. Failure: what is wrong with it."""
    content = decoded(data, COLUMNS)
    if isinstance(content, Failure):
        return content
    found = content.unwrap()
    return in_place(found.label, symbol, basis).map(
        lambda label: StoredSeries(
            symbol=symbol,
            days=found.days,
            basis=basis,
            source=label.source,
            synthetic=label.synthetic,
            origin=label.origin,
            bad_prices=label.bad_prices_of(symbol),
            **found.columns,
        )
    )


def in_place(label: Label, symbol: Symbol, basis: PriceBasis) -> Result[Label, str]:
    """The label, where the file stands where its bars belong."""
    if (label.symbol, label.folder) == (symbol, BASIS_FOLDERS[basis]):
        return Success(label)
    return Failure(f"it holds {label.folder} bars of {label.symbol[:24]!r}")
