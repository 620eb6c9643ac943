"""A file of log lines that only its owner can read, bounded in size and number."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from attrs import define, field, frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.problem import Problem

_FLAGS = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
"""Readable by its owner alone, at its end; a link is not followed, and a pipe not waited for."""
_BEGINNING_OF_A_LINE = b"{"


@frozen
class LogUnusable:
    """The log cannot be written where the configuration says."""

    found: tuple[Problem, ...]

    def problems(self) -> tuple[Problem, ...]:
        """Why, and where."""
        return self.found


@define(eq=False)
class LogFile:
    """A log that is open; `open_log_file` makes one."""

    path: Path
    most_bytes: int
    kept: int
    """Files that were put aside."""
    tell: Callable[[str], None]
    """Told once that the log cannot be written; trading goes on without it."""
    _file: TextIO
    _broken: bool = field(default=False, init=False)

    def write(self, line: str) -> None:
        """Add a line, and put the file aside first where it is full."""
        if self._broken:
            return
        try:
            size = os.fstat(self._file.fileno()).st_size
            if size and size + len(line.encode()) > self.most_bytes:
                self._put_aside()
            self._file.write(line)
            self._file.flush()
        except OSError as error:
            self._broken = True
            why = error.strerror or type(error).__name__
            self.tell(f"warning: the log {self.path} cannot be written any more: {why}")

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _put_aside(self) -> None:
        self._file.close()
        aside = [self.path.with_name(f"{self.path.name}.{n}") for n in range(1, self.kept + 1)]
        names = [self.path, *aside]
        for older, newer in zip(reversed(names[1:]), reversed(names[:-1]), strict=True):
            if newer.exists():
                newer.replace(older)
        if not aside:
            self.path.unlink()
        self._file = _as_text(os.open(self.path, _FLAGS, 0o600))


def open_log_file(
    path: Path, most_bytes: int, kept: int, tell: Callable[[str], None]
) -> Result[LogFile, LogUnusable]:
    """The log at a path, made where there is none.

    Failures: its folder is not there, it is no file of one's own, or holds something else.
    """
    try:
        descriptor = os.open(path, _FLAGS, 0o600)
    except OSError as error:
        return _unusable(path, error.strerror or type(error).__name__)
    why = _strange(descriptor)
    if why:
        os.close(descriptor)
        return _unusable(path, why)
    return Success(LogFile(path, most_bytes, kept, tell, _as_text(descriptor)))


def _as_text(descriptor: int) -> TextIO:
    return os.fdopen(descriptor, "a", encoding="utf-8", newline="\n")


def _strange(descriptor: int) -> str:
    """Why a file is not written to; empty where it is fit. Others are shut out of it on the way."""
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        return "it is no file"
    if found.st_uid != os.geteuid():
        return "it belongs to another user"
    if os.pread(descriptor, 1, 0) not in (b"", _BEGINNING_OF_A_LINE):
        return "it holds something else than a log"
    os.fchmod(descriptor, 0o600)
    return ""


def _unusable(path: Path, why: str) -> Failure[LogUnusable]:
    problem = Problem(
        "log-unusable",
        "the log cannot be written there",
        f"logs.file: {path}",
        why,
        "name a file of your own in a folder that is there, or leave it out",
    )
    return Failure(LogUnusable((problem,)))
