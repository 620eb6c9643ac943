"""An account that is traded day after day: what a run does at its start and at each slot.

Everything but the journal is opened anew for each cycle: a configuration that was changed counts
from the next one, and between two of them nothing but the journal's lock is held.
"""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import date, timedelta
from typing import Protocol

from attrs import define
from returns.result import Failure, Result, Success

from alchemiser_app.indicator_checking.beside import IndicatorChecks
from alchemiser_app.journal.refusals import JournalLocked
from alchemiser_app.timekeeping.broker_clock import BrokerClock
from alchemiser_app.timekeeping.system_clock import SystemClock
from alchemiser_app.trading.closing import close, closing
from alchemiser_app.trading.cycle import Surroundings, desk_of, identity_of, terms_of
from alchemiser_app.trading.kept_journal import KeptJournal
from alchemiser_app.trading.rules import slot
from alchemiser_app.trading.setup import TradingSetup
from alchemiser_core.domain.alert import Alert, Severity
from alchemiser_core.domain.journal.events import AlertRaised
from alchemiser_core.domain.problem import Explainable, Problem
from alchemiser_core.domain.schedule import Trade, WaitUntil
from alchemiser_core.ports.clock import Clock
from alchemiser_core.ports.kept_time import KeepsTime
from alchemiser_core.services.cycle import Ended, Ending, Terms, recover, trade
from alchemiser_core.services.cycle.identity import OtherAccount, mismatches
from alchemiser_core.services.desk import Desk, Observer
from alchemiser_core.services.horizon import horizon_alert
from alchemiser_core.services.keep_trading import (
    AfterCycle,
    Timetable,
    after_cycle,
    newest_day_done,
)
from alchemiser_core.services.ledger import Ledger

_PAUSE, _TRIES = timedelta(seconds=5), 12
"""A journal that somebody writes to at the slot is waited for, this often and this long."""


class Teller(Observer, Protocol):
    """Tells people what a run does."""

    def begins(self, setup: TradingSetup, terms: Terms) -> None:
        """A cycle begins."""
        ...

    def ended(self, ended: Ended) -> None:
        """A cycle is over."""
        ...

    def failed(self, problems: Sequence[Problem]) -> None:
        """A cycle could not even begin."""
        ...

    def alerted(self, alert: Alert) -> None:
        """Something that no cycle tells: sessions were missed, or the calendar ends soon."""
        ...

    def waiting(self, step: WaitUntil) -> None:
        """The next slot."""
        ...


@define(eq=False)
class RunningAccount:
    """`Attendant` of a configured account."""

    opened: Callable[[SystemClock], Result[TradingSetup, Explainable]]
    """Reads the configuration and connects."""
    journal: KeptJournal
    """Held when the run begins."""
    teller: Teller
    clock: Clock
    """Of the waits: the computer's, until `begin` has found a broker whose time counts."""
    waits_by: Callable[[BrokerClock], Clock]
    """A clock for the waits that goes by a broker's."""
    cycle_clock: Callable[[], SystemClock]
    """A clock for one cycle, which notices when it is set."""
    interrupted: Callable[[], bool]
    checks: IndicatorChecks | None = None
    """Hold what is decided against a second vendor, beside the orders."""
    ending: Ending = Ending.NOTHING_TO_DO
    """Of the last cycle."""
    _setup: TradingSetup | None = None
    _has_identity: bool = False
    """Whether the journal has its first entry."""
    _timekeeper: TradingSetup | None = None
    """Whose connection tells the time of the waits."""
    _ends_soon: Alert | None = None
    """What was told last of a calendar that ends soon."""

    def begin(self) -> Result[date | None, Explainable]:
        """Check everything, and take up a cycle that was left open.

        The newest day that needs no looking at. Failures: the configuration, the broker, the
        journal, or that it is of another account.
        """
        entries = self.journal.entries()
        if isinstance(entries, Failure):
            return Failure(entries.failure())
        events = [entry.event for entry in entries.unwrap()]
        ledger = Ledger().fold(events)
        clock = self.cycle_clock()
        found = self.opened(clock)
        if isinstance(found, Failure):
            return Failure(found.failure())
        setup = found.unwrap()
        self._setup, self._has_identity = setup, ledger.identity is not None
        if isinstance(setup.clock, BrokerClock):
            # Its time is waited by, so this connection stays until the run ends.
            self.clock, self._timekeeper = self.waits_by(setup.clock), setup
        with nullcontext() if self._timekeeper else closing(setup.broker, setup.feed, setup.second):
            wrong = mismatches(identity_of(setup), ledger.identity, setup.account)
            if wrong:
                self._tell_all(OtherAccount(wrong).problems())
                return Failure(OtherAccount(wrong))
            self._look_ahead(setup)
            if ledger.cycle is not None:
                self._run(setup, clock, recover)
            own_time = isinstance(setup.broker, KeepsTime)
        return Success(newest_day_done(events, of_calendar=not own_time))

    def close(self) -> None:
        """Let go of what was held for the whole run."""
        if self._timekeeper is not None:
            close(self._timekeeper.broker)
            close(self._timekeeper.feed)
            close(self._timekeeper.second)

    @property
    def timetable(self) -> Timetable:
        """By the newest configuration that was sound."""
        setup = self._known()
        settings = setup.settings
        return Timetable(
            setup.calendar,
            slot(settings),
            timedelta(minutes=settings.trading.window_minutes),
            settings.trading.missed_slot,
        )

    def trade(self, due: Trade) -> AfterCycle:
        """One cycle of the account. What it trades is the account's own session of today."""
        if not self._taken():
            return AfterCycle.END
        clock = self.cycle_clock()
        found = self.opened(clock)
        if isinstance(found, Failure):
            return self._not_opened(found.failure().problems())
        self._setup = found.unwrap()
        with closing(self._setup.broker, self._setup.feed, self._setup.second):
            self._look_ahead(self._setup)
            return self._run(self._setup, clock, trade)

    def _look_ahead(self, setup: TradingSetup) -> None:
        """Tell, once a day, that the calendar knows little of what is ahead."""
        alert = horizon_alert(setup.calendar, self.clock.now())
        if alert is not None and alert != self._ends_soon:
            self._ends_soon = alert
            self.teller.alerted(alert)
            self._alert(alert)

    def missed(self, alert: Alert) -> AfterCycle:
        """Written down where the journal has begun, and told."""
        self.teller.alerted(alert)
        held = self._taken() and self._alert(alert)
        return AfterCycle.GO_ON if held else AfterCycle.END

    def waiting(self, step: WaitUntil) -> None:
        """The next slot, in words."""
        self.teller.waiting(step)

    def _run(
        self, setup: TradingSetup, clock: SystemClock, cycle: Callable[[Desk, Terms], Ended]
    ) -> AfterCycle:
        terms = terms_of(setup, self.interrupted)
        if isinstance(terms, Failure):
            return self._not_opened(terms.failure().problems())
        self.teller.begins(setup, terms.unwrap())
        around = Surroundings(self.teller, self.interrupted, clock.jumped)
        desk = desk_of(setup, self.journal, around)
        ended = cycle(*self._checked(desk, terms.unwrap(), setup))
        self.teller.ended(ended)
        self.ending = ended.ending
        self._has_identity = ended.run.ledger.identity is not None
        if self.checks is not None:
            self._raise(self.checks.collect())
        return self._after()

    def _checked(self, desk: Desk, terms: Terms, setup: TradingSetup) -> tuple[Desk, Terms]:
        """A cycle whose decision is held against a second vendor, where there is one."""
        if self.checks is None:
            return desk, terms
        self._raise(self.checks.leave())
        return self.checks.beside(desk, terms, setup.settings)

    def _raise(self, alerts: tuple[Alert, ...]) -> None:
        for alert in alerts:
            self.teller.alerted(alert)
            self._alert(alert)

    def _not_opened(self, problems: tuple[Problem, ...]) -> AfterCycle:
        self.ending = Ending.REFUSED
        self.teller.failed(problems)
        for problem in problems:
            self._alert(Alert(problem.code, Severity.WARNING, str(problem), problem.where))
        return self._after()

    def _after(self) -> AfterCycle:
        after = after_cycle(self.ending, journal_holds=not self.journal.failed)
        if after is AfterCycle.AWAIT_SOMEBODY:
            self.journal.let_go()
        return after

    def _alert(self, alert: Alert) -> bool:
        """Write an alert down and tell it; whether the journal holds."""
        if self._has_identity:
            written = self.journal.append([AlertRaised(alert)], self.clock.now())
            if isinstance(written, Failure):
                self.teller.failed(written.failure().problems())
        self._tell(alert)
        return not self.journal.failed

    def _tell(self, alert: Alert) -> None:
        for notifier in self._known().notifiers:
            told = notifier.notify(alert)
            if isinstance(told, Failure):
                self.teller.undelivered(told.failure())

    def _tell_all(self, problems: tuple[Problem, ...]) -> None:
        """Tell what ends the run."""
        for problem in problems:
            self._tell(Alert(problem.code, Severity.CRITICAL, str(problem), problem.where))

    def _taken(self) -> bool:
        """Whether the journal is held; why not is told."""
        taken = self.journal.take()
        for _ in range(_TRIES):
            locked = isinstance(taken, Failure) and isinstance(taken.failure(), JournalLocked)
            if not locked or self.interrupted():
                break
            self.clock.wait_until(self.clock.now() + _PAUSE)
            taken = self.journal.take()
        if isinstance(taken, Failure):
            self.ending = Ending.REFUSED
            problems = taken.failure().problems()
            self.teller.failed(problems)
            self._tell_all(problems)
        return isinstance(taken, Success)

    def _known(self) -> TradingSetup:
        if self._setup is None:
            raise RuntimeError("a run begins with `begin`")
        return self._setup
