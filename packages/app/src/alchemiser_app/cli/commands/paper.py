"""`alchemiser paper`: the paper account, beside trading it."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.options import AsJson, Config, amount
from alchemiser_app.cli.output import fail, value_of, write_json, write_lines

if TYPE_CHECKING:
    from returns.result import Result

    from alchemiser_app.paper.desk import PaperStatement
    from alchemiser_app.paper.refusals import PaperRefused
    from alchemiser_app.settings_file import LoadedConfiguration

app = typer.Typer(
    name="paper",
    help="Look at the paper account, pay in and out, start anew.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def _above_zero(text: str) -> Decimal:
    found = amount(text)
    if found <= 0:
        raise typer.BadParameter(f"{text!r} is not above 0")
    return found


_Amount = Annotated[
    Decimal,
    typer.Argument(metavar="AMOUNT", parser=_above_zero, help="US dollars.", show_default=False),
]


@app.command(epilog="Example: alchemiser paper show --json")
def show(config: Config = None, as_json: AsJson = False) -> None:
    """Print number, cash, positions and open orders."""
    from alchemiser_app.paper.desk import statement

    path, _ = _account(config, as_json)
    _tell(statement(path), as_json)


@app.command(epilog="Example: alchemiser paper deposit 5000")
def deposit(sum_: _Amount, config: Config = None, as_json: AsJson = False) -> None:
    """Pay in; the next cycle shares it among the strategies."""
    from alchemiser_app.paper.desk import pay

    path, _ = _account(config, as_json)
    _tell(pay(path, sum_), as_json)


@app.command(epilog="Example: alchemiser paper withdraw 250.50")
def withdraw(sum_: _Amount, config: Config = None, as_json: AsJson = False) -> None:
    """Pay out, as far as there is cash that no open order holds back."""
    from alchemiser_app.paper.desk import pay

    path, _ = _account(config, as_json)
    _tell(pay(path, -sum_), as_json)


@app.command(epilog="Example: alchemiser paper reset --cash 25000")
def reset(
    cash: Annotated[
        Decimal | None,
        typer.Option(
            "--cash",
            metavar="AMOUNT",
            parser=amount,
            help="US dollars to start with. [default: broker.settings.cash]",
            show_default=False,
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also where a journal of the old account is there.")
    ] = False,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Put the account aside and make a new one, with another number."""
    from alchemiser_app.paper.desk import start_anew
    from alchemiser_app.paper.settings import PaperSettings

    path, loaded = _account(config, as_json)
    if not force:
        _spare_journal(loaded, as_json)
    section = loaded.configuration.section(("broker", "settings"), PaperSettings)
    settings = value_of(section, ExitCode.USAGE, as_json=as_json)
    _tell(start_anew(path, settings.cash if cash is None else cash), as_json)


def _account(config: str | None, as_json: bool) -> "tuple[Path, LoadedConfiguration]":
    """The file of the account; ends the command where another broker is configured."""
    from alchemiser_app.cli.opening import Asked, application
    from alchemiser_app.paper.factory import account_file
    from alchemiser_app.paper.settings import PaperSettings
    from alchemiser_core.domain.problem import Problem

    asked = Asked(config=config, as_json=as_json)
    loaded = value_of(application(asked).configuration(), ExitCode.USAGE, as_json=as_json)
    name = loaded.configuration.settings.broker.name
    if name != "paper":
        place = loaded.place("broker", "name")
        problem = Problem("not-paper", f"the configured broker is {name}, not paper", place)
        fail((problem,), ExitCode.USAGE, as_json=as_json)
    section = loaded.configuration.section(("broker", "settings"), PaperSettings)
    settings = value_of(section, ExitCode.USAGE, as_json=as_json)
    return account_file(settings, loaded.folder), loaded


def _spare_journal(loaded: "LoadedConfiguration", as_json: bool) -> None:
    """End the command where a journal is there: it would be of an account that is no more."""
    from alchemiser_core.domain.problem import Problem

    location = loaded.configuration.settings.journal.location
    if "://" not in location and not (Path(loaded.folder) / Path(location).expanduser()).exists():
        return
    problem = Problem(
        code="journal-would-be-orphaned",
        what="there is a journal, and it may be of the account that is there now",
        where=location.partition("://")[0] + "://…" if "://" in location else location,
        why="a journal belongs to one account, and refuses to go on with another",
        hint="move the journal away as well, then give --force",
    )
    fail((problem,), ExitCode.REFUSED, as_json=as_json)


def _tell(outcome: "Result[PaperStatement, PaperRefused]", as_json: bool) -> None:
    found = value_of(outcome, ExitCode.REFUSED, as_json=as_json)
    if as_json:
        write_json(found.as_json())
    else:
        write_lines(found.lines())
