"""Write the pages of docs/reference that are made from the code itself.

python scripts/reference_pages.py
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from alchemiser_app.cli.exit_codes import INTERRUPTED, ExitCode
from alchemiser_app.cli.main import app
from alchemiser_core.config.reference import reference_page

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"

_INTRODUCTION = """\
# The command line

Written by `scripts/reference_pages.py` from the commands themselves; the tests check that it
is current.

Results go to standard output, warnings and errors to standard error. With `--json` there is exactly
one JSON object on standard output ([json.md](json.md)). Where the command fails, the object has
`exit_code` and `problems`, each with `code`, `what`, `where`, `why` and `hint`.

An option wins over an environment variable, that over `alchemiser.toml`, and that over the default
([configuration.md](configuration.md)).
"""

_MEANING = {
    ExitCode.DONE: "Done, or nothing to do.",
    ExitCode.INTERNAL: "An error of the program itself; a traceback is on standard error.",
    ExitCode.USAGE: "Wrong usage, configuration, symphony or plugin; a file cannot be written.",
    ExitCode.DATA: "Data is missing or bad, or nothing could be decided or planned.",
    ExitCode.REFUSED: "Refused before any order: account, journal or broker are not as expected.",
    ExitCode.INCOMPLETE: "Finished, but not with everything that was planned.",
    ExitCode.HALTED: "Halted: by hand, by the kill-switch file, or by the program itself.",
}


def command_line_page() -> str:
    """The page, from the typer application."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _INTRODUCTION
    yield "## Exit codes"
    yield ""
    yield "| code | meaning |"
    yield "|---|---|"
    for code in ExitCode:
        yield f"| {int(code)} | {_MEANING[code]} |"
    yield f"| {INTERRUPTED} | Ended from the keyboard. |"
    for words, command in _commands(("alchemiser",), typer.main.get_command(app)):
        yield ""
        yield from _section(words, command)


def _commands(words: tuple[str, ...], command: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command that does something, in the order of `--help`."""
    for name, inner in getattr(command, "commands", {}).items():
        if hasattr(inner, "commands"):
            yield from _commands((*words, name), inner)
        else:
            yield (*words, name), inner


def _section(words: tuple[str, ...], command: Any) -> Iterator[str]:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    yield f"## `{' '.join(words)}`"
    yield ""
    yield from (line.strip() for line in (command.help or "").splitlines())
    yield ""
    yield "```"
    yield " ".join((*words, *map(_bare, arguments), *(["[OPTIONS]"] if options else [])))
    yield "```"
    yield ""
    yield "| argument or option | meaning |"
    yield "|---|---|"
    for parameter in arguments:
        yield f"| `{_bare(parameter)}` | {_meaning(parameter)} |"
    for parameter in options:
        yield f"| `{_option(parameter)}` | {_meaning(parameter)} |"
    yield ""
    yield (command.epilog or "").replace("Example: ", "Example: `") + "`"


def _bare(parameter: Any) -> str:
    name = parameter.metavar or parameter.name.upper()
    return name if parameter.required or name.startswith("[") else f"[{name}]"


def _option(parameter: Any) -> str:
    value = "" if parameter.is_flag else f" {parameter.metavar}"
    return ", ".join(parameter.opts) + value.replace("|", r"\|")


def _meaning(parameter: Any) -> str:
    text, default = re.subn(r"\[default: (.*?)\]", r"Default: \1.", parameter.help or "")
    value = getattr(parameter.default, "value", parameter.default)
    if not default and value not in (None, False) and not parameter.required:
        text += f" Default: `{value}`."
    return text.replace("|", r"\|")


if __name__ == "__main__":
    for name, text in {
        "command-line.md": command_line_page(),
        "configuration.md": reference_page(),
    }.items():
        (REFERENCE / name).write_text(text, encoding="utf-8")
        print(f"wrote {REFERENCE / name}")
