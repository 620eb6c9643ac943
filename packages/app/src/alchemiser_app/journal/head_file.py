"""A note beside a journal file of where it ends, written after every append.

A hash chain shows a change inside it, not that its end is missing: a write-ahead log that was lost
or an old copy put back leaves a shorter chain that holds. The note is written after the entry is
durable and never waited for, so it can lag behind the journal after a power failure, and the
journal never behind it.
"""

import os
import re
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
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        return Success(HeadFile(os.open(path, flags, 0o600)))
    except OSError as error:
        return Failure(f"{path.name}: {error.strerror}")


def noted_head(path: Path) -> Result[Head | None, str]:
    """What is noted; `None` where nothing is, or a power failure left nothing that can be read."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return Success(None)
    except OSError as error:
        return Failure(f"{path.name}: {error.strerror}")
    try:
        found = _FORM.fullmatch(os.read(handle, _LENGTH + 1))
    finally:
        os.close(handle)
    return Success(Head(int(found[1]), found[2].decode()) if found else None)


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
