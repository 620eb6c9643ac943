"""Weeks of a run on a virtual computer: the real paper broker, journal, calendar and cycle."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from attrs import define, evolve, field
from returns.result import Success

from alchemiser_app.composition import Invocation
from alchemiser_app.container import assemble
from alchemiser_app.indicator_checking.beside import IndicatorChecks
from alchemiser_app.journal.opening import open_journal
from alchemiser_app.stopping.kill_switch_file import FileKillSwitch
from alchemiser_app.timekeeping.system_clock import HostTime, SystemClock
from alchemiser_app.timekeeping.waiting_clock import WaitingClock
from alchemiser_app.trading.kept_journal import KeptJournal
from alchemiser_app.trading.running import RunningAccount
from alchemiser_app.trading.setup import set_up
from alchemiser_core.domain.journal.events import (
    AlertRaised,
    CycleClosed,
    CycleOpened,
    OrderIntended,
    OrderReported,
)
from alchemiser_core.services.keep_trading import AskedToEnd, JournalLost, keep_trading
from alchemiser_core.testing.calendar import FixedCalendar, weekdays

NEW_YORK = ZoneInfo("America/New_York")
JOURNAL = Path("alchemiser-journal.db")
NOTIFY = '[[notify]]\nname = "file"\nsettings.path = "alerts"\n'


class Computer:
    """Time that passes where somebody sleeps; things happen at times told in advance."""

    def __init__(self, start):
        self.wall = datetime.fromisoformat(start).replace(tzinfo=NEW_YORK).astimezone(UTC)
        self.uptime = 0.0
        self.happens = {}
        self.host = HostTime(lambda: self.wall, lambda: self.uptime, self.sleep)

    def sleep(self, seconds):
        # Nobody looks at the single seconds of a night.
        self.uptime += seconds
        self.wall += timedelta(seconds=seconds)

    def at(self, text, does):
        when = datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)
        self.happens[when] = does

    def pass_until(self, at):
        due = sorted(when for when in self.happens if when <= at)
        for when in (*due, at):
            self.uptime += max(0.0, (when - self.wall).total_seconds())
            self.wall = max(self.wall, when)
            self.happens.pop(when, lambda: None)()


class LeapingClock:
    """`Clock` that leaps over a wait, and lets happen what happens meanwhile."""

    def __init__(self, computer):
        self.computer = computer
        self.now = lambda: computer.wall

    def wait_until(self, at):
        self.computer.pass_until(at)


@define
class Lines:
    """`Teller` that keeps what it is told."""

    endings: list = field(factory=list)
    failures: list = field(factory=list)
    alerts: list = field(factory=list)
    waits: list = field(factory=list)
    undelivered_: list = field(factory=list)
    on_begin: Callable[[], None] = lambda: None
    on_written: Callable[[Any], None] = lambda _: None

    def written(self, events):
        self.on_written(events)

    def undelivered(self, failure):
        self.undelivered_.append(failure)

    def begins(self, setup, terms):
        self.on_begin()

    def ended(self, ended):
        self.endings.append((str(ended.run.terms.day), ended.ending.value))

    def failed(self, problems):
        self.failures.extend(problem.code for problem in problems)

    def alerted(self, alert):
        self.alerts.append(alert.code)

    def waiting(self, step):
        self.waits.append(f"{step.at.astimezone(NEW_YORK):%Y-%m-%d %H:%M}")


@define
class Office:
    """A run of KLM on the sample market."""

    computer: Computer
    until: str
    lines: Lines = field(factory=Lines)
    stopped: bool = False
    calendar: FixedCalendar | None = None
    """In place of the exchange's."""
    checks: IndicatorChecks | None = None
    account: RunningAccount | None = None
    journal: KeptJournal = field(init=False)

    def run(self):
        self.computer.at(self.until, self.stop)
        invocation = Invocation(data="sample", target="klm")
        with KeptJournal(lambda: open_journal(str(JOURNAL), create=True)) as journal:
            journal.take().unwrap()
            self.journal = journal
            self.account = RunningAccount(
                opened=lambda clock: set_up(assemble(invocation), invocation, clock).map(
                    self.with_calendar
                ),
                journal=journal,
                teller=self.lines,
                clock=LeapingClock(self.computer),
                waits_by=lambda clock: clock,
                cycle_clock=lambda: SystemClock(host=self.computer.host),
                interrupted=lambda: self.stopped,
                checks=self.checks,
            )
            done = self.account.begin().unwrap()
            return keep_trading(self.account.clock, self.account, lambda: self.stopped, done)

    def with_calendar(self, setup):
        return setup if self.calendar is None else evolve(setup, calendar=self.calendar)

    def stop(self):
        self.stopped = True


@pytest.fixture
def office(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ALCHEMISER_CONFIG", raising=False)
    return lambda start, until: Office(Computer(start), until)


def events(kind):
    with open_journal(str(JOURNAL), read_only=True).unwrap() as journal:
        found = [entry.event for entry in journal.entries().unwrap()]
    return [event for event in found if isinstance(event, kind)]


def test_case_43_a_week_with_summer_time_and_one_with_a_half_day(office):
    march = office("2024-03-07T09:00", "2024-03-12T20:00")
    assert march.run() == AskedToEnd(in_cycle=False)
    assert march.lines.waits == [f"2024-03-{day} 15:45" for day in ("07", "08", "11", "12", "13")]
    assert [e.cycle.trading_day for e in events(CycleOpened)] == [
        date(2024, 3, day) for day in (7, 8, 11, 12)
    ]
    july = office("2024-07-02T17:00", "2024-07-05T20:00")
    july.run()
    assert july.lines.waits == ["2024-07-03 12:45", "2024-07-05 15:45", "2024-07-08 15:45"]
    assert [day for day, _ in july.lines.endings] == ["2024-07-03", "2024-07-05"]


def test_a_second_run_of_the_same_day_trades_nothing(office):
    office("2024-03-07T15:50", "2024-03-07T20:00").run()
    again = office("2024-03-07T15:52", "2024-03-07T20:00")
    again.run()
    assert again.lines.endings == [("2024-03-07", "already done")]
    assert len(events(CycleOpened)) == 1


def test_the_journal_is_held_while_all_is_well(office):
    week = office("2024-03-07T09:00", "2024-03-08T20:00")
    seen = []
    week.computer.at("2024-03-07T18:00", lambda: seen.append(open_journal(str(JOURNAL))))
    week.run()
    (refusal,) = seen
    assert refusal.failure().problems()[0].code == "journal-locked"


def test_a_halt_is_waited_out_and_trading_goes_on_without_a_restart(office):
    week = office("2024-03-07T09:00", "2024-03-11T20:00")
    switch = FileKillSwitch(Path(f"{JOURNAL}.halt"))
    taken = []

    def resumed():
        # What is halted is let go of, so that somebody can write to it.
        with open_journal(str(JOURNAL)).unwrap():
            taken.append(True)
        switch.release().unwrap()

    week.computer.at("2024-03-07T12:00", lambda: switch.throw("gone fishing").unwrap())
    week.computer.at("2024-03-08T12:00", resumed)
    week.run()
    assert [ending for _, ending in week.lines.endings] == ["halted", "complete", "complete"]
    assert taken == [True]


def test_a_configuration_that_is_broken_at_the_slot_is_told_and_the_next_slot_trades(office):
    file = Path("alchemiser.toml")
    week = office("2024-03-07T09:00", "2024-03-11T20:00")
    week.computer.at("2024-03-08T12:00", lambda: file.write_text("[broker]\nname = 7\n"))
    week.computer.at("2024-03-09T12:00", file.unlink)
    week.run()
    assert [day for day, _ in week.lines.endings] == ["2024-03-07", "2024-03-11"]
    assert week.lines.failures == ["bad-setting"]
    assert [event.alert.code for event in events(AlertRaised)] == ["bad-setting"]


def test_a_setting_that_changes_counts_from_the_next_slot(office):
    file = Path("alchemiser.toml")
    week = office("2024-03-07T09:00", "2024-03-11T20:00")
    later = '[trading]\nslot = "close - 30 min"\n'
    week.computer.at("2024-03-07T12:00", lambda: file.write_text(later))
    week.run()
    assert week.lines.waits[:3] == ["2024-03-07 15:45", "2024-03-08 15:30", "2024-03-11 15:30"]


def test_a_journal_that_somebody_else_holds_for_good_ends_the_run(office):
    Path("alchemiser.toml").write_text(NOTIFY)
    week = office("2024-03-07T09:00", "2024-03-11T20:00")
    held = []
    week.computer.at("2024-03-07T12:00", lambda: Path(f"{JOURNAL}.halt").touch())
    week.computer.at("2024-03-08T12:00", lambda: held.append(open_journal(str(JOURNAL)).unwrap()))
    assert week.run() == JournalLost()
    assert week.lines.failures == ["journal-locked"]
    assert Path("alerts").read_text().count('"journal-locked"') == 1
    assert week.account.ending.value == "refused"
    held[0].close()


def test_a_journal_that_is_busy_for_a_moment_is_waited_for(office):
    week = office("2024-03-07T09:00", "2024-03-08T20:00")
    held = []
    week.computer.at("2024-03-07T12:00", lambda: Path(f"{JOURNAL}.halt").touch())
    week.computer.at("2024-03-08T12:00", Path(f"{JOURNAL}.halt").unlink)
    week.computer.at("2024-03-08T15:44", lambda: held.append(open_journal(str(JOURNAL)).unwrap()))
    week.computer.at("2024-03-08T15:45:12", lambda: held[0].close())
    week.run()
    assert [ending for _, ending in week.lines.endings] == ["halted", "complete"]


def test_a_long_absence_is_told_once_and_written_down_once(office):
    Path("alchemiser.toml").write_text(NOTIFY)
    office("2024-03-07T15:50", "2024-03-07T20:00").run()
    # The paper account keeps its own time, so a run knows what it has missed while it was up only.
    asleep = office("2024-03-11T09:00", "2024-03-15T20:00")
    computer = asleep.computer

    def suspended():
        computer.wall += timedelta(days=3)
        computer.uptime += 3 * 86400

    computer.at("2024-03-11T12:00", suspended)
    asleep.run()
    assert asleep.lines.alerts == ["missed-slot"]
    (raised,) = [e.alert for e in events(AlertRaised)]
    assert (raised.code, raised.subject) == ("missed-slot", "2024-03-13")
    assert Path("alerts").read_text().count("missed-slot") == 1
    assert [day for day, _ in asleep.lines.endings] == ["2024-03-14", "2024-03-15"]


def test_a_calendar_that_ends_soon_is_told_at_the_start_and_once_a_day(office):
    Path("alchemiser.toml").write_text(NOTIFY)
    office("2024-03-07T15:50", "2024-03-07T20:00").run()
    week = office("2024-03-08T09:00", "2024-03-12T20:00")
    last = date(2024, 4, 4)
    week.calendar = FixedCalendar(weekdays(date(2024, 1, 1), last), last=last)
    week.run()
    told = [e.alert for e in events(AlertRaised)]
    assert [alert.code for alert in told] == ["calendar-ends-soon"] * 3
    left = [days for alert in told for days in (27, 24, 23) if f" {days} days" in alert.text]
    assert left == [27, 24, 23]
    assert week.lines.alerts == ["calendar-ends-soon"] * 3
    assert Path("alerts").read_text().count('"calendar-ends-soon"') == 3


def test_a_journal_of_another_portfolio_is_refused_at_the_start(office):
    Path("alchemiser.toml").write_text(NOTIFY)
    office("2024-03-07T15:50", "2024-03-07T20:00").run()
    before = JOURNAL.read_bytes()
    other = Invocation(data="sample", target="tecl")
    computer = Computer("2024-03-08T09:00")
    with KeptJournal(lambda: open_journal(str(JOURNAL))) as journal:
        journal.take().unwrap()
        account = RunningAccount(
            opened=lambda clock: set_up(assemble(other), other, clock),
            journal=journal,
            teller=Lines(),
            clock=WaitingClock(lambda: SystemClock(host=computer.host), lambda: False),
            waits_by=lambda clock: clock,
            cycle_clock=lambda: SystemClock(host=computer.host),
            interrupted=lambda: False,
        )
        refusal = account.begin().failure()
    assert [problem.code for problem in refusal.problems()] == ["other-account"]
    assert Path("alerts").read_text().count('"other-account"') == 1
    assert JOURNAL.read_bytes() == before


def test_case_47_asked_to_end_before_an_order_it_sends_none_and_the_day_can_be_traded(office):
    week = office("2024-03-07T09:00", "2024-03-15T20:00")
    week.lines.on_begin = week.stop
    assert week.run() == AskedToEnd(in_cycle=True)
    assert week.account.ending.value == "refused"
    assert events(OrderReported) == []
    again = office("2024-03-07T15:50", "2024-03-07T20:00")
    again.run()
    assert again.lines.endings == [("2024-03-07", "complete")]


def test_a_cycle_that_was_left_open_is_taken_up_at_the_start(office):
    def interrupt(written):
        if any(isinstance(event, OrderIntended) for event in written):
            raise KeyboardInterrupt

    left = office("2024-03-07T15:50", "2024-03-07T20:00")
    left.lines.on_written = interrupt
    with pytest.raises(KeyboardInterrupt):
        left.run()
    assert events(CycleClosed) == []
    again = office("2024-03-07T15:52", "2024-03-07T20:00")
    again.run()
    assert again.lines.endings[0] == ("2024-03-07", "complete")
    assert len(events(CycleOpened)) == len(events(CycleClosed)) == 1


# --- indicators by a second vendor --------------------------------------------------------------

SECOND = """
[data]
second.feed = "sample"
checks.second_symbols = 0
[check.indicators]
patience_seconds = 1
"""


@define
class Reports:
    """`CheckTeller` that keeps what it is told."""

    found: list = field(factory=list)

    def checking(self, patience):
        pass

    def checked(self, report):
        self.found.append(report)

    def not_checked(self, problems):
        self.found.extend(problem.code for problem in problems)

    def still_checking(self, patience):
        self.found.append("still checking")


def falling(history):
    """The bars with a last close that is a tenth too low."""
    close = np.array(history.close)
    close[-1] *= 0.9
    return evolve(history, close=close, open=None, high=None, low=None)


class Second:
    """The sample market, on some days with a wrong last close, on others without an answer."""

    name, synthetic = "second", True

    def __init__(self, does):
        self.inner = assemble(Invocation(data="sample")).feed().unwrap()
        self.does = does

    def bars(self, request):
        return self.inner.bars(request).map(lambda bars: self.does(request.end, bars))


def checked(does):
    build = lambda: Success(Second(does))  # noqa: E731
    return IndicatorChecks(build, Reports(), lambda: False)


def test_every_cycle_of_a_run_is_checked_and_what_differs_is_told_after_it(office):
    Path("alchemiser.toml").write_text(SECOND)
    week = office("2024-03-07T09:00", "2024-03-11T20:00")
    wrong = date(2024, 3, 7)
    week.checks = checked(lambda end, bars: falling(bars) if end == wrong else bars)
    week.run()
    assert [report.as_of.day for report in week.checks.teller.found] == [6, 7, 8]
    story = events((CycleOpened, CycleClosed, AlertRaised))
    kinds = [getattr(e, "alert", e).__class__.__name__ for e in story]
    second_day = [i for i, kind in enumerate(kinds) if kind == "CycleClosed"][1]
    raised = [e.alert for e in story[second_day + 1 :] if isinstance(e, AlertRaised)]
    assert raised
    assert {alert.subject for alert in raised} == {"2024-03-07"}
    assert "indicators-differ" in {alert.code for alert in raised}
    assert week.lines.alerts == [alert.code for alert in raised]
    assert [ending for _, ending in week.lines.endings] == ["complete"] * 3


def test_a_vendor_that_hangs_all_day_is_left_behind_before_the_next_cycle(office):
    Path("alchemiser.toml").write_text(SECOND.replace("seconds = 1", "seconds = 0"))
    week = office("2024-03-07T09:00", "2024-03-08T20:00")
    may = threading.Event()

    def hang(end, bars):
        may.wait(20)
        return bars

    week.checks = checked(hang)
    week.run()
    may.set()
    assert week.checks.teller.found == ["still checking"] * 3
    assert [ending for _, ending in week.lines.endings] == ["complete"] * 2
    assert len(events(CycleClosed)) == 2
