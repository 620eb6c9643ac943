"""Which journal a command is about, and everything that is in it, read while others may write."""

from typing import TYPE_CHECKING, Any

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.output import value_of, working

if TYPE_CHECKING:
    from returns.result import Result

    from alchemiser_app.cli.opening import Asked
    from alchemiser_app.stopping.kill_switch_file import FileKillSwitch
    from alchemiser_core.domain.problem import Explainable
    from alchemiser_core.ports.order_journal import JournalEntry


def journal_place(asked: "Asked") -> "tuple[str, FileKillSwitch]":
    """Where the journal is, and the kill switch of the account.

    Ends the command where the configuration or the place cannot be read.
    """
    from alchemiser_app.cli.opening import application, invocation_of
    from alchemiser_app.trading.connections import journal_location, kill_switch

    invocation = invocation_of(asked)
    configured = application(asked).configuration()
    loaded = value_of(configured, ExitCode.USAGE, as_json=asked.as_json)
    switch = value_of(kill_switch(invocation, loaded), ExitCode.USAGE, as_json=asked.as_json)
    return journal_location(invocation, loaded), switch


def entries_of(location: str, *, as_json: bool) -> "tuple[JournalEntry, ...]":
    """All entries; ends the command where there are none to be had."""
    from alchemiser_app.journal.verification import listed

    with working("reading the journal"):
        entries: tuple[JournalEntry, ...] = read_or_end(listed(location), as_json=as_json)
    return entries


def read_or_end(result: "Result[Any, Explainable]", *, as_json: bool) -> Any:
    """What a journal gives; a place without one is wrong usage, a damaged one is bad data."""
    from returns.result import Failure

    from alchemiser_app.journal.refusals import BadLocation, JournalMissing

    named = isinstance(result, Failure) and isinstance(
        result.failure(), BadLocation | JournalMissing
    )
    return value_of(result, ExitCode.USAGE if named else ExitCode.DATA, as_json=as_json)
