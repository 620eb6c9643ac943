"""The lock that keeps a second instance away from a journal file.

It is the operating system's lock on a file of its own, so it goes with the process that holds it,
however that ends, and a file that is left behind locks nobody out.
"""

import errno
import os
from pathlib import Path

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.journal.refusals import JournalLocked, JournalReadOnly

_LONGEST = 64
"""Bytes that are read of what the holder wrote."""


@frozen
class FileLock:
    """A lock that is held."""

    handle: int

    def release(self) -> None:
        """Let go; the file stays, because removing it could take another's lock away."""
        os.close(self.handle)


def take_lock(path: Path, journal: str) -> Result[FileLock, JournalLocked | JournalReadOnly]:
    """Lock for this process; refuses at once where another has it, and names that process."""
    import fcntl

    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        handle = os.open(path, flags, 0o600)
    except OSError as error:
        why = f"{path.name}: {error.strerror}"
        return Failure(JournalReadOnly(journal, why))
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not _is_at(handle, path):
            # It was removed between opening and locking; a lock on it keeps nobody away.
            raise BlockingIOError(errno.EAGAIN, "the lock file was replaced")
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
    except BlockingIOError:
        holder = _holder(handle)
        os.close(handle)
        return Failure(JournalLocked(journal, holder))
    except OSError as error:
        os.close(handle)
        return Failure(JournalReadOnly(journal, f"{path.name}: {error.strerror}"))
    return Success(FileLock(handle))


def _is_at(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.lstat())
    except FileNotFoundError:
        return False


def _holder(handle: int) -> str:
    words = os.pread(handle, _LONGEST, 0).decode("ascii", "replace").split()
    return f"process {words[0]}" if words and words[0].isdigit() else "another process"
