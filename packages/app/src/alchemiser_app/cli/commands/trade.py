"""`alchemiser trade`: one cycle of an account, exactly once a session."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

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

if TYPE_CHECKING:
    from alchemiser_app.cli.checking import CheckLines
    from alchemiser_app.cli.trading import TradingDesk
    from alchemiser_core.services.cycle import Ended


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: alchemiser trade klm --data sample")(trade)


def trade(
    target: OptionalTarget = "portfolio",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Go up to the first order; write and send nothing.")
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
    """Trade the account once: recover, reconcile, decide, plan, execute, reconcile.

    A second run in the same session does nothing. A run that was killed is taken up where the
    journal ends.
    """
    from alchemiser_app.cli.checking import check_lines, indicator_checks, raise_alerts
    from alchemiser_app.cli.opening import Asked, invocation_of
    from alchemiser_app.cli.trading import EXIT_CODES, trading_desk
    from alchemiser_app.reports.cycle import account_lines, ending_lines, headline
    from alchemiser_core.services.cycle import trade as trade_once

    asked = Asked(target, data, config, parameters, substitutes, as_json=as_json, journal=journal)
    with trading_desk(asked, live=live, session=session, is_dry=dry_run) as at:
        if not as_json:
            tell_lines([headline(at.setup.mandate.portfolio, at.terms, at.setup.feed)])
        invocation = invocation_of(asked)
        checked = check_lines(invocation, at.setup.loaded, as_json=as_json)
        checks = indicator_checks(invocation, checked, at.desk.interrupted)
        ended = trade_once(*checks.beside(at.desk, at.terms, at.setup.settings), is_dry=dry_run)
        code = EXIT_CODES[ended.ending]
        at.lines.close(ended.problems())
        write_problems(ended.problems())
        if not as_json:
            tell_lines([*ending_lines(ended), *account_lines(ended)])
        raise_alerts(at.desk, checks.collect())
        at.lines.close()
        if as_json:
            write_json({**_answer(at, ended, checked), **problems_json(ended.problems(), code)})
    if code:
        raise typer.Exit(int(code))


def _answer(at: "TradingDesk", ended: "Ended", checked: "CheckLines") -> dict[str, Any]:
    """The cycle as an object, with the check of its indicators where there was one."""
    from alchemiser_app.reports.cycle import ending_json
    from alchemiser_app.reports.indicator_check import report_json

    answer = ending_json(ended, tuple(at.lines.seen), synthetic=at.setup.feed.synthetic)
    if checked.report is None:
        return answer
    return {**answer, "indicators": report_json(checked.report)}
