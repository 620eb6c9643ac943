"""A command that a plugin adds, imported because it was called."""

from typing import Any

import typer

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.opening import Asked, application
from alchemiser_app.cli.output import value_of


def plugin_command(name: str) -> Any:
    """The command as the command line runs it: a function or a typer app of the plugin."""
    (command,) = [each for each in application(Asked()).commands() if each.name == name]
    found = value_of(command.load(), ExitCode.USAGE)
    if isinstance(found, typer.Typer):
        return typer.main.get_command(found)
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(name=name)(found)
    return typer.main.get_command(app)
