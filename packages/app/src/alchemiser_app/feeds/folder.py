"""Finds the file of each symbol in a folder, whatever its spelling, by one look at the names."""

import os
from collections.abc import Collection
from pathlib import Path

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol, parse_symbol

_ENDINGS = (".csv", ".parquet")
_SEPARATORS = (".", "-", "_")
"""Before the share class."""


@frozen
class Located:
    """The files that are there, and what is wrong with the others."""

    files: dict[Symbol, Path]
    problems: tuple[Problem, ...]
    """A symbol with several files: it is not clear which one counts."""


def _symbol(name: str) -> Symbol | None:
    """`brk-b.CSV` -> `BRK.B`; `None` for files that are named after no symbol."""
    stem, dot, ending = name.rpartition(".")
    if dot + ending.lower() not in _ENDINGS:
        return None
    return parse_symbol(stem.replace("_", ".")).value_or(None)


def _names(folder: Path) -> Result[list[str], tuple[Problem, ...]]:
    try:
        return Success(os.listdir(folder))
    except OSError as error:
        return Failure(
            (
                Problem(
                    code="no-folder",
                    what="the folder of bars cannot be listed",
                    where=str(folder),
                    why=error.strerror or str(error),
                    hint="give a folder with one CSV or Parquet file a symbol, or `sample`",
                ),
            )
        )


def locate(folder: Path, symbols: Collection[Symbol]) -> Result[Located, tuple[Problem, ...]]:
    """The files of `symbols`; a symbol without one is simply not in the answer."""
    wanted = {
        symbol.replace(".", separator).lower() + ending: symbol
        for symbol in symbols
        for separator in _SEPARATORS
        for ending in _ENDINGS
    }
    return _names(folder).map(
        lambda names: _located(
            folder, [(wanted[lower], name) for name in names if (lower := name.lower()) in wanted]
        )
    )


def locate_all(folder: Path) -> Result[Located, tuple[Problem, ...]]:
    """Every file of the folder that is named after a symbol."""
    return _names(folder).map(
        lambda names: _located(
            folder, [(symbol, name) for name in names if (symbol := _symbol(name)) is not None]
        )
    )


def _located(folder: Path, found: list[tuple[Symbol, str]]) -> Located:
    files: dict[Symbol, list[str]] = {}
    for symbol, name in found:
        files.setdefault(symbol, []).append(name)
    problems = [_several(s, names) for s, names in sorted(files.items()) if len(names) > 1]
    chosen = {s: folder / names[0] for s, names in sorted(files.items())}
    return Located(chosen, tuple(problems))


def _several(symbol: Symbol, names: list[str]) -> Problem:
    return Problem(
        code="several-files",
        what=f"{symbol} has several files: {', '.join(sorted(names))}",
        where=symbol,
        why="it is not clear which one counts",
        hint="keep one of them",
    )
