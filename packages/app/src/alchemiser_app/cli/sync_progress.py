"""How far a synchronisation is: a bar on a terminal, a few lines elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from alchemiser_app.cli.output import note
from alchemiser_app.counting import counted

_STEPS = 10
"""Lines that are written at most where there is no terminal."""

Progress = Callable[[int, int], None]


@contextmanager
def sync_progress() -> Iterator[Progress]:
    """Takes how many of how many symbols are done; what is told meanwhile stands above the bar."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("symbols"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("synchronising", total=None)
        yield lambda done, of: bars.update(task, completed=done, total=of)


class _Lines:
    """A line at every tenth of the symbols; nothing where all is done at once."""

    def __init__(self) -> None:
        self._told = 0

    def __call__(self, done: int, of: int) -> None:
        step = max(1, -(-of // _STEPS))
        if done < of and done // step > self._told // step:
            note(f"{done:,} of {counted(of, 'symbol')}")
            self._told = done
