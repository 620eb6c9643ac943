"""How a folder is known to be a bar store: by one small file in it."""

import json
from pathlib import Path

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.bar_store.refusals import (
    BrokenStoreFile,
    NewerStore,
    NotAStore,
    StoreUnavailable,
)
from alchemiser_app.bar_store.whole_files import read_whole, write_whole

MARKER = "bar-store.json"
"""Says that the folder is a bar store, and in which form it is written."""

FORMAT = 1

_HINT = f'write {{"format": {FORMAT}, "synthetic": false}} into it; true where prices are made up'


def is_bar_store(folder: Path) -> bool:
    """Whether the folder has the marker of a bar store."""
    return (folder / MARKER).is_file()


@frozen
class Marker:
    """What the file says of the whole store."""

    format: int
    synthetic: bool
    """Whether all prices of the store are made up; a store never holds both kinds."""


MarkerError = NotAStore | NewerStore | StoreUnavailable


def read_marker(folder: Path) -> Result[Marker, MarkerError]:
    """What stands in the folder. Failures: no store, or one that this version cannot read."""
    if not folder.is_dir():
        return Failure(NotAStore(str(folder), "there is no such folder"))
    read = read_whole(folder / MARKER)
    if isinstance(read, Failure):
        error = read.failure()
        if isinstance(error, BrokenStoreFile):
            return Failure(NotAStore(error.where, error.why, _HINT))
        return Failure(error)
    data = read.unwrap()
    if data is None:
        return Failure(NotAStore(str(folder), f"it has no file {MARKER}"))
    return _understood(data, str(folder / MARKER))


def _understood(data: bytes, where: str) -> Result[Marker, MarkerError]:
    try:
        found = json.loads(data)
        version, synthetic = found["format"], found["synthetic"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return Failure(NotAStore(where, "it does not say what kind of store it is", _HINT))
    if type(version) is int and version > FORMAT:
        return Failure(NewerStore(where, version, FORMAT))
    if version != FORMAT or type(version) is not int or type(synthetic) is not bool:
        return Failure(NotAStore(where, "what it says of the store cannot be", _HINT))
    return Success(Marker(version, synthetic))


def write_marker(folder: Path, *, synthetic: bool = False) -> Result[None, StoreUnavailable]:
    """Make the folder a bar store, or say another thing of its prices."""
    text = json.dumps({"format": FORMAT, "synthetic": synthetic})
    return write_whole(folder / MARKER, text.encode() + b"\n")
