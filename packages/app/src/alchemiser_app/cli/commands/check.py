"""`alchemiser check`: what is decided, held against what others have."""

from datetime import date
from typing import Annotated

import typer

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.options import (
    AsJson,
    Config,
    Data,
    OptionalTarget,
    Parameters,
    Substitutes,
    day,
)
from alchemiser_app.cli.output import (
    note,
    problems_json,
    write_json,
    write_lines,
    write_problems,
)

app = typer.Typer(
    name="check",
    help="Holds what is decided against what others have.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def check() -> None:
    """Holds what is decided against what others have."""


@app.command(epilog="Example: alchemiser check indicators klm --as-of 2025-12-31")
def indicators(
    target: OptionalTarget = "portfolio",
    data: Data = None,
    as_of: Annotated[
        date | None,
        typer.Option(
            "--as-of",
            metavar="DATE",
            parser=day,
            help="Decide at the close of this date. [default: the last session there is]",
            show_default=False,
        ),
    ] = None,
    parameters: Parameters = None,
    substitutes: Substitutes = None,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="End with exit code 3 where anything differs."),
    ] = False,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Decide, and hold the indicators that mattered against those of a second vendor.

    The vendor is the feed of data.second; how much is asked and what counts as a difference is set
    in check.indicators. What could rather change the decision is asked first. Exit code 3 where
    the vendor gave nothing.
    """
    from alchemiser_app.cli.checking_once import checked_now, silent
    from alchemiser_app.cli.opening import Asked
    from alchemiser_app.reports.indicator_check import report_json, report_lines

    asked = Asked(target, data, config, parameters, substitutes, as_json=as_json)
    report = checked_now(asked, as_of)
    problems = silent(report)
    differs = bool(report.differing or report.flipped)
    code = ExitCode.DATA if problems or (strict and differs) else ExitCode.DONE
    write_problems(problems)
    if as_json:
        write_json({"target": target, **report_json(report), **problems_json(problems, code)})
    else:
        write_lines(report_lines(report))
    if differs:
        note(f"warning: {report.vendor} does not bear out the decision")
    if code:
        raise typer.Exit(int(code))
