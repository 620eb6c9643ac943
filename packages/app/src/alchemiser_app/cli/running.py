"""The run of an account from its start to its exit code."""

from contextlib import closing

from returns.result import Failure

from alchemiser_app.cli.checking import check_lines, indicator_checks
from alchemiser_app.cli.command_logs import command_logs
from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.opening import Asked, invocation_of
from alchemiser_app.cli.output import fail, tell_lines, value_of, write_problems
from alchemiser_app.cli.run_lines import RunLines, countdown
from alchemiser_app.cli.trading import EXIT_CODES, STAGE_CODES
from alchemiser_app.composition import Invocation
from alchemiser_app.container import assemble
from alchemiser_app.journal.opening import open_journal
from alchemiser_app.stopping.stop_signals import StopSignals
from alchemiser_app.timekeeping.system_clock import SystemClock
from alchemiser_app.timekeeping.waiting_clock import WaitingClock
from alchemiser_app.trading.connections import journal_location
from alchemiser_app.trading.kept_journal import KeptJournal
from alchemiser_app.trading.running import RunningAccount
from alchemiser_app.trading.setup import NotSetUp, set_up
from alchemiser_core.services.keep_trading import (
    AskedToEnd,
    JournalLost,
    NoSessionAhead,
    RunEnd,
    keep_trading,
)


def run_account(asked: Asked, *, live: bool) -> ExitCode:
    """Run until something ends it; the command is ended where the start is refused."""
    invocation = invocation_of(asked)
    app = assemble(invocation)
    loaded = value_of(app.configuration(), ExitCode.USAGE)
    location = journal_location(invocation, loaded)
    with (
        command_logs(app),
        StopSignals() as signals,
        KeptJournal(lambda: open_journal(location, create=True)) as journal,
        closing(_account(invocation, journal, signals, live=live)) as account,
    ):
        lines = check_lines(invocation, loaded)
        account.checks = indicator_checks(invocation, lines, account.interrupted)
        value_of(journal.take(), ExitCode.REFUSED)
        begun = account.begin()
        if isinstance(begun, Failure):
            why = begun.failure()
            code = STAGE_CODES[why.stage] if isinstance(why, NotSetUp) else ExitCode.REFUSED
            fail(why.problems(), code)
        if journal.failed:
            return EXIT_CODES[account.ending]
        stopped = account.interrupted
        return _code(keep_trading(account.clock, account, stopped, begun.unwrap()), account)


def _account(
    invocation: Invocation, journal: KeptJournal, signals: StopSignals, *, live: bool
) -> RunningAccount:
    def stopped() -> bool:
        return signals.thrown() is not None

    def clock() -> SystemClock:
        return SystemClock(wake=stopped)

    return RunningAccount(
        # A new application each time, so that nothing of the last cycle is kept.
        opened=lambda now: set_up(assemble(invocation), invocation, now, live=live),
        journal=journal,
        teller=RunLines(),
        clock=WaitingClock(clock, stopped, countdown),
        waits_by=lambda of_broker: WaitingClock(lambda: of_broker, stopped, countdown),
        cycle_clock=clock,
        interrupted=stopped,
    )


def _code(end: RunEnd, account: RunningAccount) -> ExitCode:
    match end:
        case AskedToEnd(in_cycle=in_cycle):
            tell_lines(["ended, as asked"])
            return EXIT_CODES[account.ending] if in_cycle else ExitCode.DONE
        case JournalLost():
            return EXIT_CODES[account.ending]
        case NoSessionAhead():
            write_problems(end.problems())
            return ExitCode.REFUSED
