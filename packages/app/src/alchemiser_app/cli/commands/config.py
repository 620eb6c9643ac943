"""`alchemiser config`: what is configured, and where each value comes from."""

from typing import TYPE_CHECKING

import typer

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.options import AsJson, Config
from alchemiser_app.cli.output import fail, note, value_of, write_json, write_lines

if TYPE_CHECKING:
    from alchemiser_app.container import Application
    from alchemiser_app.settings_file import LoadedConfiguration

app = typer.Typer(
    name="config",
    help="Show and check the configuration.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command(epilog="Example: alchemiser config show --json")
def show(config: Config = None, as_json: AsJson = False) -> None:
    """Print every setting with its value and its origin: file and line, variable or default."""
    from alchemiser_app.known_settings import known_settings

    app, loaded = _load(config, as_json)
    settings = loaded.configuration.shown(known_settings(loaded, app.registry()))
    if as_json:
        rows = [{"path": s.path, "value": s.value, "origin": str(s.origin)} for s in settings]
        write_json({"file": str(loaded.file) if loaded.file else None, "settings": rows})
        return
    width = max(len(setting.path) for setting in settings)
    wide = min(max(len(setting.value) for setting in settings), 40)
    write_lines(f"{s.path:<{width}}  {s.value:<{wide}}  {s.origin}" for s in settings)


@app.command(epilog="Example: alchemiser config check --config alchemiser.toml")
def check(config: Config = None, as_json: AsJson = False) -> None:
    """Check the configuration, its strategies and its feed; report all problems together."""
    from returns.result import Failure

    from alchemiser_app.configuration_check import notices_on, problems_in

    app, loaded = _load(config, as_json)
    problems = problems_in(loaded, app.registry())
    if not problems and loaded.configuration.settings.portfolio.strategies:
        blend = app.strategies()
        problems = blend.failure().problems() if isinstance(blend, Failure) else ()
    if problems:
        fail(problems, ExitCode.USAGE, as_json=as_json)
    for notice in notices_on(loaded):
        note(f"warning: {notice}")
    file = str(loaded.file) if loaded.file else None
    if as_json:
        write_json({"file": file, "problems": []})
    else:
        write_lines((f"{file or 'no file: all defaults'}: sound",))


def _load(config: str | None, as_json: bool) -> "tuple[Application, LoadedConfiguration]":

    from alchemiser_app.cli.opening import Asked, application

    app = application(Asked(config=config, as_json=as_json))
    return app, value_of(app.configuration(), ExitCode.USAGE, as_json=as_json)
