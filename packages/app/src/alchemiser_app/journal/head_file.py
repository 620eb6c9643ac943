"""A note beside a journal file of where it ends, written after every append.

A hash chain shows a change inside it, not that its end is missing: a write-ahead log that was lost
or an old copy put back leaves a shorter chain that holds. The note is written after the entry is
durable and never waited for, so it can lag behind the journal after a power failure, and the
journal never behind it.
"""

import os
import re
import stat
from pathlib import Path

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.journal.stored_records import Head
from alchemiser_core.domain.journal.chain import Record

_FORM = re.compile(rb"([0-9]{20}) ([0-9a-f]{64})\n")
_LENGTH = 86


@frozen
class HeadFile:
    """The note, open for writing."""

    handle: int

    def write(self, head: Head) -> None:
        """Note the head; raises `OSError` where that fails."""
        text = f"{head.number:020d} {head.digest}\n".encode()
        if os.pwrite(self.handle, text, 0) != len(text):
            raise OSError("the note of where the journal ends was cut short")

    def close(self) -> None:
        """Write it through to the disk and let go."""
        os.fsync(self.handle)
        os.close(self.handle)


def open_head(path: Path) -> Result[HeadFile, str]:
    """The note, made if it is not there; the failure says what stands in the way."""
    return _opened(path, os.O_RDWR | os.O_CREAT).map(HeadFile)


def noted_head(path: Path) -> Result[Head | None, str]:
    """What is noted; `None` where nothing is, or a power failure left nothing that can be read."""
    if not os.path.lexists(path):
        return Success(None)
    opened = _opened(path, os.O_RDONLY)
    if isinstance(opened, Failure):
        return Failure(opened.failure())
    with os.fdopen(opened.unwrap(), "rb") as file:
        found = _FORM.fullmatch(file.read(_LENGTH + 1))
    return Success(Head(int(found[1]), found[2].decode()) if found else None)


def _opened(path: Path, flags: int) -> Result[int, str]:
    try:
        # Not waiting for who writes into a pipe that somebody has put there.
        handle = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, 0o600)
    except OSError as error:
        return Failure(f"{path.name}: {error.strerror}")
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        return Failure(f"{path.name}: it is no file")
    return Success(handle)


def fault_against(noted: Head | None, records: tuple[Record, ...]) -> str | None:
    """What the note knows that the records do not; `None` where they agree."""
    if noted is None or noted.number == 0:
        return None
    if noted.number > len(records):
        return (
            f"it ends with entry {len(records)}, and entry {noted.number} had been written: "
            "its end was lost, or an old copy was put in its place "
            "(where that was meant, remove the file whose name ends in .head)"
        )
    if records[noted.number - 1].digest != noted.digest:
        return f"entry {noted.number} is not the one that had been written"
    return None
