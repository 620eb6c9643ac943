"""The check of the indicators beside a command that trades: its lines, its file and its alerts."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from attrs import define, evolve
from returns.result import Failure, Result

from alchemiser_app.cli.output import note, tell_lines, write_problems
from alchemiser_app.composition import Invocation, Refusal
from alchemiser_app.container import assemble
from alchemiser_app.indicator_checking.beside import IndicatorChecks
from alchemiser_app.indicator_checking.filing import checks_folder, file_report
from alchemiser_app.reports.indicator_check import summary_lines
from alchemiser_app.settings_file import LoadedConfiguration
from alchemiser_core.domain.alert import Alert
from alchemiser_core.domain.journal.events import AlertRaised
from alchemiser_core.domain.problem import Problem
from alchemiser_core.plugins.factories import says_nothing
from alchemiser_core.ports.market_data import MarketData
from alchemiser_core.services.desk import Desk
from alchemiser_core.services.indicator_check import IndicatorReport
from alchemiser_core.services.journalling import tell, write


@define
class CheckLines:
    """`CheckTeller` for a person; the report is filed, and kept for the object at the end."""

    folder: Path
    as_json: bool = False
    report: IndicatorReport | None = None

    def checking(self, patience: timedelta) -> None:
        """What is waited for, how long, and how it is ended."""
        seconds = patience.total_seconds()
        note(f"the second vendor is still asked: waiting up to {seconds:g} s, Ctrl-C ends it")

    def checked(self, report: IndicatorReport) -> None:
        """What it comes to, and where the whole of it is."""
        self.report = report
        for problem in report.found:
            note(f"warning: {problem}")
        filed = file_report(self.folder, report)
        if isinstance(filed, Failure):
            for problem in filed.failure().problems():
                note(f"warning: {problem}")
        if not self.as_json:
            tell_lines(summary_lines(report))

    def not_checked(self, problems: Sequence[Problem]) -> None:
        """Why there is no report; nothing that was traded depends on it."""
        for problem in problems:
            note(f"warning: the indicators were not checked: {problem}")

    def still_checking(self, patience: timedelta) -> None:
        """It is not waited for any longer."""
        note("the second vendor has not answered yet; ask again: alchemiser check indicators")


def indicator_checks(
    invocation: Invocation, teller: CheckLines, interrupted: Callable[[], bool]
) -> IndicatorChecks:
    """The checks beside a command; each builds a feed of its own, which says nothing meanwhile."""

    def build() -> Result[MarketData | None, Refusal]:
        return assemble(evolve(invocation, tell=says_nothing)).second_feed()

    return IndicatorChecks(build, teller, interrupted)


def check_lines(
    invocation: Invocation, loaded: LoadedConfiguration, *, as_json: bool = False
) -> CheckLines:
    """The lines of a command, with the folder for its reports."""
    return CheckLines(checks_folder(invocation, loaded), as_json)


def raise_alerts(desk: Desk, alerts: Sequence[Alert]) -> None:
    """Write alerts down and tell them, after a cycle; told at least, where they cannot be written.

    What the cycle came to stays what it was.
    """
    written = write(desk, [AlertRaised(alert) for alert in alerts])
    if isinstance(written, Failure):
        write_problems(written.failure().problems())
        for alert in alerts:
            tell(desk, alert)
