"""Imports a folder: every file that is named after a symbol, as many at a time as there are cores.

Each symbol is written whole, and a file that the store has already is left out, so an import that
was ended on the way goes on where it was when it is started again.
"""

import os
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing

from returns.result import Failure, Result, Success

from alchemiser_app.bar_store.importing.one_file import FileImport
from alchemiser_app.bar_store.importing.outcome import FileOutcome, ImportEnded, ImportOutcome
from alchemiser_app.bar_store.importing.workers import MOST_PROCESSES, taken
from alchemiser_app.bar_store.refusals import StoreError
from alchemiser_app.feeds.folder import Located

Progress = Callable[[int, int], None]
"""Is told how many files are done, and of how many."""


def import_folder(
    how: FileImport, located: Located, tell: Progress, processes: int | None = None
) -> Result[ImportOutcome, StoreError | ImportEnded]:
    """Take all files into the store. Failure: somebody else writes it, or it cannot be written.

    A symbol with several files is left out. Where the disk is full on the way, the outcome has what
    was done before.
    """
    unclear = {problem.where for problem in located.problems}
    files = [item for item in located.files.items() if item[0] not in unclear]
    writer = how.store.writer()
    if isinstance(writer, Failure):
        return Failure(writer.failure())
    found: list[FileOutcome] = []
    with writer.unwrap(), closing(taken(how, files, processes or _processes())) as outcomes:
        try:
            for outcome in outcomes:
                found.append(outcome)
                tell(len(found), len(files))
                if outcome.ends_all:
                    break
        except BrokenProcessPool:
            return Failure(ImportEnded(str(how.store.folder), len(found), len(files)))
    found.sort(key=lambda outcome: outcome.symbol)
    return Success(ImportOutcome(tuple(found), located.problems, len(files) - len(found)))


def _processes() -> int:
    return min(MOST_PROCESSES, os.cpu_count() or 1)
