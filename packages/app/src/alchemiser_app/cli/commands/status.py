"""`alchemiser status`: where the account stands, by its journal."""

import typer

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.options import AsJson, Config, Journal
from alchemiser_app.cli.output import write_json, write_lines


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: alchemiser status --json")(status)


def status(journal: Journal = None, config: Config = None, as_json: AsJson = False) -> None:
    """Show account, books, open orders, last cycle and halts, by the journal alone.

    Asks no broker, and works while another process trades. Prices are the last that the journal
    knows. The exit code is 6 where trading is halted.
    """
    from alchemiser_app.cli.journal_reading import entries_of, journal_place
    from alchemiser_app.cli.opening import Asked
    from alchemiser_app.reports.status import status_lines
    from alchemiser_app.reports.status_json import status_json
    from alchemiser_app.reports.status_report import status_report

    location, switch = journal_place(Asked(config=config, journal=journal, as_json=as_json))
    entries = entries_of(location, as_json=as_json)
    report = status_report(location, entries, switch.thrown())
    if as_json:
        write_json(status_json(report))
    else:
        write_lines(status_lines(report))
    if report.is_halted:
        raise typer.Exit(int(ExitCode.HALTED))
