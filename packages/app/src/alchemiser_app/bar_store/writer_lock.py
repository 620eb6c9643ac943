"""The lock of the one process that writes a bar store; readers never wait for it."""

from pathlib import Path
from types import TracebackType

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.bar_store.layout import LOCK
from alchemiser_app.bar_store.refusals import StoreLocked, StoreUnavailable
from alchemiser_app.journal.file_lock import FileLock, take_lock
from alchemiser_app.journal.refusals import JournalLocked


@frozen
class Writer:
    """The right to write, until `release` or the end of the `with` block or of the process."""

    lock: FileLock

    def release(self) -> None:
        """Let another process write."""
        self.lock.release()

    def __enter__(self) -> "Writer":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def writer_of(folder: Path) -> Result[Writer, StoreLocked | StoreUnavailable]:
    """The right to write this store; refuses at once where another process has it."""
    taken = take_lock(folder / LOCK, str(folder))
    if isinstance(taken, Failure):
        error = taken.failure()
        if isinstance(error, JournalLocked):
            return Failure(StoreLocked(str(folder), error.holder))
        return Failure(StoreUnavailable(str(folder), error.why))
    return Success(Writer(taken.unwrap()))
