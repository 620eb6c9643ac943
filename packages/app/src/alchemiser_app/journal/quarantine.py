"""Putting a copy of a damaged journal aside, before anybody tries to mend it."""

import hashlib
import os
import shutil
from pathlib import Path

from alchemiser_app.journal.location import FileLocation

_DIGITS = 12


def put_aside(location: FileLocation) -> Path | None:
    """Copy the file and those beside it, under a name made of what they hold.

    The original stays as it is; what was put aside before is not copied again; `None` where there
    is nothing to copy. Raises `OSError`.
    """
    parts = [part for part in location.parts if part.is_file() and part.stat().st_size]
    if not parts:
        return None
    digest = hashlib.sha256()
    # The index of the log is made anew by whoever opens it, and says nothing of its own.
    for part in (part for part in parts if not part.name.endswith("-shm")):
        with part.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    stem = f".quarantine-{digest.hexdigest()[:_DIGITS]}"
    for part in parts:
        copy = location.beside(stem + part.name.removeprefix(location.path.name))
        if not copy.exists():
            _copy(part, copy)
    return location.beside(stem)


def _copy(source: Path, copy: Path) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with source.open("rb") as original, os.fdopen(os.open(copy, flags, 0o600), "wb") as file:
        shutil.copyfileobj(original, file)
        file.flush()
        os.fsync(file.fileno())
