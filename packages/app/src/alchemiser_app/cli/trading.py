"""What commands of trading begin with: the account, its journal, and the time; or why not."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date

from attrs import frozen
from returns.result import Failure

from alchemiser_app.cli.command_logs import command_logs
from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.opening import Asked, invocation_of
from alchemiser_app.cli.order_lines import OrderLines
from alchemiser_app.cli.output import fail, value_of
from alchemiser_app.container import Application, assemble
from alchemiser_app.journal.opening import open_journal
from alchemiser_app.journal.refusals import JournalMissing
from alchemiser_app.stopping.stop_signals import StopSignals
from alchemiser_app.timekeeping.system_clock import SystemClock
from alchemiser_app.trading.closing import closing
from alchemiser_app.trading.connections import journal_location
from alchemiser_app.trading.cycle import Surroundings, desk_of, terms_of
from alchemiser_app.trading.no_journal import NoJournal
from alchemiser_app.trading.setup import Stage, TradingSetup, set_up
from alchemiser_core.ports.order_journal import OrderJournal
from alchemiser_core.services.cycle import Ending, Terms
from alchemiser_core.services.desk import Desk

EXIT_CODES = {
    Ending.COMPLETE: ExitCode.DONE,
    Ending.NOTHING_TO_DO: ExitCode.DONE,
    Ending.ALREADY_DONE: ExitCode.DONE,
    Ending.PLANNED: ExitCode.DONE,
    Ending.INCOMPLETE: ExitCode.INCOMPLETE,
    Ending.REFUSED: ExitCode.REFUSED,
    Ending.NO_DATA: ExitCode.DATA,
    Ending.HALTED: ExitCode.HALTED,
}
"""What the process tells its caller about a cycle."""

STAGE_CODES = {
    Stage.CONFIGURATION: ExitCode.USAGE,
    Stage.ACCOUNT: ExitCode.REFUSED,
    Stage.DATA: ExitCode.DATA,
}
"""What it tells where there was none."""


@frozen(eq=False)
class TradingDesk:
    """An account that is ready to be traded."""

    setup: TradingSetup
    desk: Desk
    terms: Terms
    lines: OrderLines


@contextmanager
def trading_desk(
    asked: Asked,
    *,
    live: bool = False,
    session: date | None = None,
    is_dry: bool = False,
    confirmed: bool = False,
) -> Iterator[TradingDesk]:
    """Open everything that a cycle needs, the journal's lock first, and close it afterwards.

    Ends the command where something stands in the way: exit code 2 for the configuration, 3 for
    bars, 4 for the journal, the broker and confirmations that a live account needs.
    """
    invocation = invocation_of(asked)
    app = assemble(invocation)
    with ExitStack() as stack:
        stack.enter_context(command_logs(app, as_json=asked.as_json))
        signals = stack.enter_context(StopSignals())
        journal = _journal(app, asked, stack, is_dry=is_dry)
        clock = SystemClock(wake=lambda: signals.thrown() is not None)
        found = set_up(app, invocation, clock, live=live, session=session, is_dry=is_dry)
        if isinstance(found, Failure):
            why = found.failure()
            fail(why.problems(), STAGE_CODES[why.stage], as_json=asked.as_json)
        setup = found.unwrap()
        stack.enter_context(closing(setup.broker, setup.feed, setup.second))
        lines = OrderLines(asked.as_json)
        around = Surroundings(lines, clock.woken, clock.jumped)
        terms = terms_of(setup, clock.woken, confirmed=confirmed)
        yield TradingDesk(
            setup,
            desk_of(setup, journal, around),
            value_of(terms, ExitCode.REFUSED, as_json=asked.as_json),
            lines,
        )


def _journal(app: Application, asked: Asked, stack: ExitStack, *, is_dry: bool) -> OrderJournal:
    """The journal, locked for this process; a dry run only reads it, where there is one."""
    loaded = value_of(app.configuration(), ExitCode.USAGE, as_json=asked.as_json)
    location = journal_location(invocation_of(asked), loaded)
    opened = (
        open_journal(location, read_only=True) if is_dry else open_journal(location, create=True)
    )
    if is_dry and isinstance(opened, Failure) and isinstance(opened.failure(), JournalMissing):
        return NoJournal()
    return stack.enter_context(value_of(opened, ExitCode.REFUSED, as_json=asked.as_json))
