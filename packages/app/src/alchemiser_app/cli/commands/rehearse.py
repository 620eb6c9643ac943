"""`alchemiser rehearse`: the whole trading cycle, session by session, over history."""

import time
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.options import (
    AsJson,
    Config,
    Data,
    Parameters,
    StrictSymbols,
    Substitutes,
    Target,
    amount,
    day,
)
from alchemiser_app.cli.output import fail, note, value_of, working, write_json, write_lines

if TYPE_CHECKING:
    from alchemiser_app.cli.opening import Asked, Opened
    from alchemiser_core.ports.order_journal import OrderJournal
    from alchemiser_core.services.rehearsal import Rehearsal, RehearsalSettings


def _day(help_: str, name: str) -> Any:
    return typer.Option(name, metavar="DATE", parser=day, help=help_, show_default=False)


def register(app: typer.Typer) -> None:
    """Add the command."""
    example = "alchemiser rehearse klm --data sample --from 2024-01-02 --to 2025-12-31"
    app.command(epilog=f"Example: {example}")(rehearse)


def rehearse(
    target: Target,
    start: Annotated[
        date | None, _day("First session that decides. [default: the first that can]", "--from")
    ] = None,
    end: Annotated[date | None, _day("Last session. [default: the newest]", "--to")] = None,
    cash: Annotated[
        Decimal, typer.Option(parser=amount, metavar="USD", help="Cash before the first trade.")
    ] = Decimal(100_000),
    data: Data = None,
    parameters: Parameters = None,
    substitutes: Substitutes = None,
    strict_symbols: StrictSymbols = False,
    equity: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write the equity curve (CSV).", show_default=False),
    ] = None,
    journal: Annotated[
        str | None,
        typer.Option(
            "--journal",
            metavar="FILE",
            help="Write the journal to a new file, for `history` and `journal`. [default: memory]",
            show_default=False,
        ),
    ] = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Trade a past period with the real planner, execution and journal, and compare.

    Every session runs the cycle that `trade` runs, on the prices of the bars. The equity is held
    against the back-test of the same dates, and against what rounding can make of it.
    """
    from alchemiser_app.cli.opening import Asked, open_target
    from alchemiser_app.reports.rehearsal import RehearsalReport, rehearsal_json, rehearsal_lines
    from alchemiser_core.config.settings import DecideOn

    if start and end and start > end:
        raise typer.BadParameter(f"--from {start} is after --to {end}")
    asked = Asked(target, data, config, parameters, substitutes, strict_symbols, as_json)
    opened = open_target(
        asked,
        end=end,
        needs_opens=lambda found: found.settings.trading_decide_on is DecideOn.AFTER_CLOSE,
    )
    settings = _settings(opened, asked, start=start, end=end, cash=cash)
    began = time.perf_counter()
    rehearsed = _rehearsed(asked, opened, settings, _journal(journal, equity, as_json))
    report = RehearsalReport(
        target=target,
        rehearsal=rehearsed,
        settings=opened.configuration.settings,
        source=opened.source,
        substitutions=opened.substitutions,
        seconds=time.perf_counter() - began,
    )
    _write_equity(rehearsed, equity, as_json)
    if as_json:
        write_json(rehearsal_json(report))
    else:
        write_lines(rehearsal_lines(report))
    if report.troubled or not report.tells_the_truth:
        raise typer.Exit(int(ExitCode.INCOMPLETE))


def _settings(
    opened: "Opened", asked: "Asked", *, start: date | None, end: date | None, cash: Decimal
) -> "RehearsalSettings":
    from alchemiser_app.trading.rules import execution_rules
    from alchemiser_core.domain.money import CENT, Usd
    from alchemiser_core.domain.problem import Problem
    from alchemiser_core.ports.broker import BrokerCapabilities
    from alchemiser_core.services.rehearsal import RehearsalSettings

    if cash <= 0 or cash % CENT:
        hint = "give US dollars above 0, in whole cents"
        problem = Problem("bad-option", f"{cash} is no cash to start with", "--cash", "", hint)
        fail((problem,), ExitCode.USAGE, as_json=asked.as_json)
    configured = opened.configuration.settings
    simulated = BrokerCapabilities(is_live=False, fractional=True)
    return RehearsalSettings(
        start=start,
        end=end,
        cash=Usd(cash),
        execution=execution_rules(configured, simulated),
        limits=configured.risk.limits(),
    )


def _rehearsed(
    asked: "Asked", opened: "Opened", settings: "RehearsalSettings", journal: "OrderJournal"
) -> "Rehearsal":
    from alchemiser_app.trading.mandates import mandate_of
    from alchemiser_core.services.rehearsal import rehearse as run

    configured = opened.configuration.settings
    mandate = mandate_of(asked.target or "", opened.strategies, configured)
    with working("rehearsing every session"):
        result = run(opened.history, mandate, settings, journal)
    return value_of(result, ExitCode.DATA, as_json=asked.as_json)


def _journal(name: str | None, equity: str | None, as_json: bool) -> "OrderJournal":
    """A new journal: in memory, or a file that is not there yet."""
    from pathlib import Path

    from alchemiser_core.domain.problem import Problem
    from alchemiser_core.simulation.journal import MemoryJournal

    if name is None:
        return MemoryJournal()
    # The equity curve, which is written last, would take the place of the journal.
    is_curve = equity is not None and Path(equity).absolute() == Path(name).absolute()
    if "://" in name or Path(name).exists() or is_curve:
        why = "a rehearsal begins with an empty journal, in a file of its own"
        problem = Problem("journal-exists", f"{name} cannot be the journal", "--journal", why)
        fail((problem,), ExitCode.USAGE, as_json=as_json)
    from alchemiser_app.journal.opening import open_journal

    return value_of(open_journal(name, create=True), ExitCode.USAGE, as_json=as_json)


def _write_equity(rehearsed: "Rehearsal", name: str | None, as_json: bool) -> None:
    from pathlib import Path

    from returns.result import Failure

    from alchemiser_app.reports.tables import equity_csv
    from alchemiser_app.writing import write_texts

    if name is None:
        return
    written = write_texts({Path(name): equity_csv(rehearsed.curve)})
    if isinstance(written, Failure):
        problems = [p for refused in written.failure() for p in refused.problems()]
        fail(problems, ExitCode.USAGE, as_json=as_json)
    mark = " (SYNTHETIC prices)" if rehearsed.synthetic else ""
    for path in written.unwrap():
        note(f"wrote {path}{mark}")
