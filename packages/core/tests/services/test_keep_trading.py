"""A run over weeks of a calendar: in which order it waits, trades, skips and ends."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from attrs import define, evolve, field

from alchemiser_core.domain.alert import Alert, Severity
from alchemiser_core.domain.journal.events import AlertRaised, CycleOpened
from alchemiser_core.domain.orders.identifiers import CycleKey
from alchemiser_core.domain.schedule import (
    AFTER_OPEN,
    BEFORE_CLOSE,
    Missed,
    MissedSlot,
    Trade,
    WaitUntil,
)
from alchemiser_core.services.cycle import Ending
from alchemiser_core.services.keep_trading import (
    AfterCycle,
    AskedToEnd,
    JournalLost,
    NoSessionAhead,
    Timetable,
    after_cycle,
    keep_trading,
    missed_alert,
    newest_day_done,
)
from alchemiser_core.simulation.virtual_clock import VirtualClock
from alchemiser_core.testing.calendar import FixedCalendar, new_york_session, weekdays

NEW_YORK = ZoneInfo("America/New_York")
THANKSGIVING, DAY_AFTER = date(2025, 11, 27), date(2025, 11, 28)
CALENDAR = FixedCalendar(
    weekdays(date(2025, 1, 2), date(2025, 12, 31), closed={THANKSGIVING}, half_days={DAY_AFTER})
)
TABLE = Timetable(CALENDAR, BEFORE_CLOSE, timedelta(minutes=14), MissedSlot.LATE)


def new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


@define
class Recorder:
    """Notes what is due and when, in New York's time."""

    clock: VirtualClock
    timetable: Timetable = TABLE
    cycle_takes: timedelta = timedelta(minutes=1)
    answers: dict[date, AfterCycle] = field(factory=dict)
    happens: dict[date, Callable[[], None]] = field(factory=dict)
    traded: list[str] = field(factory=list)
    late: list[date] = field(factory=list)
    alerts: list[Alert] = field(factory=list)
    waits: list[str] = field(factory=list)

    def trade(self, due: Trade) -> AfterCycle:
        day = due.session.day
        self.traded.append(self.local(self.clock.now()))
        if due.late:
            self.late.append(day)
        self.clock.advance(self.cycle_takes)
        self.happens.get(day, lambda: None)()
        return self.answers.get(day, AfterCycle.GO_ON)

    def missed(self, alert: Alert) -> AfterCycle:
        self.alerts.append(alert)
        return self.answers.get(date.fromisoformat(alert.subject), AfterCycle.GO_ON)

    def waiting(self, step: WaitUntil) -> None:
        self.waits.append(self.local(step.at))

    def local(self, at: datetime) -> str:
        return f"{at.astimezone(NEW_YORK):%Y-%m-%d %H:%M}"


@define
class Week:
    """A run from one moment to another."""

    recorder: Recorder
    until: datetime

    def run(self, last_done: date | None = None):
        clock = self.recorder.clock
        return keep_trading(clock, self.recorder, lambda: clock.now() >= self.until, last_done)


def week(start: str, until: str, **changes) -> Week:
    table = {k: changes.pop(k) for k in ("missed", "slot", "calendar") if k in changes}
    clock = VirtualClock(new_york(start))
    return Week(Recorder(clock, evolve(TABLE, **table), **changes), new_york(until))


def test_a_week_is_traded_once_a_session_in_its_slot():
    run = week("2025-06-02T08:00", "2025-06-06T20:00")
    run.run()
    assert run.recorder.traded == [f"2025-06-0{day} 15:45" for day in (2, 3, 4, 5, 6)]
    assert run.recorder.waits == [*run.recorder.traded, "2025-06-09 15:45"]
    assert run.recorder.alerts == []


@pytest.mark.parametrize(
    ("start", "until", "times"),
    [
        ("2025-03-07T08:00", "2025-03-10T20:00", ["2025-03-07 15:45", "2025-03-10 15:45"]),
        ("2025-10-31T08:00", "2025-11-03T20:00", ["2025-10-31 15:45", "2025-11-03 15:45"]),
    ],
)
def test_case_43_summer_time_moves_the_slot_with_the_exchange(start, until, times):
    run = week(start, until)
    run.run()
    assert run.recorder.traded == times


def test_case_43_a_holiday_is_no_session_and_a_half_day_trades_before_its_early_close():
    run = week("2025-11-26T08:00", "2025-12-01T20:00")
    run.run()
    assert run.recorder.traded == ["2025-11-26 15:45", "2025-11-28 12:45", "2025-12-01 15:45"]


def test_the_slot_at_the_open_is_right_after_it():
    run = week("2025-06-02T08:00", "2025-06-03T20:00", slot=AFTER_OPEN)
    run.run()
    assert [each[:-1] for each in run.recorder.traded] == ["2025-06-02 09:3", "2025-06-03 09:3"]


def test_a_run_that_starts_in_the_window_trades_at_once():
    run = week("2025-06-02T15:50", "2025-06-02T20:00")
    run.run()
    assert (run.recorder.traded, run.recorder.late) == (["2025-06-02 15:50"], [])


def test_a_run_that_starts_after_the_close_waits_for_the_next_session_without_an_alert():
    run = week("2025-06-02T17:00", "2025-06-03T16:00")
    run.run()
    assert (run.recorder.traded, run.recorder.alerts) == (["2025-06-03 15:45"], [])


def overslept(policy: MissedSlot) -> Recorder:
    """The slot is at 9:31; the cycle of Monday keeps the program busy until Tuesday noon."""
    run = week("2025-06-02T08:00", "2025-06-03T20:00", slot=AFTER_OPEN, missed=policy)
    run.recorder.cycle_takes = timedelta(hours=26, minutes=30)
    run.run()
    return run.recorder


def test_case_43_a_slot_that_was_slept_over_is_traded_late_by_that_policy():
    late = overslept(MissedSlot.LATE)
    assert late.late == [date(2025, 6, 3)]
    assert late.alerts == []


def test_case_43_a_slot_that_was_slept_over_is_skipped_by_that_policy_and_told():
    skipped = overslept(MissedSlot.SKIP)
    assert len(skipped.traded) == 1
    (alert,) = skipped.alerts
    assert (alert.code, alert.subject) == ("missed-slot", "2025-06-03")
    assert alert.severity is Severity.WARNING
    assert "the session of 2025-06-03 was not traded" in alert.text


@pytest.mark.parametrize("policy", MissedSlot)
def test_case_43_after_a_long_absence_there_is_one_alert_about_all_sessions(policy):
    run = week("2025-06-16T08:00", "2025-06-16T20:00", missed=policy)
    run.run(last_done=date(2025, 6, 2))
    (alert,) = run.recorder.alerts
    assert alert.text.startswith("9 sessions 2025-06-03 to 2025-06-13 were not traded")
    assert alert.subject == "2025-06-13"
    assert run.recorder.traded == ["2025-06-16 15:45"]


def test_a_session_that_is_done_is_not_traded_again_by_a_second_run():
    run = week("2025-06-02T15:50", "2025-06-03T20:00")
    run.run(last_done=date(2025, 6, 2))
    assert run.recorder.traded == ["2025-06-03 15:45"]


def test_a_cycle_that_failed_is_not_tried_again_before_the_next_slot():
    run = week("2025-06-02T08:00", "2025-06-03T20:00")
    run.recorder.answers[date(2025, 6, 2)] = AfterCycle.AWAIT_SOMEBODY
    assert run.run() == AskedToEnd(in_cycle=False)
    assert run.recorder.traded == ["2025-06-02 15:45", "2025-06-03 15:45"]


def test_a_journal_that_fails_ends_the_run():
    run = week("2025-06-02T08:00", "2025-06-06T20:00")
    run.recorder.answers[date(2025, 6, 3)] = AfterCycle.END
    assert run.run() == JournalLost()
    assert len(run.recorder.traded) == 2


def test_a_journal_that_cannot_take_what_was_missed_ends_the_run():
    run = week("2025-06-16T08:00", "2025-06-16T20:00")
    run.recorder.answers[date(2025, 6, 13)] = AfterCycle.END
    assert run.run(last_done=date(2025, 6, 11)) == JournalLost()
    assert run.recorder.traded == []


def test_a_run_that_is_asked_to_end_in_a_cycle_says_so_after_it():
    run = week("2025-06-02T08:00", "2025-06-03T15:46")
    assert run.run() == AskedToEnd(in_cycle=True)
    assert len(run.recorder.traded) == 2


def test_a_run_that_is_asked_to_end_at_once_does_nothing():
    run = week("2025-06-02T15:50", "2025-06-02T15:50")
    assert run.run() == AskedToEnd(in_cycle=False)
    assert (run.recorder.traded, run.recorder.waits) == ([], [])


def test_a_wait_that_is_woken_early_is_told_once():
    run = week("2025-06-02T08:00", "2025-06-02T20:00")
    clock = run.recorder.clock

    class Restless:
        now = staticmethod(clock.now)

        @staticmethod
        def wait_until(at):
            clock.wait_until(min(at, clock.now() + timedelta(minutes=10)))

    keep_trading(Restless(), run.recorder, lambda: clock.now() >= run.until)
    assert run.recorder.waits == ["2025-06-02 15:45", "2025-06-03 15:45"]
    assert len(run.recorder.traded) == 1


def test_case_43_the_first_slot_of_a_run_is_missed_too_when_the_host_sleeps_over_it():
    run = week("2025-06-02T08:00", "2025-06-03T15:46")
    clock = run.recorder.clock

    class Asleep:
        now = staticmethod(clock.now)

        @staticmethod
        def wait_until(at):
            first = at.day == 2
            clock.wait_until(at + timedelta(hours=2) if first else at)

    keep_trading(Asleep(), run.recorder, lambda: clock.now() >= run.until)
    assert [alert.subject for alert in run.recorder.alerts] == ["2025-06-02"]
    assert "the market had closed" in run.recorder.alerts[0].text
    assert run.recorder.traded == ["2025-06-03 15:45"]


def test_a_changed_timetable_counts_from_the_next_wait():
    run = week("2025-06-02T08:00", "2025-06-03T20:00")

    def earlier():
        run.recorder.timetable = evolve(TABLE, slot=AFTER_OPEN)

    run.recorder.happens[date(2025, 6, 2)] = earlier
    run.run()
    assert run.recorder.traded[1].startswith("2025-06-03 09:3")


def test_a_calendar_that_ends_ends_the_run_with_its_reason():
    short = FixedCalendar(weekdays(date(2025, 6, 2), date(2025, 6, 4)), date(2025, 5, 1))
    run = week("2025-06-02T08:00", "2025-12-31T20:00", calendar=short)
    end = run.run()
    assert isinstance(end, NoSessionAhead)
    assert len(run.recorder.traded) == 3
    assert [p.code for p in end.problems()] in (["beyond-calendar"], ["no-session-ahead"])


def test_a_calendar_without_sessions_for_two_weeks_is_not_waited_for_blindly():
    closed = FixedCalendar([new_york_session(date(2025, 6, 2))], last=date(2025, 12, 31))
    end = week("2025-06-03T08:00", "2025-12-01T20:00", calendar=closed).run(date(2025, 6, 2))
    assert [p.code for p in end.problems()] == ["no-session-ahead"]


@pytest.mark.parametrize("ending", Ending)
def test_only_a_journal_that_fails_ends_the_run_after_a_cycle(ending):
    assert after_cycle(ending, journal_holds=False) is AfterCycle.END
    assert after_cycle(ending, journal_holds=True) is not AfterCycle.END


def test_somebody_may_act_after_a_cycle_that_did_not_go_well():
    failed = {Ending.HALTED, Ending.REFUSED, Ending.NO_DATA, Ending.INCOMPLETE}
    waits = {e for e in Ending if after_cycle(e, journal_holds=True) is AfterCycle.AWAIT_SOMEBODY}
    assert waits == failed


def opened(day: date) -> CycleOpened:
    return CycleOpened(CycleKey("p", "a", day), "previous-close", "market")


def test_the_newest_day_done_is_the_last_cycle_or_the_last_one_told_as_missed():
    session = new_york_session(date(2025, 6, 4))
    told = AlertRaised(missed_alert((Missed(session, MissedSlot.SKIP),)))
    other = AlertRaised(Alert("halted", Severity.CRITICAL, "text", "AAA"))
    events = [opened(date(2025, 6, 2)), told, opened(date(2025, 6, 3)), other]
    assert newest_day_done(events, of_calendar=True) == date(2025, 6, 4)
    assert newest_day_done(events[:1], of_calendar=True) == date(2025, 6, 2)
    assert newest_day_done(events[:1], of_calendar=False) is None
    assert newest_day_done(events, of_calendar=False) == date(2025, 6, 4)
    assert newest_day_done([], of_calendar=True) is None


def test_an_alert_about_nothing_is_an_error():
    with pytest.raises(ValueError, match="nothing was missed"):
        missed_alert(())


def test_the_host_may_be_anywhere():
    there = datetime(2025, 6, 3, 3, 45, tzinfo=ZoneInfo("Asia/Singapore")) - timedelta(hours=1)
    recorder = Recorder(VirtualClock(there))
    until = datetime(2025, 6, 3, tzinfo=UTC)
    keep_trading(recorder.clock, recorder, lambda: recorder.clock.now() >= until)
    assert recorder.traded == ["2025-06-02 15:45"]
