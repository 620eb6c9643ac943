"""Trading day after day: waits for the next slot of the calendar, has it traded, and goes on.

What is due is decided by `domain.schedule.next_step` alone, which is asked again after every wait
and every cycle; here is only the loop around it. It ends when it is asked to, when the journal
fails, or where the calendar knows no further session.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Protocol

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.alert import Alert, Severity
from alchemiser_core.domain.journal.events import AlertRaised, CycleOpened, JournalEvent
from alchemiser_core.domain.problem import Explainable, Problem
from alchemiser_core.domain.schedule import (
    Missed,
    MissedSlot,
    NextStep,
    NothingKnown,
    Slot,
    Trade,
    WaitUntil,
    next_step,
)
from alchemiser_core.ports.clock import Clock
from alchemiser_core.ports.trading_calendar import TradingCalendar
from alchemiser_core.services.cycle import Ending
from alchemiser_core.services.upcoming_sessions import AHEAD, upcoming_sessions

MISSED_SLOT = "missed-slot"
"""Code of the alert about sessions that were not traded; its subject is the last of them."""


class AfterCycle(Enum):
    """What a run does after a cycle, whatever came of it."""

    GO_ON = "go on"
    """Wait for the next slot."""
    AWAIT_SOMEBODY = "await somebody"
    """Wait for the next slot, and let whoever has to act at the journal meanwhile."""
    END = "end"
    """The journal cannot be trusted or written: nothing may be sent any more."""


def after_cycle(ending: Ending, *, journal_holds: bool) -> AfterCycle:
    """How a run goes on after a cycle. One that failed is not tried again before the next slot."""
    if not journal_holds:
        return AfterCycle.END
    match ending:
        case Ending.COMPLETE | Ending.NOTHING_TO_DO | Ending.ALREADY_DONE | Ending.PLANNED:
            return AfterCycle.GO_ON
        case Ending.INCOMPLETE | Ending.REFUSED | Ending.NO_DATA | Ending.HALTED:
            return AfterCycle.AWAIT_SOMEBODY


@frozen(eq=False)
class Timetable:
    """When an account trades."""

    calendar: TradingCalendar
    slot: Slot
    window: timedelta
    """How long after the slot orders may be sent."""
    missed: MissedSlot


class Attendant(Protocol):
    """Does what is due, and tells of it."""

    @property
    def timetable(self) -> Timetable:
        """That of the newest configuration that was read."""
        ...

    def trade(self, due: Trade) -> AfterCycle:
        """Run the cycle of a session."""
        ...

    def missed(self, alert: Alert) -> AfterCycle:
        """Write down and tell that sessions were not traded."""
        ...

    def waiting(self, step: WaitUntil) -> None:
        """Tell what is waited for."""
        ...


@frozen
class AskedToEnd:
    """The run was asked to end."""

    in_cycle: bool
    """While a cycle was on, which has come to its end."""


@frozen
class JournalLost:
    """The journal does not hold, or takes nothing any more."""


@frozen
class NoSessionAhead:
    """The calendar knows no session that is ahead."""

    found: tuple[Problem, ...]

    def problems(self) -> tuple[Problem, ...]:
        """What the calendar says."""
        return self.found


RunEnd = AskedToEnd | JournalLost | NoSessionAhead


def keep_trading(
    clock: Clock,
    attendant: Attendant,
    asked_to_end: Callable[[], bool],
    last_done: date | None = None,
) -> RunEnd:
    """Trade every session in its slot, until something ends it.

    `last_done`: the newest day that needs no looking at, see `newest_day_done`.
    """
    started = clock.now()
    overdue: tuple[Missed, ...] = ()
    told: WaitUntil | None = None
    while not asked_to_end():
        due = _due(clock.now(), attendant.timetable, last_done, started)
        if isinstance(due, Failure):
            return NoSessionAhead(due.failure().problems())
        step = due.unwrap()
        if isinstance(step, Missed):
            overdue, last_done = (*overdue, step), step.session.day
            continue
        if overdue and attendant.missed(missed_alert(overdue)) is AfterCycle.END:
            return JournalLost()
        overdue = ()
        match step:
            case Trade():
                last_done = step.session.day
                if attendant.trade(step) is AfterCycle.END:
                    return JournalLost()
                if asked_to_end():
                    return AskedToEnd(in_cycle=True)
            case WaitUntil():
                if step != told:
                    attendant.waiting(step)
                told = step
                clock.wait_until(step.at)
            case NothingKnown():
                return NoSessionAhead((_nothing_ahead(attendant.timetable.calendar, step),))
    return AskedToEnd(in_cycle=False)


def newest_day_done(events: Iterable[JournalEvent], *, of_calendar: bool) -> date | None:
    """The newest day whose cycle has begun or that was told as missed; `None` where none was.

    `of_calendar`: trading days are those of the calendar. They are not where the broker keeps a
    time of its own, and then what it has traded says nothing about the calendar's days.
    """
    newest: date | None = None
    for event in events:
        match event:
            case CycleOpened() if of_calendar:
                day = event.cycle.trading_day
            case AlertRaised() if event.alert.code == MISSED_SLOT:
                day = date.fromisoformat(event.alert.subject)
            case _:
                continue
        newest = day if newest is None else max(newest, day)
    return newest


def missed_alert(missed: tuple[Missed, ...]) -> Alert:
    """One alert about all sessions that were missed in a row; `ValueError` without one."""
    if not missed:
        raise ValueError("nothing was missed")
    first, last = missed[0], missed[-1]
    days = [str(each.session.day) for each in missed]
    which = f"sessions {days[0]} to {days[-1]} were" if len(days) > 1 else f"{days[0]} was"
    count = f"{len(days)} " if len(days) > 1 else "the session of "
    why = (
        "the slot had passed, and missed_slot is skip"
        if first.policy is MissedSlot.SKIP
        else "the market had closed"
    )
    text = f"{count}{which} not traded: {why}"
    return Alert(MISSED_SLOT, Severity.WARNING, text, last.session.day.isoformat())


def _due(
    now: datetime, timetable: Timetable, last_done: date | None, started: datetime
) -> Result[NextStep, Explainable]:
    sessions = upcoming_sessions(timetable.calendar, now, last_done)
    if isinstance(sessions, Failure):
        return Failure(sessions.failure())
    return Success(
        next_step(
            now,
            sessions.unwrap(),
            timetable.slot,
            timetable.window,
            timetable.missed,
            last_done,
            started=started,
        )
    )


def _nothing_ahead(calendar: TradingCalendar, step: NothingKnown) -> Problem:
    return Problem(
        code="no-session-ahead",
        what=f"the calendar {calendar.name} has no session in the {AHEAD.days} days ahead",
        where="trading.calendar",
        why=f"it was asked at {step.after.isoformat(sep=' ', timespec='seconds')}",
        hint="install a newer version of the calendar, and start again",
    )
