"""`alchemiser plugins`: what is installed, what it offers, and what is broken."""

from typing import Any

import typer

from alchemiser_app.cli.options import AsJson
from alchemiser_app.cli.output import write_json, write_lines


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: alchemiser plugins --json")(plugins)


def plugins(as_json: AsJson = False) -> None:
    """List plugins with the strategies, feeds and adapters they offer; broken ones too."""
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


def _offer_lines(offers: list[dict[str, Any]]) -> list[str]:
    return [
        f"{o['kind']:<12} {o['name']:<16} {o['summary']}  [{o['distribution']} {o['version']}]"
        for o in offers
    ]
