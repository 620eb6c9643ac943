"""`alchemiser doctor`: whether everything that a run needs is in order."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import typer

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.options import AsJson, Config, Data
from alchemiser_app.cli.output import write_json, write_lines

if TYPE_CHECKING:
    from alchemiser_app.cli.opening import Asked
    from alchemiser_app.container import Application
    from alchemiser_app.settings_file import LoadedConfiguration

Check = tuple[str, ExitCode, str]
"""What was checked, `DONE` or the exit code that its failure means, and what was found."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: alchemiser doctor --data sample")(doctor)


def doctor(data: Data = None, config: Config = None, as_json: AsJson = False) -> None:
    """Check the installation, the plugins, the configuration and the data."""
    from alchemiser_app.cli.command_logs import command_logs
    from alchemiser_app.cli.opening import Asked, application

    asked = Asked(data=data, config=config, as_json=as_json)
    app = application(asked)
    with command_logs(app, as_json=as_json):
        checks = list(_checks(asked, app))
    if as_json:
        rows = [{"check": n, "ok": c is ExitCode.DONE, "found": f} for n, c, f in checks]
        write_json({"checks": rows})
    else:
        write_lines(line for check in checks for line in _lines(*check))
    failures = [code for _, code, _ in checks if code is not ExitCode.DONE]
    if failures:
        raise typer.Exit(int(min(failures)))


def _lines(name: str, code: ExitCode, found: str) -> list[str]:
    """What is in order on one line; what is not, in lines that fit."""
    from alchemiser_app.reports.wrapping import wrapped

    if code is ExitCode.DONE:
        return [f"ok    {name:<13} {found}"]
    return wrapped(f"FAIL  {name:<13} {found}", further_in=20)


def _checks(asked: "Asked", app: "Application") -> Iterator[Check]:
    from returns.result import Success

    from alchemiser_app.cli.opening import invocation_of
    from alchemiser_app.cli.trading_checks import trading_checks

    yield _versions()
    yield _plugins(app)
    yield _result("configuration", app.configuration(), _file)
    if asked.data is not None or _configured(app, "feed"):
        yield _data(app)
    if _configured(app, "strategies"):
        yield _result("portfolio", app.strategies(), _named)
    if isinstance(app.configuration(), Success):
        yield from trading_checks(app, invocation_of(asked))


def _configured(app: "Application", what: str) -> bool:
    from returns.result import Success

    loaded = app.configuration()
    if not isinstance(loaded, Success):
        return False
    settings = loaded.unwrap().configuration.settings
    return bool(settings.data.feed if what == "feed" else settings.portfolio.strategies)


def _versions() -> Check:
    import platform
    from importlib.metadata import distributions

    own = sorted(
        f"{d.name} {d.version}" for d in distributions() if (d.name or "").startswith("alchemiser")
    )
    return "installation", ExitCode.DONE, f"Python {platform.python_version()}, {', '.join(own)}"


def _plugins(app: "Application") -> Check:
    registry = app.registry()
    broken = registry.broken()
    if broken:
        found = "; ".join(str(p) for plugin in broken for p in plugin.problems())
        return "plugins", ExitCode.USAGE, found
    return "plugins", ExitCode.DONE, f"{len(registry.available())} offers, none broken"


def _data(app: "Application") -> Check:
    from returns.result import Failure

    from alchemiser_app import freshness
    from alchemiser_app.cli.opening import source_of
    from alchemiser_core.domain.bar_rows import REFERENCE
    from alchemiser_core.ports.market_data import BarRequest

    feed = app.feed()
    if isinstance(feed, Failure):
        return _result("data", feed, str)
    bars = feed.unwrap().bars(BarRequest((REFERENCE,)))
    if isinstance(bars, Failure):
        return "data", ExitCode.DATA, _problems(bars)
    history = bars.unwrap()
    if not len(history) or history.missing_symbols:
        return "data", ExitCode.DATA, f"no bars of {REFERENCE} in {history.source}"
    last = history.session(len(history) - 1)
    found = f"{REFERENCE} to {last} from {source_of(history)}"
    old = freshness.out_of_date(history, freshness.today())
    return "data", ExitCode.DONE, f"{found}; {old}" if old else found


def _file(loaded: "LoadedConfiguration") -> str:
    """The file, or where one was looked for."""
    from pathlib import Path

    from alchemiser_app.settings_file import FILE_NAME

    if loaded.file:
        return str(loaded.file)
    return (
        f"defaults: there is no {FILE_NAME} in {Path.cwd()}, "
        "and neither --config nor ALCHEMISER_CONFIG names one"
    )


def _named(strategies: Any) -> str:
    return ", ".join(f"{entry.strategy.name} {entry.share}" for entry in strategies)


def _result(name: str, result: Any, shown: Any) -> Check:
    from returns.result import Failure

    if isinstance(result, Failure):
        return name, ExitCode.USAGE, _problems(result)
    return name, ExitCode.DONE, shown(result.unwrap())


def _problems(result: Any) -> str:
    return "; ".join(str(problem) for problem in result.failure().problems())
