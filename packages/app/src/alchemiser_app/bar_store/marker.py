"""How a folder is known to be a bar store: by one small file in it."""

import json
from pathlib import Path

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

_HINT = "put a copy of the file in its place; it holds nothing but the format of the store"


def is_bar_store(folder: Path) -> bool:
    """Whether the folder has the marker of a bar store."""
    return (folder / MARKER).is_file()


def read_marker(folder: Path) -> Result[None, NotAStore | NewerStore | StoreUnavailable]:
    """Whether this version can read the store that stands in the folder."""
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


def _understood(data: bytes, where: str) -> Result[None, NotAStore | NewerStore | StoreUnavailable]:
    try:
        found = json.loads(data)
        version = found["format"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return Failure(NotAStore(where, "it does not say in which format the store is", _HINT))
    if type(version) is not int or version < 1:
        return Failure(NotAStore(where, f"format {str(version)[:40]!r} is none", _HINT))
    if version > FORMAT:
        return Failure(NewerStore(where, version, FORMAT))
    return Success(None)


def write_marker(folder: Path) -> Result[None, StoreUnavailable]:
    """Make the folder a bar store."""
    return write_whole(folder / MARKER, json.dumps({"format": FORMAT}).encode() + b"\n")
