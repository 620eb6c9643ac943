"""`alchemiser init`: a configuration file to begin with."""

from typing import Annotated

import typer

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.output import value_of, write_lines


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: alchemiser init my-portfolio")(init)


def init(
    folder: Annotated[
        str, typer.Argument(metavar="[FOLDER]", help="Where to write alchemiser.toml.")
    ] = ".",
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write alchemiser.toml: three strategies, blended, on the synthetic sample market."""
    from pathlib import Path

    from alchemiser_app.first_configuration import FIRST_CONFIGURATION
    from alchemiser_app.settings_file import FILE_NAME
    from alchemiser_app.writing import make_folder, write_text

    path = Path(folder) / FILE_NAME
    written = make_folder(path.parent).bind(
        lambda _: write_text(path, FIRST_CONFIGURATION, overwrite=force)
    )
    value_of(written, ExitCode.USAGE)
    write_lines(
        (
            f"wrote {path}",
            "",
            "next:",
            *([f"  cd {folder}"] if folder != "." else []),
            "  alchemiser config check",
            "  alchemiser decide portfolio",
            "  alchemiser backtest portfolio",
            "  alchemiser plan portfolio --cash 25000",
            "  alchemiser trade",
        )
    )
