"""`alchemiser reconcile`: journal and broker brought to tell the same, without trading."""

from typing import Annotated

import typer

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.options import (
    AsJson,
    Config,
    Data,
    Journal,
    Live,
    OptionalTarget,
    Parameters,
    Session,
    Substitutes,
)
from alchemiser_app.cli.output import problems_json, tell_lines, write_json, write_problems


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: alchemiser reconcile klm --data sample --dry-run")(reconcile)


def reconcile(
    target: OptionalTarget = "portfolio",
    adopt: Annotated[
        bool,
        typer.Option(
            "--adopt",
            help="You have looked at the account, and it is right as the broker shows it.",
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only compare; write and send nothing.")
    ] = False,
    live: Live = False,
    session: Session = None,
    data: Data = None,
    parameters: Parameters = None,
    substitutes: Substitutes = None,
    journal: Journal = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Compare the journal with the broker, and book what the broker knows and the journal not.

    A cycle that was cut off is taken up first, as alchemiser trade would do. The exit code is 0
    where both agree, or nothing that they differ in keeps from trading; 4 where something does.
    """
    from alchemiser_app.cli.opening import Asked
    from alchemiser_app.cli.trading import trading_desk
    from alchemiser_app.reports.cycle import headline
    from alchemiser_app.reports.reconciliation import (
        other_problems,
        reconciliation_json,
        reconciliation_lines,
        told_problems,
    )
    from alchemiser_core.services.cycle import recover

    asked = Asked(target, data, config, parameters, substitutes, as_json=as_json, journal=journal)
    opened = trading_desk(asked, live=live, session=session, is_dry=dry_run, confirmed=adopt)
    with opened as at:
        if not as_json:
            tell_lines([headline(at.setup.mandate.portfolio, at.terms, at.setup.feed)])
        ended = recover(at.desk, at.terms, is_dry=dry_run)
        at.lines.close(told_problems(ended))
        code = ExitCode.REFUSED if ended.problems() else ExitCode.DONE
        if as_json:
            answer = reconciliation_json(ended, tuple(at.lines.seen))
            write_json({**answer, **problems_json(ended.problems(), code)})
        else:
            tell_lines(reconciliation_lines(ended))
        write_problems(other_problems(ended))
    if code:
        raise typer.Exit(int(code))
