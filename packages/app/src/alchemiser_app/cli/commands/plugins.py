"""`alchemiser plugins`: what is installed, what it offers, and what is broken."""

from collections.abc import Iterator
from typing import Any

import typer

from alchemiser_app.cli.options import AsJson
from alchemiser_app.cli.output import write_json, write_lines


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: alchemiser plugins --json")(plugins)


def plugins(as_json: AsJson = False) -> None:
    """List plugins, what they offer and the settings of each offer; broken ones too."""
    from alchemiser_app.cli.opening import Asked, application

    app = application(Asked(as_json=as_json))
    registry = app.registry()
    offers = [
        {
            "kind": offer.kind.value,
            "name": offer.factory.name,
            "summary": offer.factory.summary,
            "plugin": offer.entry_point.name,
            "distribution": offer.entry_point.distribution,
            "version": offer.entry_point.version,
            "settings": _settings(offer.factory.settings),
        }
        for offer in registry.available()
    ]
    broken = [
        {
            "plugin": found.plugin,
            "distribution": found.distribution,
            "problems": [str(problem) for problem in found.problems()],
        }
        for found in registry.broken()
    ]
    commands = [command.name for command in app.commands()]
    if as_json:
        write_json({"offers": offers, "commands": commands, "broken": broken})
        return
    write_lines(_offer_lines(offers))
    write_lines(f"command      {name}" for name in commands)
    for found in broken:
        write_lines(f"BROKEN  {found['plugin']}: {problem}" for problem in found["problems"])


def _settings(kind: type[Any]) -> list[dict[str, Any]] | None:
    """The settings that an offer has; `None` where a strategy declares its parameters itself."""
    import attrs

    from alchemiser_core.config import StrategyParameters

    if kind is StrategyParameters:
        return None
    return [
        {
            "name": attribute.name,
            "required": attribute.default is attrs.NOTHING,
            "meaning": attribute.metadata.get("doc", ""),
        }
        for attribute in attrs.fields(kind)
        if attribute.init
    ]


def _offer_lines(offers: list[dict[str, Any]]) -> Iterator[str]:
    for o in offers:
        source = f"[{o['distribution']} {o['version']}]"
        yield f"{o['kind']:<12} {o['name']:<16} {o['summary']}  {source}"
        yield from (f"{'':<29} {line}" for line in _setting_lines(o["name"], o["settings"]))


def _setting_lines(name: str, settings: list[dict[str, Any]] | None) -> Iterator[str]:
    if settings is None:
        yield f"parameters: see alchemiser symphony check {name}"
    elif settings:
        words = (s["name"] + (" (required)" if s["required"] else "") for s in settings)
        yield "settings: " + ", ".join(words)
