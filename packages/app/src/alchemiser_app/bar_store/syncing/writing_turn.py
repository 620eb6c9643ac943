"""Waiting for the right to write a store, where another process has it."""

from collections.abc import Callable
from datetime import timedelta

from returns.result import Failure, Result

from alchemiser_app.bar_store.refusals import StoreError, StoreLocked
from alchemiser_app.bar_store.store import BarStore
from alchemiser_app.bar_store.writer_lock import Writer
from alchemiser_core.ports.clock import Clock

PATIENCE = timedelta(seconds=60)
_PAUSE = timedelta(seconds=0.5)


def writing_turn(
    store: BarStore, clock: Clock, tell: Callable[[str], None], given: timedelta | None = None
) -> Result[Writer, StoreError]:
    """The right to write, waited for up to `given`, else for a minute; the wait is told once.

    Failure: another process still has it, and which.
    """
    patience = PATIENCE if given is None else given
    until = clock.now() + patience
    taken = store.writer()
    if _is_locked(taken):
        (problem,) = taken.failure().problems()
        tell(f"{problem.what}; waiting up to {patience.total_seconds():.0f} s")
    while _is_locked(taken) and clock.now() < until:
        clock.wait_until(min(until, clock.now() + _PAUSE))
        taken = store.writer()
    return taken


def _is_locked(taken: Result[Writer, StoreError]) -> bool:
    return isinstance(taken, Failure) and isinstance(taken.failure(), StoreLocked)
