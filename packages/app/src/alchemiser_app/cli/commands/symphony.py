"""`alchemiser symphony`: read, check, show, convert symphony files, and list what they need."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.options import AsJson, Parameters
from alchemiser_app.cli.output import (
    fail,
    note,
    value_of,
    write_document,
    write_json,
    write_lines,
)

if TYPE_CHECKING:
    from alchemiser_core.symphony import Symphony
    from alchemiser_core.symphony.strategy import SymphonyStrategy

app = typer.Typer(
    name="symphony",
    help="Read, check, show and convert symphony files (EDN or JSON).",
    no_args_is_help=True,
    rich_markup_mode=None,
)

File = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="A symphony file (.edn, .clj, .json), or the name of a built-in symphony.",
        show_default=False,
    ),
]
Expand = Annotated[bool, typer.Option("--expand", help="With parameters and definitions put in.")]


class Form(StrEnum):
    """The two forms of the notation."""

    EDN = "edn"
    JSON = "json"


@app.command(epilog="Example: alchemiser symphony check klm")
def check(file: File, parameters: Parameters = None, as_json: AsJson = False) -> None:
    """Read a symphony, report every problem in it, and say what it is."""
    summary = _summary(_opened(file, parameters, as_json))
    if as_json:
        write_json(summary)
    else:
        write_lines(_table(summary))


@app.command(epilog="Example: alchemiser symphony show klm --expand")
def show(file: File, parameters: Parameters = None, expand: Expand = False) -> None:
    """Write a symphony in EDN, tidily indented."""
    from alchemiser_core.symphony import render_edn

    strategy = _opened(file, parameters, False)
    write_document(render_edn(_tree(strategy, expand or bool(parameters))))


@app.command(epilog="Example: alchemiser symphony convert klm --to json --output klm.json")
def convert(
    file: File,
    to: Annotated[
        Form, typer.Option("--to", metavar="edn|json", help="Form to write.")
    ] = Form.JSON,
    output: Annotated[
        str | None,
        typer.Option("--output", metavar="FILE", help="File to write. [default: standard output]"),
    ] = None,
    parameters: Parameters = None,
    expand: Expand = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Convert a symphony from one form to the other."""
    from alchemiser_core.symphony import render_edn, render_json

    tree = _tree(_opened(file, parameters, False), expand or bool(parameters))
    text = render_edn(tree) if to is Form.EDN else value_of(render_json(tree), ExitCode.USAGE)
    if output is None:
        write_document(text)
        return
    from alchemiser_app.writing import write_text

    written = write_text(Path(output), text.rstrip("\n") + "\n", overwrite=force)
    value_of(written, ExitCode.USAGE)
    note(f"wrote {output}")


@app.command(epilog="Example: alchemiser symphony requirements klm --json")
def requirements(file: File, parameters: Parameters = None, as_json: AsJson = False) -> None:
    """List the symbols that a symphony trades and watches, and the bars it needs."""
    strategy = _opened(file, parameters, as_json)
    needed = strategy.requirements
    answer = {
        "symphony": strategy.name,
        "traded": list(needed.traded),
        "watched": list(needed.watched),
        "warm_up": needed.warm_up,
    }
    if as_json:
        write_json(answer)
    else:
        write_lines(_table(answer))


def _opened(file: str, parameters: list[str] | None, as_json: bool) -> "SymphonyStrategy":
    """The strategy of a file or name; ends the command where it is no symphony."""
    from alchemiser_app.cli.opening import Asked, application
    from alchemiser_core.domain.problem import Problem
    from alchemiser_core.symphony.strategy import SymphonyStrategy

    asked = Asked(target=file, parameters=parameters, as_json=as_json)
    entries = value_of(application(asked).strategies(), ExitCode.USAGE, as_json=as_json)
    strategy = entries[0].strategy
    if len(entries) != 1 or not isinstance(strategy, SymphonyStrategy):
        problem = Problem("no-symphony", f"{file} is no symphony", hint="name a symphony file")
        fail((problem,), ExitCode.USAGE, as_json=as_json)
    for warning in entries[0].warnings:
        note(f"warning: {warning}")
    return strategy


def _tree(strategy: "SymphonyStrategy", plain: bool) -> "Symphony":
    """As it was written, or with everything put in."""
    return strategy.symphony if plain or strategy.source is None else strategy.source


def _summary(strategy: "SymphonyStrategy") -> dict[str, Any]:
    from alchemiser_core.symphony import parameters_of
    from alchemiser_core.symphony.ast import walk
    from alchemiser_core.symphony.parameters.listing import describe_value

    plain, needed = strategy.symphony, strategy.requirements
    return {
        "symphony": plain.name,
        "blocks": sum(1 for _ in walk(plain)),
        "rebalance": plain.policy.frequency.value,
        "threshold": plain.policy.threshold,
        "symbols": list(needed.symbols),
        "warm_up": needed.warm_up,
        "parameters": {
            name: describe_value(found.value)
            for name, found in parameters_of(_tree(strategy, False)).items()
        },
    }


def _table(answer: dict[str, Any]) -> Iterator[str]:
    for key, value in answer.items():
        label = f"{key.replace('_', ' '):<12}"
        if isinstance(value, dict):
            yield f"{label}{len(value) or 'none'}"
            yield from (f"  {name:<28}{text}" for name, text in value.items())
        elif isinstance(value, list):
            yield label + (", ".join(value) or "none")
        else:
            yield label + ("none" if value is None else str(value))
