"""Several processes that import files side by side, and end with the one that started them."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import islice
from pathlib import Path

from alchemiser_app.bar_store.importing.one_file import FileImport
from alchemiser_app.bar_store.importing.outcome import FileOutcome
from alchemiser_core.domain.symbol import Symbol

File = tuple[Symbol, Path]

MOST_PROCESSES = 8
_AT_ONCE = 16
"""Files that a process is given at a time."""
_FEW = 100
"""Files that are read sooner than other processes are started."""


def taken(
    how: FileImport, files: Sequence[File], processes: int
) -> Generator[FileOutcome, None, None]:
    """What came of each file, in the order in which they are done.

    Closing the generator lets the processes finish what they have begun, and no more. Raises
    `BrokenProcessPool` where one of them was ended from outside.
    """
    if len(files) <= _FEW or processes == 1:
        for file in files:
            yield how.take(*file)
        return
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _begin)
    try:
        yield from _by(pool, how, files, 2 * processes)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _by(
    pool: ProcessPoolExecutor, how: FileImport, files: Sequence[File], ahead: int
) -> Iterator[FileOutcome]:
    parts = (files[i : i + _AT_ONCE] for i in range(0, len(files), _AT_ONCE))
    waiting: set[Future[list[FileOutcome]]] = {
        pool.submit(_take_all, how, part) for part in islice(parts, ahead)
    }
    while waiting:
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        waiting |= {pool.submit(_take_all, how, part) for part in islice(parts, len(done))}
        for part in done:
            yield from part.result()


def _take_all(how: FileImport, files: Sequence[File]) -> list[FileOutcome]:
    return [how.take(*file) for file in files]


def _begin() -> None:
    """In each process: Ctrl-C is for the one that started it, whose end is its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        # A process whose parent was killed would otherwise wait for work for ever.
        parent.join()
        os._exit(1)
