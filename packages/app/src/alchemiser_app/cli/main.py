"""The entry point of `alchemiser`.

Commands of plugins are listed by the names in their metadata; a plugin's code is imported only
when one of its commands is called.
"""

import io
import sys
from contextlib import nullcontext
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from alchemiser_app.cli.commands import (
    backtest,
    check,
    config,
    data,
    decide,
    doctor,
    halt,
    history,
    init,
    journal,
    paper,
    plan,
    plugins,
    reconcile,
    rehearse,
    report,
    run,
    simulate_broker,
    status,
    symphony,
    trade,
)
from alchemiser_app.cli.exit_codes import INTERRUPTED, ExitCode
from alchemiser_app.cli.last_words import hide_secrets_in_tracebacks
from alchemiser_app.cli.output import results_alone
from alchemiser_app.cli.refusal import COMMAND_LINE_ERROR, refuse

COMMAND_GROUP = "alchemiser.commands"
"""Entry points of commands that plugins add: name of the command -> a typer app or function."""

DISTRIBUTIONS = ("alchemiser", "alchemiser-app")
"""What the command line may be installed as; the first that is there gives its version."""


class _WithPluginCommands(TyperGroup):
    """The built-in commands, and after them those that installed plugins name."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the built-in commands; of plugins' commands the names and where they are from."""
        super().format_commands(ctx, formatter)
        rows = [
            (name, f"from {source}")
            for name, source in _plugin_commands().items()
            if name not in self.commands
        ]
        if rows:
            with formatter.section("Commands of plugins"):
                formatter.write_dl(rows)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A built-in command, else a plugin's, which is imported now."""
        known = super().get_command(ctx, cmd_name)
        if known is not None or cmd_name not in _plugin_commands():
            return known
        from alchemiser_app.cli.plugin_command import plugin_command

        return plugin_command(cmd_name)


def _plugin_commands() -> dict[str, str]:
    """Name and distribution of each command that plugins add, from metadata alone."""
    from importlib.metadata import entry_points

    found = entry_points(group=COMMAND_GROUP)
    return {point.name: point.dist.name if point.dist else "a plugin" for point in found}


app = typer.Typer(
    name="alchemiser",
    cls=_WithPluginCommands,
    help="Rule-based portfolios: decide, explain, back-test, plan and trade on paper.",
    epilog="Start with: alchemiser decide klm --data sample",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _show_version(asked: bool) -> None:
    """Print the version of what is installed, from its metadata, and end."""
    if not asked:
        return
    from importlib.metadata import PackageNotFoundError, version

    for name in DISTRIBUTIONS:
        try:
            typer.echo(f"alchemiser {version(name)}")
        except PackageNotFoundError:
            continue
        raise typer.Exit
    raise RuntimeError(f"none of {', '.join(DISTRIBUTIONS)} is installed, and this runs")


@app.callback()
def alchemiser(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Rule-based portfolios: decide, explain, back-test, plan and trade on paper."""


for command in (init, doctor, decide, plan, backtest, rehearse, trade, run):
    command.register(app)
for command in (status, history, reconcile, halt, plugins, simulate_broker):
    command.register(app)
for group in (config, data, check, symphony, paper, journal, report):
    app.add_typer(group.app)


def main() -> None:
    """Run the command line, and end the process with the exit code of the command."""
    hide_secrets_in_tracebacks()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that lacks a character shows its number; it does not end the program.
            stream.reconfigure(errors="backslashreplace")
    as_json = "--json" in sys.argv and "--help" not in sys.argv
    try:
        with results_alone() if as_json else nullcontext():
            code = app(prog_name="alchemiser", standalone_mode=False)
    except COMMAND_LINE_ERROR as error:
        code = refuse(error, as_json="--json" in sys.argv)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    sys.exit(code if isinstance(code, int) else ExitCode.DONE)


if __name__ == "__main__":
    main()
