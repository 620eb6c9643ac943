"""`alchemiser history`: what the cycles of the account came to."""

from datetime import date
from typing import Annotated

import typer

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.options import AsJson, Config, Journal, day
from alchemiser_app.cli.output import fail, note, write_json, write_lines


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: alchemiser history --last 5 --orders")(history)


def history(
    last: Annotated[
        int, typer.Option("--last", metavar="N", min=1, help="The last so many cycles.")
    ] = 20,
    cycle: Annotated[
        date | None,
        typer.Option(
            "--cycle",
            metavar="DATE",
            parser=day,
            help="Everything about the cycle of that trading day, in words.",
            show_default=False,
        ),
    ] = None,
    orders: Annotated[bool, typer.Option("--orders", help="With the orders of each.")] = False,
    journal: Journal = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """List cycles with outcome, equity, orders filled and sent, value traded, costs and alerts.

    Reads the journal alone, while another process may be trading.
    """
    from alchemiser_app.cli.journal_reading import entries_of, journal_place
    from alchemiser_app.cli.opening import Asked
    from alchemiser_app.reports.cycle_summaries import CycleHistory, cycle_history
    from alchemiser_app.reports.history import (
        history_json,
        history_lines,
        last_of,
        story_lines,
    )

    location, _ = journal_place(Asked(config=config, journal=journal, as_json=as_json))
    entries = entries_of(location, as_json=as_json)
    known = cycle_history(entries)
    if cycle is not None:
        known = CycleHistory(tuple(c for c in known.cycles if c.key.trading_day == cycle))
        if not known.cycles:
            _no_cycle(cycle, as_json)
    else:
        known = last_of(known, last)
    if as_json:
        write_json(history_json(known))
    elif cycle is not None:
        write_lines(story_lines(entries, cycle))
        write_lines(history_lines(known, orders=orders))
    else:
        write_lines(history_lines(known, orders=orders))
        if not known.cycles:
            note("no cycle yet")


def _no_cycle(day: date, as_json: bool) -> None:
    """End the command: there is nothing to tell of that day."""
    from alchemiser_core.domain.problem import Problem

    hint = "alchemiser history lists those there are"
    problem = Problem("no-such-cycle", f"there was no cycle on {day}", "--cycle", hint=hint)
    fail((problem,), ExitCode.USAGE, as_json=as_json)
