"""`alchemiser data import`: a folder of files into a bar store."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alchemiser_app.bar_store.bases import StoredBasis
from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.going_on import going_on
from alchemiser_app.cli.options import AsJson
from alchemiser_app.cli.output import (
    fail,
    note,
    problems_json,
    write_json,
    write_lines,
    write_problems,
)
from alchemiser_app.cli.progress import progress
from alchemiser_app.cli.stores import store_of, stored

if TYPE_CHECKING:
    from alchemiser_app.bar_store.importing.outcome import ImportOutcome
    from alchemiser_app.feeds.folder import Located

_SHOWN = 20
"""Warnings written out in words."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import", epilog="Example: alchemiser data import csv --store bars")(import_files)


def import_files(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Folder with a CSV or Parquet file a symbol.")
    ],
    store: Annotated[
        Path,
        typer.Option("--store", metavar="FOLDER", help="The bar store, made where there is none."),
    ],
    basis: Annotated[
        StoredBasis | None,
        typer.Option(
            "--basis",
            help="What the closes are. [default: adjusted in files with an adjusted close, "
            "as-given in others]",
            show_default=False,
        ),
    ] = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Also replace bars of another feed, and longer ones."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Take every file of a folder into a bar store.

    A file that is wrong is named and left out, and the exit code is 3 then. What the store has
    already, unchanged, is not read again, so an import that was ended goes on where it was.
    """
    from alchemiser_app.bar_store.importing.one_file import FileImport
    from alchemiser_app.bar_store.importing.run import import_folder

    located = _located(folder, as_json=as_json)
    how = FileImport(store_of(store, make=True, as_json=as_json), basis, replace)
    with going_on(), progress("importing") as tell:
        imported = import_folder(how, located, tell)
    code = _report(stored(imported, as_json=as_json), str(store), as_json=as_json)
    if code:
        raise typer.Exit(int(code))


def _report(outcome: "ImportOutcome", store: str, *, as_json: bool) -> ExitCode:
    """Say what was imported, and with which exit code it ends."""
    from alchemiser_app.reports.data_import import import_json, import_lines

    code = ExitCode.DATA if outcome.problems else ExitCode.DONE
    if as_json:
        write_json({**import_json(outcome), **problems_json(outcome.problems, code)})
    else:
        write_lines(import_lines(outcome, store))
        _warn(outcome)
    write_problems(outcome.problems)
    return code


def _located(folder: Path, *, as_json: bool) -> "Located":
    from returns.result import Failure

    from alchemiser_app.feeds.folder import locate_all
    from alchemiser_core.domain.problem import Problem

    located = locate_all(folder)
    if isinstance(located, Failure):
        fail(located.failure(), ExitCode.DATA, as_json=as_json)
    if not located.unwrap().files:
        problem = Problem(
            code="no-files",
            what="the folder has no file of bars",
            where=str(folder),
            why="a file is named after its symbol: SPY.csv or SPY.parquet",
            hint="give the folder that holds the bars",
        )
        fail((problem,), ExitCode.DATA, as_json=as_json)
    return located.unwrap()


def _warn(outcome: "ImportOutcome") -> None:
    for warning in outcome.warnings[:_SHOWN]:
        note(f"warning: {warning}")
    if len(outcome.warnings) > _SHOWN:
        note(f"… and {len(outcome.warnings) - _SHOWN:,} more warnings (--json lists all)")
