"""The check beside a cycle: begins once a decision is written down, is heard of after the cycle.

It touches neither the desk nor the journal nor the broker. Where the process ends before the vendor
has answered, nothing is lost but the check.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Protocol

from attrs import define, evolve, field, frozen
from returns.result import Failure

from alchemiser_app.indicator_checking.asking import Asking, BuildVendor
from alchemiser_app.indicator_checking.overhearing import Heard, listening
from alchemiser_app.indicator_checking.rules import check_rules
from alchemiser_app.logs.journal_log import Both
from alchemiser_core.config.settings import Settings
from alchemiser_core.domain.alert import Alert
from alchemiser_core.domain.journal.events import JournalEvent, StrategyDecided
from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.notifier import NotDelivered
from alchemiser_core.services.cycle import Terms
from alchemiser_core.services.desk import Desk
from alchemiser_core.services.indicator_check import CheckRules, IndicatorReport


class CheckTeller(Protocol):
    """Tells people of a check."""

    def checking(self, patience: timedelta) -> None:
        """It is not over yet, and is waited for so long at most."""
        ...

    def checked(self, report: IndicatorReport) -> None:
        """It is over."""
        ...

    def not_checked(self, problems: Sequence[Problem]) -> None:
        """It came to nothing."""
        ...

    def still_checking(self, patience: timedelta) -> None:
        """It is not over, and not waited for any longer."""
        ...


@frozen(eq=False)
class Watch:
    """`Observer` that begins a check as soon as what was decided is durable."""

    heard: Heard
    begin: Callable[[Heard], None]

    def written(self, events: Sequence[JournalEvent]) -> None:
        """Begin where a decision is among the events."""
        if any(isinstance(event, StrategyDecided) for event in events):
            self.begin(self.heard)

    def undelivered(self, failure: NotDelivered) -> None:
        """Nothing."""


@define(eq=False)
class IndicatorChecks:
    """The checks of an account, one a cycle."""

    build: BuildVendor
    teller: CheckTeller
    interrupted: Callable[[], bool]
    _asking: Asking | None = field(default=None, init=False)
    _patience: timedelta = field(default=timedelta(0), init=False)

    def beside(self, desk: Desk, terms: Terms, settings: Settings) -> tuple[Desk, Terms]:
        """The desk and the terms of a cycle that is watched; as they are where nothing is checked.

        A dry run writes nothing down, and so is not checked.
        """
        check = settings.check.indicators
        if settings.data.second.feed is None or not check.background:
            return desk, terms
        rules, heard = check_rules(check), Heard()
        self._patience = timedelta(seconds=check.patience_seconds)
        watch = Watch(heard, lambda what: self._begin(what, rules))
        observed = evolve(desk, observer=Both(desk.observer, watch))
        return observed, evolve(terms, read_bars=listening(terms.read_bars, heard))

    def collect(self) -> tuple[Alert, ...]:
        """Wait for the check of the cycle that is over, tell what came of it, and what a person
        has to know. One that is not over stays, and can be collected later.
        """
        return self._collected(self._patience)

    def leave(self) -> tuple[Alert, ...]:
        """The same before another cycle, without waiting; one that is not over is left behind."""
        alerts = self._collected(timedelta(0))
        self._asking = None
        return alerts

    def _begin(self, heard: Heard, rules: CheckRules) -> None:
        decided = heard.decision()
        if decided is None or self._asking is not None:
            return
        self._asking = Asking(decided, self.build, rules)
        self._asking.start()

    def _collected(self, patience: timedelta) -> tuple[Alert, ...]:
        asking = self._asking
        if asking is None:
            return ()
        if not asking.wait(timedelta(0), self.interrupted) and patience:
            self.teller.checking(patience)
        if not asking.wait(patience, self.interrupted):
            self.teller.still_checking(patience)
            return ()
        self._asking = None
        answer = asking.answer()
        if isinstance(answer, Failure):
            self.teller.not_checked(answer.failure().problems())
            return ()
        report = answer.unwrap()
        self.teller.checked(report)
        return report.alerts()
