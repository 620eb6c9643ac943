"""The fakes of a trading day pass the suites, and each broken promise is noticed by its test."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from attrs import evolve
from returns.result import Failure, Success

from alchemiser_core.domain.alert import Alert, Severity
from alchemiser_core.ports.notifier import NotDelivered
from alchemiser_core.simulation.virtual_clock import VirtualClock
from alchemiser_core.testing.calendar import FixedCalendar, weekdays
from alchemiser_core.testing.conformance import (
    ClockConformance,
    KillSwitchConformance,
    NotifierConformance,
    TradingCalendarConformance,
)
from alchemiser_core.testing.kill_switch import SettableKillSwitch
from alchemiser_core.testing.notifier import RecordingNotifier

START = datetime(2025, 6, 2, 12, tzinfo=UTC)
FIRST, LAST = date(2025, 6, 2), date(2025, 7, 31)
HALF_DAYS = (date(2025, 7, 3),)
SESSIONS = weekdays(FIRST, LAST, closed={date(2025, 7, 4)}, half_days=HALF_DAYS)


class TestVirtualClock(ClockConformance):
    @pytest.fixture
    def clock(self):
        return VirtualClock(START)


class TestFixedCalendar(TradingCalendarConformance):
    known = (FIRST, LAST)
    half_days = HALF_DAYS

    @pytest.fixture
    def calendar(self):
        return FixedCalendar(SESSIONS)


class TestRecordingNotifier(NotifierConformance):
    @pytest.fixture
    def notifier(self):
        return RecordingNotifier()

    @pytest.fixture
    def broken(self):
        return RecordingNotifier(failing=True)


class TestSettableKillSwitch(KillSwitchConformance[SettableKillSwitch]):
    @pytest.fixture
    def switch(self):
        return SettableKillSwitch()

    def throw(self, switch, why):
        switch.throw(why)

    def release(self, switch):
        switch.release()


def test_a_recording_notifier_keeps_what_got_through_and_what_did_not():
    notifier = RecordingNotifier()
    alert = Alert("halted", Severity.CRITICAL, "nothing is sent")
    assert notifier.notify(alert) == Success(None)
    notifier.failing = True
    assert isinstance(notifier.notify(alert), Failure)
    assert (notifier.codes, notifier.lost) == (("halted",), [alert])


def test_a_kill_switch_can_be_set_to_be_thrown_in_the_middle():
    switch = SettableKillSwitch(throws_after=2)
    assert [switch.thrown() is None for _ in range(4)] == [True, True, False, False]
    assert switch.looks == 4


# --- broken promises ---------------------------------------------------------------------------


class GoingBack(VirtualClock):
    def now(self):
        self._now -= timedelta(seconds=1)
        return self._now


class NeverThere(VirtualClock):
    def wait_until(self, at):
        at > self._now  # noqa: B015  (refuses a time without a zone)


class WithoutAZone(VirtualClock):
    def now(self):
        return super().now().replace(tzinfo=None)


class TakingAnyTime(VirtualClock):
    def wait_until(self, at):
        super().wait_until(at.replace(tzinfo=UTC))


CLOCKS = {
    GoingBack: "test_it_never_goes_back",
    NeverThere: "test_who_goes_on_waiting_gets_there",
    WithoutAZone: "test_the_time_has_a_zone",
    TakingAnyTime: "test_a_time_without_a_zone_is_refused",
}


class Changed(FixedCalendar):
    """A calendar whose every answer is changed."""

    def __init__(self, change):
        super().__init__(SESSIONS)
        self._change = change

    def sessions(self, start, end):
        return super().sessions(start, end).map(self._change)


class Clamping(FixedCalendar):
    def __init__(self):
        super().__init__(SESSIONS)

    def sessions(self, start, end):
        return super().sessions(min(max(start, FIRST), LAST), max(min(end, LAST), FIRST))


def unmarked(sessions):
    return tuple(evolve(session, is_half_day=False) for session in sessions)


def overlapping(sessions):
    return tuple(evolve(each, closes=each.closes + timedelta(days=1)) for each in sessions)


def shifted(sessions):
    far = timedelta(days=3)
    return tuple(evolve(s, opens=s.opens + far, closes=s.closes + far) for s in sessions)


CALENDARS = [
    (lambda: Changed(lambda found: found[::-1]), "test_sessions_are_in_order_and_in_the_range"),
    (lambda: Changed(lambda found: found[:-1]), "test_start_and_end_are_included"),
    (lambda: Changed(unmarked), "test_half_days_are_marked_and_close_early"),
    (lambda: Changed(overlapping), "test_a_session_ends_before_the_next_begins"),
    (lambda: Changed(shifted), "test_a_session_is_at_about_its_day"),
    (Clamping, "test_days_that_it_does_not_know_are_a_failure"),
]


class Raising(RecordingNotifier):
    def notify(self, alert):
        if self.failing:
            raise OSError("no network")
        return super().notify(alert)


class Silent(RecordingNotifier):
    def notify(self, alert):
        super().notify(alert)
        return Success(None)


class Wordless(RecordingNotifier):
    def notify(self, alert):
        return super().notify(alert).alt(lambda failed: NotDelivered(failed.alert, ()))


NOTIFIERS = [Raising, Silent, Wordless]


class Forgetting(SettableKillSwitch):
    def thrown(self):
        why, self.reason = self.reason, None
        return why


class NeedingAReason(SettableKillSwitch):
    def thrown(self):
        return super().thrown() or None


class Stuck(SettableKillSwitch):
    def release(self):
        pass


SWITCHES = {
    Forgetting: "test_once_thrown_it_says_why_until_it_is_released",
    NeedingAReason: "test_it_is_thrown_even_where_nobody_says_why",
    Stuck: "test_it_can_be_thrown_again",
}


@pytest.mark.parametrize(("clock", "promise"), CLOCKS.items())
def test_a_broken_clock_is_noticed(clock, promise):
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        getattr(ClockConformance(), promise)(clock(START))


@pytest.mark.parametrize(("make", "promise"), CALENDARS)
def test_a_broken_calendar_is_noticed(make, promise):
    suite = TestFixedCalendar()
    arguments = [make()]
    test = getattr(suite, promise)
    names = test.__code__.co_varnames[1 : test.__code__.co_argcount]
    whole = arguments[0].sessions(FIRST, LAST).unwrap()
    given = {"calendar": arguments[0], "whole": whole}
    with pytest.raises(AssertionError):
        test(**{name: given[name] for name in names})


@pytest.mark.parametrize("broken", NOTIFIERS)
def test_a_broken_notifier_is_noticed(broken):
    request = SimpleNamespace(getfixturevalue=lambda name: broken(failing=name == "broken"))
    with pytest.raises((AssertionError, OSError)):
        NotifierConformance().test_what_does_not_get_through_is_a_value(request)


@pytest.mark.parametrize(("switch", "promise"), SWITCHES.items())
def test_a_broken_kill_switch_is_noticed(switch, promise):
    with pytest.raises(AssertionError):
        getattr(TestSettableKillSwitch(), promise)(switch())
