"""What is wrong with the words of a command line, told like every other failure."""

from typing import Any

import typer

from alchemiser_app.cli.output import write_json

COMMAND_LINE_ERROR: type[Any] = typer.BadParameter.__mro__[2]
"""What typer raises for unknown commands, missing arguments and values that do not fit: the class
that all of them have in common (typer gives it no name of its own).
"""

_OF_CHOICES = "Value error, "
"""What typer puts before its words on a value that is none of the choices."""


def refuse(error: Any, *, as_json: bool) -> int:
    """Say what is wrong and how help is had, as an object too where JSON was asked for.

    Returns the exit code.
    """
    if isinstance(getattr(error, "message", None), str):
        error.message = error.message.removeprefix(_OF_CHOICES)
    error.show()
    code = int(error.exit_code)
    if as_json:
        command = error.ctx.command_path if getattr(error, "ctx", None) else "alchemiser"
        problem = {
            "code": "usage",
            "what": error.format_message(),
            "where": command,
            "why": "",
            "hint": f"see {command} --help",
        }
        write_json({"exit_code": code, "problems": [problem]})
    return code
