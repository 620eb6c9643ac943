"""`alchemiser simulate-broker`: a local server that an account can be traded at, without a key."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any

import typer

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.options import amount, day


def register(app: typer.Typer) -> None:
    """Add the command."""
    example = "alchemiser simulate-broker --data sample --date 2025-06-30"
    app.command(epilog=f"Example: {example}")(simulate_broker)


def _time(text: str) -> time:
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007  (the exchange's time of day)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no time of day; write it like 15:45") from None


def _option(name: str, metavar: str, help_: str, parser: Any = None) -> Any:
    """An option whose default stands in its help: what is not given is the simulator's to say."""
    return typer.Option(name, metavar=metavar, help=help_, parser=parser, show_default=False)


Broker = Annotated[str, typer.Argument(metavar="BROKER", help="Whose protocol the server speaks.")]
Bars = Annotated[
    str,
    typer.Option(
        "--data",
        metavar="FOLDER|FEED",
        help="A bar store, a folder with a CSV or Parquet file for each symbol, or a data feed "
        "such as `sample`.",
    ),
]
Start = Annotated[
    date | None,
    _option(
        "--date", "DATE", "The session at which it begins. [default: the newest of the data]", day
    ),
]
At = Annotated[
    time | None,
    _option(
        "--time",
        "HH:MM",
        "When on that day, exchange time. [default: 15 minutes before the close]",
        _time,
    ),
]
Port = Annotated[int | None, _option("--port", "PORT", "Port on this machine. [default: 8777]")]
Speed = Annotated[
    Decimal | None,
    _option(
        "--speed",
        "TIMES",
        "How fast its clock goes; 60 is a minute a second, 0 stands until it is moved. "
        "[default: 1]",
        amount,
    ),
]
Cash = Annotated[
    Decimal | None,
    _option("--cash", "USD", "Cash of the account at first. [default: 100000]", amount),
]
Ledger = Annotated[
    str | None,
    _option(
        "--ledger", "FILE", "Keep the account in this file, and go on with it. [default: in memory]"
    ),
]
Faults = Annotated[str | None, _option("--faults", "FILE", "A plan of faults, as JSON.")]
Others = Annotated[
    list[str] | None,
    _option(
        "--set",
        "NAME=VALUE",
        "Any other setting of the simulator; may be given several times.",
    ),
]


def simulate_broker(
    broker: Broker = "alpaca",
    data: Bars = "sample",
    start: Start = None,
    at: At = None,
    port: Port = None,
    speed: Speed = None,
    cash: Cash = None,
    ledger: Ledger = None,
    faults: Faults = None,
    settings: Others = None,
) -> None:
    """Serve a simulated account on this machine, for `trade` and every client of that broker.

    It trades at the prices of the data, at a date of its own, until Ctrl-C. Whoever trades there
    sets trading.clock = "broker"; the first lines say what else goes into alchemiser.toml.
    """
    from alchemiser_app.cli.command_logs import command_logs
    from alchemiser_app.cli.opening import Asked, application, feed_of
    from alchemiser_app.cli.output import tell_lines, value_of
    from alchemiser_app.simulating import SimulationRequest, build_simulator

    given = {"port": port, "speed": speed, "cash": cash, "ledger": ledger, "faults": faults}
    texts = {name: str(value) for name, value in given.items() if value is not None}
    asked = Asked(data=data)
    app = application(asked)
    request = SimulationRequest(
        broker=broker, day=start, at=at, settings={**_pairs(settings or []), **texts}
    )
    calendar = value_of(app.calendar(), ExitCode.USAGE)
    built = build_simulator(request, feed_of(asked), calendar, app.registry())
    simulator = value_of(built, ExitCode.USAGE)
    with command_logs(app):
        value_of(simulator.serve(lambda line: tell_lines([line])), ExitCode.REFUSED)


def _pairs(texts: list[str]) -> dict[str, str]:
    pairs = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name.strip() and equals):
            raise typer.BadParameter(f"--set {text!r} sets nothing; the form is NAME=VALUE")
        pairs[name.strip().replace("-", "_")] = value.strip()
    return pairs
