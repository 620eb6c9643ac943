"""Whether the parts that trading needs are in order, without trading: for `alchemiser doctor`."""

from collections.abc import Iterator

from returns.result import Failure, Result

from alchemiser_app.cli.broker_checks import broker_checks
from alchemiser_app.cli.calendar_checks import calendar_checks
from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.feed_checks import feed_checks
from alchemiser_app.composition import Invocation
from alchemiser_app.container import Application
from alchemiser_app.journal.opening import open_journal
from alchemiser_app.journal.refusals import JournalMissing
from alchemiser_app.settings_file import LoadedConfiguration
from alchemiser_app.trading.connections import journal_location, kill_switch
from alchemiser_core.domain.problem import Explainable
from alchemiser_core.services.ledger import Ledger

Check = tuple[str, ExitCode, str]
"""What was checked, `DONE` or the exit code that its failure means, and what was found."""


def trading_checks(app: Application, invocation: Invocation) -> Iterator[Check]:
    """Feeds beside the first, calendar, broker, notifiers, kill switch and journal of a sound
    configuration.
    """
    loaded = app.configuration().unwrap()
    yield from feed_checks(app, loaded)
    yield from calendar_checks(app)
    yield from broker_checks(app, loaded)
    if loaded.configuration.settings.notify:
        yield _notifiers(app)
    yield _kill_switch(invocation, loaded)
    yield _journal(journal_location(invocation, loaded))


def _notifiers(app: Application) -> Check:
    built = app.notifiers()
    if isinstance(built, Failure):
        return "notifiers", ExitCode.USAGE, _words(built)
    return "notifiers", ExitCode.DONE, ", ".join(each.name for each in built.unwrap())


def _kill_switch(invocation: Invocation, loaded: LoadedConfiguration) -> Check:
    switch = kill_switch(invocation, loaded)
    if isinstance(switch, Failure):
        return "kill switch", ExitCode.USAGE, _words(switch)
    thrown = switch.unwrap().thrown()
    code = ExitCode.DONE if thrown is None else ExitCode.HALTED
    return "kill switch", code, "not thrown" if thrown is None else f"thrown: {thrown}"


def _journal(location: str) -> Check:
    """Whether it holds, and whether the account is halted by it."""
    opened = open_journal(location, read_only=True)
    if isinstance(opened, Failure):
        if isinstance(opened.failure(), JournalMissing):
            return "journal", ExitCode.DONE, f"{location}: none yet, the first trade makes it"
        return "journal", ExitCode.REFUSED, _words(opened)
    with opened.unwrap() as journal:
        entries = journal.entries()
    if isinstance(entries, Failure):
        return "journal", ExitCode.REFUSED, _words(entries)
    found = entries.unwrap()
    halt = Ledger().fold(entry.event for entry in found).halt
    if halt is not None:
        return "journal", ExitCode.HALTED, f"{location}: HALTED: {halt.why or halt.code}"
    return "journal", ExitCode.DONE, f"{location}: {len(found)} entries, the chain holds"


def _words(result: "Result[object, Explainable]") -> str:
    return "; ".join(str(problem) for problem in result.failure().problems())
