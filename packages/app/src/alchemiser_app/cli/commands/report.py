"""`alchemiser report`: what an account's journal tells beside its status."""

from typing import Annotated

import typer

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.options import (
    AsJson,
    Config,
    Data,
    Journal,
    OptionalTarget,
    Parameters,
    Substitutes,
)
from alchemiser_app.cli.output import value_of, working, write_json, write_lines

app = typer.Typer(
    name="report",
    help="Reports on an account that was traded or rehearsed.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def report() -> None:
    """Reports on an account that was traded or rehearsed."""


@app.command(epilog="Example: alchemiser report drift klm --data sample")
def drift(
    target: OptionalTarget = "portfolio",
    data: Data = None,
    parameters: Parameters = None,
    substitutes: Substitutes = None,
    journal: Journal = None,
    close_for_open: Annotated[
        bool,
        typer.Option("--close-for-open", help="Where decide_on needs opens: a close may stand in."),
    ] = False,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Compare an account with the back-test of the same dates, and split the difference by cause.

    The journal says what was decided and filled; the bars as they are now say what a back-test
    makes of it. The parts add up to the whole difference.
    """
    from alchemiser_app.cli.journal_reading import entries_of, journal_place
    from alchemiser_app.cli.opening import Asked, open_target
    from alchemiser_app.reports.drift import drift_json, drift_lines
    from alchemiser_app.trading.mandates import mandate_of
    from alchemiser_core.config.settings import DecideOn
    from alchemiser_core.domain.journal.events import Valued
    from alchemiser_core.services.backtest import MissingOpen
    from alchemiser_core.services.drift_report import drift_report

    asked = Asked(target, data, config, parameters, substitutes, as_json=as_json, journal=journal)
    location, _ = journal_place(asked)
    events = [entry.event for entry in entries_of(location, as_json=as_json)]
    opened = open_target(
        asked,
        end=max((event.session for event in events if isinstance(event, Valued)), default=None),
        needs_opens=lambda found: found.settings.trading_decide_on is DecideOn.AFTER_CLOSE,
    )
    mandate = mandate_of(target, opened.strategies, opened.configuration.settings)
    missing = MissingOpen.CLOSE if close_for_open else MissingOpen.ERROR
    with working("comparing"):
        compared = drift_report(opened.history, mandate, events, missing)
    found = value_of(compared, ExitCode.DATA, as_json=as_json)
    if as_json:
        write_json(drift_json(target, found, synthetic=opened.history.synthetic))
    else:
        write_lines(drift_lines(target, found, opened.source))
