"""The kill switch as a file: while it is there no order is sent.

Anybody can throw it, with `touch` as well as with `alchemiser halt`, while the program runs.
"""

import os
import stat
import tempfile
from pathlib import Path

from returns.result import Failure, Result, Success

from alchemiser_app.writing import NotWritten
from alchemiser_core.domain.plain_text import LONGEST, plain_text

_NOT_FOLLOWED = getattr(os, "O_NOFOLLOW", 0)
_NOT_WAITING = getattr(os, "O_NONBLOCK", 0)
_LOOKED_AT = 4096
_FOREIGN = "it is no text that a halt has left"
_BY_HAND = "look at it, and take it away by hand; or name another file in journal.halt_file"


class FileKillSwitch:
    """`KillSwitch` of a path: thrown while anything is there, or when nobody can look."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def path(self) -> Path:
        """Where the file is while the switch is thrown."""
        return self._path

    @property
    def is_there(self) -> bool:
        """Whether anything stands there."""
        return os.path.lexists(self._path)

    def thrown(self) -> str | None:
        """The text of the file, or why it counts as thrown; `None` where there is none."""
        try:
            why = self._text()
        except FileNotFoundError:
            if self._path.parent.is_dir():
                return None
            return f"the kill switch {self._path} cannot be looked at: there is no such folder"
        except OSError as error:
            return f"the kill switch {self._path} cannot be looked at: {error.strerror or error}"
        return why or f"the file {self._path} is there"

    def throw(self, why: str) -> Result[None, NotWritten]:
        """Make the file, for its owner's eyes only, with the reason in it; durable on return."""
        try:
            self._write(plain_text(why))
        except OSError:
            # A full disk keeps the reason from being written, not trading from being stopped.
            return self._touch()
        return Success(None)

    def release(self) -> Result[None, NotWritten]:
        """Take the file away; where there is none, nothing happens.

        Only what `halt` or `touch` makes goes: a text. Anything else was there for another purpose.
        """
        try:
            if self._is_foreign():
                return Failure(NotWritten(str(self._path), _FOREIGN, _BY_HAND))
            self._path.unlink(missing_ok=True)
        except OSError as error:
            return Failure(self._failed(error))
        return Success(None)

    def _is_foreign(self) -> bool:
        if not self.is_there or self._path.is_symlink():
            return False
        if not self._path.is_file():
            return True
        with self._path.open("rb") as file:
            return b"\0" in file.read(_LOOKED_AT)

    def _text(self) -> str:
        if not stat.S_ISREG(self._path.lstat().st_mode):
            return ""
        file = os.open(self._path, os.O_RDONLY | _NOT_FOLLOWED | _NOT_WAITING)
        with os.fdopen(file, "rb") as stream:
            return plain_text(stream.read(4 * LONGEST).decode("utf-8", errors="replace"))

    def _write(self, why: str) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file, name = tempfile.mkstemp(prefix=f".{self._path.name}.", dir=self._path.parent)
        try:
            with os.fdopen(file, "w", encoding="utf-8") as stream:
                stream.write(why)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).replace(self._path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        self._sync_folder()

    def _touch(self) -> Result[None, NotWritten]:
        try:
            os.close(os.open(self._path, os.O_WRONLY | os.O_CREAT | _NOT_FOLLOWED, 0o600))
        except OSError as error:
            if not self.is_there:
                return Failure(self._failed(error))
        return Success(None)

    def _sync_folder(self) -> None:
        """A new name is on the disk when its folder is; Windows has no such call."""
        if os.name == "posix":
            folder = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def _failed(self, error: OSError) -> NotWritten:
        return NotWritten(str(self._path), error.strerror or str(error))
