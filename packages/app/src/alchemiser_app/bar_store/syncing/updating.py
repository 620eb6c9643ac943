"""One synchronisation from its beginning to its end: the last session, the lock, the bars."""

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.bar_store.refusals import StoreError
from alchemiser_app.bar_store.store import BarStore
from alchemiser_app.bar_store.syncing.outcome import SyncOutcome
from alchemiser_app.bar_store.syncing.source import Source
from alchemiser_app.bar_store.syncing.synchronise import (
    Progress,
    SyncOrder,
    Wanted,
    synchronise,
    unseen,
)
from alchemiser_app.bar_store.syncing.writing_turn import writing_turn
from alchemiser_core.domain.bar_rows import REFERENCE
from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.domain.problem import Explainable
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.plugins.factories import says_nothing
from alchemiser_core.ports.clock import Clock
from alchemiser_core.ports.trading_calendar import TradingCalendar
from alchemiser_core.services.completed_sessions import last_completed_session

SETTLED = timedelta(hours=2)
"""How long after a close vendors correct its bars; those that were fetched sooner are asked for
once more, lest a decision rests on what was no more than the first word on a session.
"""


@frozen(eq=False, kw_only=True)
class Update:
    """What is brought up to date, from where, and by whose time."""

    store: BarStore
    source: Source
    wanted: Wanted
    calendar: TradingCalendar
    now: datetime
    """Aware; bars up to the last session that is over then."""
    clock: Clock
    """For the wait until another process has written the store."""
    patience: timedelta | None = None
    """How long; the usual time where it is not given."""
    is_full: bool = False
    progress: Progress = unseen
    tell: Callable[[str], None] = says_nothing


def bring_up_to_date(what: Update) -> Result[SyncOutcome, Explainable]:
    """Bring the bars up to the last session that is over.

    Failures, before anything was asked: the calendar does not know today, the store cannot be read
    or is being written by another process, or it has bars of another feed.
    """
    over = last_completed_session(what.calendar, what.now)
    if isinstance(over, Failure):
        return Failure(over.failure())
    turn = writing_turn(what.store, what.clock, what.tell, what.patience)
    if isinstance(turn, Failure):
        return Failure(turn.failure())
    order = SyncOrder(
        store=what.store,
        source=what.source,
        wanted=what.wanted,
        through=over.unwrap().day,
        settled=_settled(what),
        is_full=what.is_full,
        progress=what.progress,
    )
    with turn.unwrap():
        return synchronise(order).alt(_explainable)


def _settled(what: Update) -> date:
    """The last session whose bars change no more; before all others where a calendar begins with
    one that is over just now.
    """
    long_over = last_completed_session(what.calendar, what.now, SETTLED)
    return date.min if isinstance(long_over, Failure) else long_over.unwrap().day


def only(symbols: Collection[Symbol]) -> Wanted:
    """These symbols, whatever the store has."""
    return lambda _: Success(tuple(symbols))


def all_of(store: BarStore, needed: Collection[Symbol]) -> Wanted:
    """What the store has of the basis, what is needed, and the symbol whose days are sessions."""

    def wanted(basis: PriceBasis) -> Result[tuple[Symbol, ...], StoreError]:
        return store.symbols(basis).map(lambda there: (*there, *needed, REFERENCE))

    return wanted


def _explainable(error: Explainable) -> Explainable:
    return error
