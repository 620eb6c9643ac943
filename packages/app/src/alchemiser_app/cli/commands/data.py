"""`alchemiser data`: what a feed holds."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from alchemiser_app.cli.commands import data_check, data_export, data_gaps, data_import, data_sync
from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.options import AsJson, Config, Data, SomeSymbols
from alchemiser_app.cli.output import fail, note, value_of, working, write_json, write_lines
from alchemiser_app.counting import counted

if TYPE_CHECKING:
    from alchemiser_app.feeds.inspection import DataReport, SymbolReport

app = typer.Typer(
    name="data", help="Look at the bars.", no_args_is_help=True, rich_markup_mode=None
)


data_check.register(app)
data_gaps.register(app)
data_sync.register(app)
data_import.register(app)
data_export.register(app)


@app.command(epilog="Example: alchemiser data info SPY TQQQ --data sample")
def info(
    symbols: SomeSymbols = None,
    data: Data = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse warnings, bad prices and missing symbols.")
    ] = False,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Report range, gaps, bad prices and warnings, symbol by symbol."""
    report = _inspected(symbols or [], data, config, as_json)
    problems = report.strict_problems() if strict else report.problems
    if problems:
        fail(problems, ExitCode.DATA, as_json=as_json)
    if as_json:
        write_json(_json(report))
        return
    mark = "SYNTHETIC prices, " if report.synthetic else ""
    first, last = report.sessions[0], report.sessions[-1]
    write_lines(
        (
            f"{mark}{report.source}: {counted(len(report.symbols), 'symbol')}, "
            f"{counted(len(report.sessions), 'session')} from {first} to {last}",
            *(_line(symbol) for symbol in report.symbols),
            *(f"{symbol}: no bars" for symbol in report.missing),
            *(f"{each}, too; the setting `basis` of the feed chooses" for each in report.beside),
        )
    )
    for symbol in report.symbols:
        for warning in symbol.warnings:
            note(f"warning: {warning}")


def _inspected(
    symbols: list[str], data: str | None, config: str | None, as_json: bool
) -> "DataReport":
    from alchemiser_app.cli.opening import Asked, feed_of
    from alchemiser_app.cli.symbol_arguments import parsed_symbols
    from alchemiser_app.feeds.inspection import Inspectable
    from alchemiser_core.domain.problem import Problem

    asked = parsed_symbols(symbols, as_json=as_json) or None
    feed = feed_of(Asked(data=data, config=config, as_json=as_json))
    if not isinstance(feed, Inspectable):
        problem = Problem("not-inspectable", f"the feed {feed.name} cannot be inspected", "--data")
        fail((problem,), ExitCode.USAGE, as_json=as_json)
    with working("reading"):
        return value_of(feed.inspect(asked), ExitCode.DATA, as_json=as_json)


def _line(symbol: "SymbolReport") -> str:
    notes = []
    if symbol.gaps:
        notes.append(
            f"{counted(len(symbol.gaps), 'gap')}, longest {max(g.sessions for g in symbol.gaps)}"
        )
    if symbol.bad_prices:
        notes.append(counted(len(symbol.bad_prices), "bad price"))
    if symbol.earlier_rows:
        notes.append(f"{counted(symbol.earlier_rows, 'row')} before the first session dropped")
    notes += [symbol.basis.value]
    span = f"{symbol.first} to {symbol.last}" if symbol.first else "no prices"
    return f"  {symbol.symbol:<8}{span:<26}{symbol.rows:>7,}  {', '.join(notes)}"


def _json(report: "DataReport") -> dict[str, Any]:
    return {
        "source": report.source,
        "synthetic": report.synthetic,
        "sessions": len(report.sessions),
        "start": str(report.sessions[0]),
        "end": str(report.sessions[-1]),
        "symbols": [_symbol_json(symbol) for symbol in report.symbols],
        "missing_symbols": list(report.missing),
        "beside": list(report.beside),
    }


def _symbol_json(symbol: "SymbolReport") -> dict[str, Any]:
    return {
        "symbol": symbol.symbol,
        "file": symbol.file,
        "first": symbol.first.isoformat() if symbol.first else None,
        "last": symbol.last.isoformat() if symbol.last else None,
        "rows": symbol.rows,
        "earlier_rows": symbol.earlier_rows,
        "basis": symbol.basis.value,
        "gaps": [
            {"first": g.first.isoformat(), "last": g.last.isoformat(), "sessions": g.sessions}
            for g in symbol.gaps
        ],
        "bad_prices": [
            {"session": b.session.isoformat(), "value": repr(b.value)} for b in symbol.bad_prices
        ],
        "warnings": [str(warning) for warning in symbol.warnings],
    }
