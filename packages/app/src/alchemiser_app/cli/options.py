"""Arguments and options that several commands share, with the same words everywhere."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

LARGEST_AMOUNT = Decimal(10) ** 15
"""US dollars, shares or basis points; beyond it sums in floating point lose the cents."""


def day(text: str) -> date:
    """A date of the command line."""
    from alchemiser_app.feeds.days import parse_day

    found = parse_day(text)
    if isinstance(found, str):
        raise typer.BadParameter(f"{text!r} is no date: {found}; write it like 2025-12-31")
    return found


def amount(text: str) -> Decimal:
    """A number of the command line, exactly as it is written."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise typer.BadParameter(f"{text!r} is not a number") from None
    if not found.is_finite() or abs(found) > LARGEST_AMOUNT:
        raise typer.BadParameter(f"{text!r} is not between 0 and {LARGEST_AMOUNT:,}")
    return found


Target = Annotated[
    str,
    typer.Argument(
        metavar="TARGET",
        help="A strategy (klm), a symphony file, or 'portfolio': the blend in alchemiser.toml.",
        show_default=False,
    ),
]
Data = Annotated[
    str | None,
    typer.Option(
        "--data",
        metavar="FOLDER|FEED",
        help="A bar store, a folder with a CSV or Parquet file for each symbol, or a data feed "
        "such as `sample`, the synthetic market. [default: the feed in alchemiser.toml]",
        show_default=False,
    ),
]
SomeSymbols = Annotated[
    list[str] | None,
    typer.Argument(metavar="[SYMBOL]...", help="Only these. [default: everything there is]"),
]
Config = Annotated[
    str | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="Configuration file. [default: the one that ALCHEMISER_CONFIG names, else "
        "alchemiser.toml in the working folder]",
        show_default=False,
    ),
]
Parameters = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Set a parameter of the strategy; may be given several times.",
        show_default=False,
    ),
]
Substitutes = Annotated[
    list[str] | None,
    typer.Option(
        "--substitute",
        metavar="OLD=NEW",
        help="Trade NEW wherever the rules say OLD (for dead tickers); named in every result.",
        show_default=False,
    ),
]
StrictSymbols = Annotated[
    bool,
    typer.Option("--strict-symbols", help="Refuse when a symbol has no data at all."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
OptionalTarget = Annotated[
    str,
    typer.Argument(
        metavar="[TARGET]",
        help="A strategy (klm), a symphony file, or 'portfolio': the blend in alchemiser.toml.",
    ),
]
Journal = Annotated[
    str | None,
    typer.Option(
        "--journal",
        metavar="FILE|URL",
        help="The account's journal. [default: journal.location, else alchemiser-journal.db]",
        show_default=False,
    ),
]
Live = Annotated[
    bool,
    typer.Option(
        "--live",
        help='Trade real money; needs mode = "live" and broker.account in the file as well.',
    ),
]
Session = Annotated[
    date | None,
    typer.Option(
        "--session",
        metavar="DATE",
        parser=day,
        help="For the paper account on bars: the session to trade. [default: the newest]",
        show_default=False,
    ),
]
