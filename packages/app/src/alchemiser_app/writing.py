"""Writing files whole or not at all: a reader never meets half a file, nor does a crash leave one.

The text goes to a temporary file in the same folder, which then takes the name.
"""

import os
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.problem import Problem

_PUBLIC, _PRIVATE = 0o644, 0o600


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


def write_text(
    path: Path, text: str, *, overwrite: bool = True, private: bool = False
) -> Result[Path, NotWritten]:
    """Write UTF-8 text; with `overwrite` off an existing file is left alone and refused, and
    with `private` on nobody else can read it.
    """
    if not overwrite and path.exists():
        return Failure(NotWritten(str(path), "it is there already", "add --force to replace it"))
    written = _beside(path, text, _PRIVATE if private else _PUBLIC)
    return written.bind(lambda beside: _renamed(beside, path))


def write_texts(texts: Mapping[Path, str]) -> Result[tuple[Path, ...], tuple[NotWritten, ...]]:
    """Write several files, or none: names are only taken when every text is on the disk.

    Failure: every file that cannot be written.
    """
    written = {path: _beside(path, text) for path, text in texts.items()}
    refused = [result.failure() for result in written.values() if isinstance(result, Failure)]
    if refused:
        for result in written.values():
            if isinstance(result, Success):
                result.unwrap().unlink(missing_ok=True)
        return Failure(tuple(refused))
    renamed = [_renamed(result.unwrap(), path) for path, result in written.items()]
    refused = [result.failure() for result in renamed if isinstance(result, Failure)]
    return Failure(tuple(refused)) if refused else Success(tuple(texts))


def _taken_by(path: Path) -> str | None:
    """What stands there that is no file; its name would be taken away from every program."""
    try:
        mode = path.stat().st_mode
    except OSError:
        # Nothing is there, or writing beside it tells what is wrong.
        return None
    if stat.S_ISREG(mode):
        return None
    return "a folder" if stat.S_ISDIR(mode) else "a device or a pipe"


def _beside(path: Path, text: str, mode: int = _PUBLIC) -> Result[Path, NotWritten]:
    """The text in a temporary file in the same folder."""
    taken = _taken_by(path)
    if taken is not None:
        return Failure(NotWritten(str(path), f"it is {taken}", "give the name of a file"))
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent, text=True)
    except OSError as error:
        return Failure(NotWritten(str(path), error.strerror or str(error)))
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        Path(name).chmod(mode)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        return Failure(NotWritten(str(path), error.strerror or str(error)))
    return Success(Path(name))


def _renamed(written: Path, path: Path) -> Result[Path, NotWritten]:
    try:
        written.replace(path)
    except OSError as error:
        written.unlink(missing_ok=True)
        return Failure(NotWritten(str(path), error.strerror or str(error)))
    return Success(path)


def make_folder(path: Path) -> Result[Path, NotWritten]:
    """Make a folder and those above it; one that is there is fine."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return Failure(NotWritten(str(path), error.strerror or str(error)))
    return Success(path)
