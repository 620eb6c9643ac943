"""Writing files whole or not at all: a reader never meets half a file, nor does a crash leave one.

The text goes to a temporary file in the same folder, which then takes the name.
"""

import os
import tempfile
from pathlib import Path

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.problem import Problem


@frozen
class NotWritten:
    """A file could not be written; what stood there before still does."""

    path: str
    why: str
    hint: str = "check the folder and its permissions"

    def problems(self) -> tuple[Problem, ...]:
        """One problem: which file, and why not."""
        return (
            Problem("not-written", "the file cannot be written", self.path, self.why, self.hint),
        )


def write_text(path: Path, text: str, *, overwrite: bool = True) -> Result[Path, NotWritten]:
    """Write UTF-8 text; with `overwrite` off an existing file is left alone and refused."""
    if not overwrite and path.exists():
        return Failure(NotWritten(str(path), "it is there already", "add --force to replace it"))
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent, text=True)
    except OSError as error:
        return Failure(NotWritten(str(path), error.strerror or str(error)))
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        return Failure(NotWritten(str(path), error.strerror or str(error)))
    return Success(path)


def make_folder(path: Path) -> Result[Path, NotWritten]:
    """Make a folder and those above it; one that is there is fine."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return Failure(NotWritten(str(path), error.strerror or str(error)))
    return Success(path)
