"""What a program that runs for ever does next: trade a session, wait for one, or note one missed.

It is asked when the program starts, whenever it wakes and after every cycle, and knows nothing but
what it is told, so that a host that slept, a program that was killed and one that was started twice
are the same to it. A trading day is the day of its session, in the exchange's own time.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from attrs import frozen

from alchemiser_core.domain.schedule.slot import Slot
from alchemiser_core.domain.schedule.window import (
    MARGIN,
    TradingWindow,
    last_moment,
    trading_window,
)
from alchemiser_core.domain.session import TradingSession


class MissedSlot(StrEnum):
    """What happens to a session whose window has passed while its market is open."""

    SKIP = "skip"
    """It is not traded."""
    LATE = "late"
    """It is traded late."""


@frozen
class Trade:
    """Run the cycle of this session now."""

    session: TradingSession
    window: TradingWindow
    """Until when orders may be sent."""
    late: bool = False
    """The window of the slot has passed; this one ends before the close."""


@frozen
class WaitUntil:
    """Nothing is to be done before that time; ask again then."""

    at: datetime
    session: TradingSession


@frozen
class Missed:
    """The session cannot be traded any more, or not by the policy; note it, and ask again."""

    session: TradingSession
    policy: MissedSlot


@frozen
class NothingKnown:
    """None of the sessions that were given is ahead: look further in the calendar."""

    after: datetime


NextStep = Trade | WaitUntil | Missed | NothingKnown


def next_step(
    now: datetime,
    sessions: Iterable[TradingSession],
    slot: Slot,
    length: timedelta,
    missed: MissedSlot,
    last_done: date | None,
    margin: timedelta = MARGIN,
    started: datetime | None = None,
) -> NextStep:
    """The next thing to do at `now`.

    `sessions`: from the day after `last_done` on, in order; earlier ones do no harm.
    `length`: of the window that begins at the slot.
    `last_done`: the newest trading day whose cycle has begun or that was noted as missed.
    `started`: when this run began; `now` where it is not given. Only where there is no `last_done`:
    sessions that were over by then are not missed, for nobody meant to trade them.
    """
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    began = now if started is None else started
    for session in sessions:
        if last_done is None:
            if session.closes <= began:
                continue
        elif session.day <= last_done:
            continue
        window = trading_window(session, slot, length, margin)
        return _step(now.astimezone(UTC), session, window, last_moment(session, margin), missed)
    return NothingKnown(now)


def _step(
    now: datetime,
    session: TradingSession,
    window: TradingWindow,
    last: datetime,
    missed: MissedSlot,
) -> NextStep:
    """What to do about one session that is not done."""
    if now < window.starts:
        return WaitUntil(window.starts, session)
    if window.contains(now):
        return Trade(session, window)
    if missed is MissedSlot.LATE and now < last:
        return Trade(session, TradingWindow(window.starts, last), late=True)
    return Missed(session, missed)
