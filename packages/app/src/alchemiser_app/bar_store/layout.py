"""Where what stands in a bar store: a folder a basis of prices, in it a Parquet file a symbol."""

import os
from collections.abc import Iterable
from pathlib import Path

from returns.result import Failure, Result, Success

from alchemiser_app.bar_store.bases import StoredBasis
from alchemiser_app.bar_store.refusals import StoreUnavailable
from alchemiser_core.domain.symbol import Symbol, parse_symbol

ENDING = ".parquet"
LOCK = ".lock"
UNFINISHED = ".tmp"
"""How the name of a file ends that is being written; only a killed writer leaves one."""

BASIS_FOLDERS = {basis.prices: basis.value for basis in StoredBasis}
ACTIONS_FOLDER = "actions"
"""Splits and dividends of the raw prices."""

FOLDERS = (*BASIS_FOLDERS.values(), ACTIONS_FOLDER)


def file_of(store: Path, folder: str, symbol: Symbol) -> Path:
    """The file of a symbol."""
    return store / folder / f"{symbol}{ENDING}"


def symbol_of(name: str) -> Symbol | None:
    """The symbol whose file has this name; `None` for any other file."""
    if not name.endswith(ENDING):
        return None
    stem = name.removesuffix(ENDING)
    symbol = parse_symbol(stem).value_or(None)
    return symbol if symbol == stem else None


def is_unfinished(name: str) -> bool:
    """Whether the file is one that a writer has not finished, or never will."""
    return name.startswith(".") and name.endswith(UNFINISHED)


def names_in(folder: Path) -> Result[tuple[str, ...], StoreUnavailable]:
    """Names of everything in a folder, sorted; none where the folder is not there."""
    try:
        return Success(tuple(sorted(os.listdir(folder))))
    except FileNotFoundError:
        return Success(())
    except OSError as error:
        return Failure(StoreUnavailable(str(folder), error.strerror or str(error)))


def symbols_among(names: Iterable[str]) -> tuple[Symbol, ...]:
    """The symbols that have a file, sorted."""
    return tuple(sorted(symbol for name in names if (symbol := symbol_of(name)) is not None))
