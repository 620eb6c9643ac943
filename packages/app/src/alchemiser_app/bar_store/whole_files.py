"""Files that are there whole or not at all, whenever a writer is killed or the power fails."""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from returns.result import Failure, Result, Success

from alchemiser_app.bar_store.layout import UNFINISHED
from alchemiser_app.bar_store.refusals import BrokenStoreFile, StoreUnavailable

LARGEST = 16 * 1024 * 1024
"""Bytes; the file of four centuries is a third of it."""


def write_whole(path: Path, data: bytes) -> Result[None, StoreUnavailable]:
    """Give the file this content: written beside it, brought to the disk, then renamed."""
    beside: str | None = None
    try:
        path.parent.mkdir(exist_ok=True)
        handle, beside = tempfile.mkstemp(UNFINISHED, f".{path.name}.", path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fchmod(handle, 0o644)
            os.fsync(handle)
        os.replace(beside, path)
        beside = None
        _bring_to_disk(path.parent)
    except OSError as error:
        return Failure(StoreUnavailable(str(path), error.strerror or str(error)))
    finally:
        if beside is not None:
            with suppress(OSError):
                os.unlink(beside)
    return Success(None)


def _bring_to_disk(folder: Path) -> None:
    """The new name, too; without it a power failure could bring the old file back."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_whole(path: Path) -> Result[bytes | None, BrokenStoreFile | StoreUnavailable]:
    """What the file holds; `None` where there is none. A pipe or a folder is a broken file."""
    try:
        # Without O_NONBLOCK a pipe of that name would be waited for.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return Success(None)
    except OSError as error:
        return Failure(StoreUnavailable(str(path), error.strerror or str(error)))
    try:
        return _content(handle, str(path))
    except OSError as error:
        return Failure(StoreUnavailable(str(path), error.strerror or str(error)))
    finally:
        os.close(handle)


def _content(handle: int, where: str) -> Result[bytes | None, BrokenStoreFile | StoreUnavailable]:
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        return Failure(BrokenStoreFile(where, "it is no regular file"))
    if found.st_size > LARGEST:
        return Failure(BrokenStoreFile(where, f"it has {found.st_size:,} bytes"))
    with os.fdopen(handle, "rb", buffering=0, closefd=False) as stream:
        return Success(stream.readall())
