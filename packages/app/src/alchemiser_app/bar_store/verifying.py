"""Looks at every file of a store: whether it can be believed, and whether it belongs there."""

from collections.abc import Iterator
from pathlib import Path

from returns.result import Failure

from alchemiser_app.bar_store import layout
from alchemiser_app.bar_store.bases import StoredBasis
from alchemiser_app.bar_store.layout import ACTIONS_FOLDER, FOLDERS, LOCK
from alchemiser_app.bar_store.marker import MARKER, read_marker
from alchemiser_app.bar_store.refusals import BrokenStoreFile, StoreError
from alchemiser_app.bar_store.series_files import read_as, series_in
from alchemiser_app.bar_store.stored_actions import decoded_actions
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol


def verified(store: Path) -> tuple[Problem, ...]:
    """Everything that is wrong with a store; each file is read whole, so this takes a while."""
    marker = read_marker(store)
    if isinstance(marker, Failure):
        return _told(marker.failure())
    found = list(_strays(store, frozenset((MARKER, LOCK, *FOLDERS))))
    for folder in FOLDERS:
        found += _of_folder(store, folder, synthetic=marker.unwrap().synthetic)
    return tuple(found)


def _told(error: StoreError) -> tuple[Problem, ...]:
    return error.problems()


def _of_folder(store: Path, folder: str, *, synthetic: bool) -> Iterator[Problem]:
    names = layout.names_in(store / folder)
    if isinstance(names, Failure):
        yield from names.failure().problems()
        return
    symbols = layout.symbols_among(names.unwrap())
    for symbol in symbols:
        yield from _of_file(store, folder, symbol, synthetic=synthetic)
    known = frozenset(f"{symbol}{layout.ENDING}" for symbol in symbols)
    yield from _strays(store / folder, known)


def _of_file(store: Path, folder: str, symbol: Symbol, *, synthetic: bool) -> tuple[Problem, ...]:
    path = layout.file_of(store, folder, symbol)
    if folder == ACTIONS_FOLDER:
        actions = read_as(path, lambda data: decoded_actions(data, symbol))
        return _told(actions.failure()) if isinstance(actions, Failure) else ()
    basis = StoredBasis(folder).prices
    read = read_as(path, lambda data: series_in(data, symbol, basis))
    if isinstance(read, Failure):
        return _told(read.failure())
    series = read.unwrap()
    if series is None:
        return BrokenStoreFile(str(path), "it is a link to nothing").problems()
    if series.synthetic is not synthetic:
        why = "its prices are made up, or the store's are, and not both"
        return BrokenStoreFile(str(path), why).problems()
    return ()


def _strays(folder: Path, known: frozenset[str]) -> Iterator[Problem]:
    """What a killed writer left, and what nobody put there; a folder that is none has nothing."""
    for name in layout.names_in(folder).value_or(()):
        where = str(folder / name)
        if layout.is_unfinished(name):
            hint = "nothing is lost: the next `data sync` or `data import` removes it"
            yield Problem("store-leftover", "a writer was killed here", where, "", hint)
        elif name not in known and not name.startswith("."):
            what = "the file does not belong to the bar store"
            why = "files there are named after their symbol: SPY.parquet"
            yield Problem("store-stray", what, where, why, "remove it")
