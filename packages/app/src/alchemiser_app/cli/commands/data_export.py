"""`alchemiser data export`: series of a bar store as CSV or Parquet files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alchemiser_app.bar_store.bases import StoredBasis
from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.options import AsJson, SomeSymbols
from alchemiser_app.cli.output import (
    fail,
    problems_json,
    value_of,
    write_json,
    write_lines,
    write_problems,
)
from alchemiser_app.cli.progress import progress
from alchemiser_app.cli.stores import store_of, stored
from alchemiser_app.cli.symbol_arguments import parsed_symbols
from alchemiser_app.counting import counted

if TYPE_CHECKING:
    from alchemiser_app.bar_store.exporting import Export
    from alchemiser_core.domain.problem import Problem
    from alchemiser_core.domain.symbol import Symbol

_FORMATS = ("csv", "parquet")


def register(app: typer.Typer) -> None:
    """Add the command."""
    example = "Example: alchemiser data export SPY TLT --store bars --to csv"
    app.command("export", epilog=example)(export_files)


def _format(text: str) -> str:
    if text not in _FORMATS:
        raise typer.BadParameter(f"{text!r} is none of: {', '.join(_FORMATS)}")
    return text


def export_files(
    store: Annotated[Path, typer.Option("--store", metavar="FOLDER", help="The bar store.")],
    to: Annotated[
        Path,
        typer.Option("--to", metavar="FOLDER", help="Where the files go; made if it is not there."),
    ],
    symbols: SomeSymbols = None,
    form: Annotated[
        str,
        typer.Option("--format", metavar="csv|parquet", parser=_format, help="What is written."),
    ] = "csv",
    basis: Annotated[
        StoredBasis | None,
        typer.Option(
            "--basis",
            help="Which prices. [default: adjusted, or as-given where there are none]",
            show_default=False,
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace files that are there already.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write one file a symbol, which `--data FOLDER` reads back to the same numbers."""
    from alchemiser_app.bar_store.choosing import usual_basis
    from alchemiser_app.bar_store.exporting import Export, FileFormat
    from alchemiser_app.writing import make_folder

    bars = store_of(store, as_json=as_json)
    chosen = basis or stored(usual_basis(bars), as_json=as_json)
    asked = parsed_symbols(symbols or [], as_json=as_json)
    wanted = asked or stored(bars.symbols(chosen.prices), as_json=as_json)
    value_of(make_folder(to), ExitCode.USAGE, as_json=as_json)
    export = Export(bars, chosen.prices, to, FileFormat(form), force)
    obstacles = export.obstacles(wanted)
    if obstacles:
        fail(obstacles, ExitCode.USAGE, as_json=as_json)
    _write(export, wanted, as_json=as_json)


def _write(export: "Export", symbols: "tuple[Symbol, ...]", *, as_json: bool) -> None:
    from returns.result import Failure

    written: dict[Symbol, int] = {}
    problems: list[Problem] = []
    with progress("exporting") as tell:
        for count, symbol in enumerate(symbols, start=1):
            result = export.write(symbol)
            if isinstance(result, Failure):
                problems += result.failure()
            else:
                written[symbol] = result.unwrap()
            tell(count, len(symbols))
    code = ExitCode.DATA if problems or not symbols else ExitCode.DONE
    if as_json:
        write_json({"written": written, **problems_json(problems, code)})
    else:
        files = counted(len(written), "file")
        sessions = counted(sum(written.values()), "session")
        write_lines((f"{export.folder}: {files}, {sessions}",))
    write_problems(problems)
    if code:
        raise typer.Exit(int(code))
