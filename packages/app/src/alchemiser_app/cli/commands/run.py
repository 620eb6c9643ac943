"""`alchemiser run`: trades an account in every slot of the exchange calendar, until it is ended."""

import typer

from alchemiser_app.cli.options import (
    Config,
    Data,
    Journal,
    Live,
    OptionalTarget,
    Parameters,
    Substitutes,
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: alchemiser run klm --data sample")(run)


def run(
    target: OptionalTarget = "portfolio",
    live: Live = False,
    data: Data = None,
    parameters: Parameters = None,
    substitutes: Substitutes = None,
    journal: Journal = None,
    config: Config = None,
) -> None:
    """Wait for the next slot of the exchange calendar, trade the account, and go on so.

    Ctrl-C or SIGTERM ends it: at once while it waits, else after the cycle that is on, which sends
    nothing new; a second one ends it at once. A cycle that fails is told, and the next slot is
    waited for. Nothing is lost when it is killed: the next start goes on where the journal ends.
    """
    from alchemiser_app.cli.opening import Asked
    from alchemiser_app.cli.running import run_account

    asked = Asked(target, data, config, parameters, substitutes, journal=journal)
    code = run_account(asked, live=live)
    if code:
        raise typer.Exit(int(code))
