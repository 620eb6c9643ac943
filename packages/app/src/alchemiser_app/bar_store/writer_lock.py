"""The lock of the one process that writes a bar store; readers never wait for it."""

from pathlib import Path
from types import TracebackType

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.bar_store.layout import FOLDERS, LOCK, is_unfinished, names_in
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
    """The right to write this store; refuses at once where another process has it.

    What a killed writer left unfinished is removed.
    """
    taken = take_lock(folder / LOCK, str(folder))
    if isinstance(taken, Failure):
        error = taken.failure()
        if isinstance(error, JournalLocked):
            return Failure(StoreLocked(str(folder), error.holder))
        return Failure(StoreUnavailable(str(folder), error.why))
    writer = Writer(taken.unwrap())
    cleared = _cleared(folder)
    if isinstance(cleared, Failure):
        writer.release()
        return Failure(cleared.failure())
    return Success(writer)


def _cleared(folder: Path) -> Result[None, StoreUnavailable]:
    """Nobody else writes now, so whatever is unfinished was left by a killed writer."""
    for place in (folder, *(folder / name for name in FOLDERS)):
        names = names_in(place)
        if isinstance(names, Failure):
            return Failure(names.failure())
        for name in filter(is_unfinished, names.unwrap()):
            try:
                (place / name).unlink(missing_ok=True)
            except OSError as error:
                why = error.strerror or str(error)
                return Failure(StoreUnavailable(str(place / name), why))
    return Success(None)
