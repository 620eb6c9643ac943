"""`alchemiser data sync`: brings a bar store up to date from a feed."""

from typing import Annotated

import typer

from alchemiser_app.cli.options import AsJson, Config


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: alchemiser data sync SPY TQQQ --from alpaca --store bars")(sync)


def sync(
    symbols: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SYMBOL]...",
            help="Only these. [default: those in the store, those of the portfolio, and SPY]",
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="FOLDER|FEED",
            help="Where the bars come from. [default: data.source in alchemiser.toml]",
            show_default=False,
        ),
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(
            "--store",
            metavar="FOLDER",
            help="The bar store, made where there is none. [default: the one in alchemiser.toml]",
            show_default=False,
        ),
    ] = None,
    full: Annotated[
        bool,
        typer.Option("--full", help="Fetch whole histories anew, in place of what is stored."),
    ] = False,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Fetch the sessions that a bar store lacks, up to the last one that is over.

    Where old closes have changed, by a split or a dividend, the whole history is fetched anew.
    Exit code 3 where something was not fetched; the next run goes on from there.
    """
    from alchemiser_app.cli.opening import Asked
    from alchemiser_app.cli.syncing import run_sync

    code = run_sync(Asked(source=source, config=config, as_json=as_json), symbols, store, full=full)
    if code:
        raise typer.Exit(int(code))
