"""One trading cycle, from the journal to the journal. `trade` is its table of contents."""

from collections.abc import Callable

from returns.result import Failure

from alchemiser_core.services.cycle.committing import committed, within_limits
from alchemiser_core.services.cycle.deciding import (
    drafted,
    in_time,
    not_done_yet,
    not_halted,
    still_wanted,
)
from alchemiser_core.services.cycle.opening import identify, read_journal, take_up
from alchemiser_core.services.cycle.reconciling import reconciled
from alchemiser_core.services.cycle.run import (
    NOTHING,
    Ended,
    Ending,
    Known,
    Onward,
    Run,
    ending_of,
)
from alchemiser_core.services.cycle.terms import DecidingBars, ReadBars, Terms
from alchemiser_core.services.desk import Desk

__all__ = [
    "DecidingBars",
    "Ended",
    "Ending",
    "Known",
    "ReadBars",
    "Run",
    "Terms",
    "recover",
    "trade",
]

Arrow = Callable[[Run], Onward]

RECOVERY: tuple[Arrow, ...] = (read_journal, identify, take_up, reconciled)
"""What every start begins with, whether the last one ended well or not."""

TRADING: tuple[Arrow, ...] = (
    not_halted,
    not_done_yet,
    in_time,
    drafted,
    still_wanted,
    within_limits,
    committed,
)


def trade(desk: Desk, terms: Terms, *, is_dry: bool = False, known: Known = NOTHING) -> Ended:
    """Run one cycle: exactly once a trading day, however often it is called.

    A dry run goes up to the first order, and writes and sends nothing. `known` spares whoever runs
    cycle after cycle to read the whole journal each time.
    """
    first = Run(desk, terms, is_dry, known.read, known.ledger, traded=known.traded)
    return _along((*RECOVERY, *TRADING), first)


def recover(desk: Desk, terms: Terms, *, is_dry: bool = False, known: Known = NOTHING) -> Ended:
    """Account for what was left open and compare with the broker; trade nothing new."""
    first = Run(desk, terms, is_dry, known.read, known.ledger, traded=known.traded)
    return _along(RECOVERY, first)


def _along(arrows: tuple[Arrow, ...], run: Run) -> Ended:
    for arrow in arrows:
        onward = arrow(run)
        if isinstance(onward, Failure):
            ended: Ended = onward.failure()
            return ended
        run = onward.unwrap()
    last = run.ledger.last
    traded = last is not None and last.cycle == run.key
    return Ended(run, ending_of(last.outcome) if traded and last else Ending.NOTHING_TO_DO)
