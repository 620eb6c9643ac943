"""`alchemiser backtest`: what following the decisions would have been worth."""

import time
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.options import (
    AsJson,
    Config,
    Data,
    Parameters,
    StrictSymbols,
    Substitutes,
    Target,
    amount,
    day,
)
from alchemiser_app.cli.output import fail, note, value_of, working, write_json, write_lines

if TYPE_CHECKING:
    from alchemiser_app.cli.opening import Asked, Opened
    from alchemiser_core.config import Configuration
    from alchemiser_core.domain.problem import Problem
    from alchemiser_core.domain.symbol import Symbol
    from alchemiser_core.services.backtest import (
        BacktestError,
        BacktestSettings,
        StrategyDecisions,
    )


class Fill(StrEnum):
    """At which price a decision is traded."""

    CLOSE = "close"
    NEXT_OPEN = "next-open"
    NEXT_CLOSE = "next-close"


class MissingOpenPrice(StrEnum):
    """What a missing open means."""

    ERROR = "error"
    CLOSE = "close"


def _day(help_text: str, name: str) -> Any:
    return typer.Option(name, parser=day, metavar="DATE", help=help_text, show_default=False)


def _file(help_text: str, name: str) -> Any:
    return typer.Option(name, metavar="FILE", help=help_text, show_default=False)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: alchemiser backtest klm --data sample --benchmark SPY")(backtest)


def backtest(
    target: Target,
    data: Data = None,
    start: Annotated[date | None, _day("First session.", "--start")] = None,
    end: Annotated[date | None, _day("Last session.", "--end")] = None,
    cash: Annotated[
        Decimal, typer.Option(parser=amount, metavar="USD", help="Cash before the first trade.")
    ] = Decimal(100_000),
    cost_bps: Annotated[
        Decimal | None,
        typer.Option(parser=amount, metavar="BPS", help="Cost of traded value. [default: 1]"),
    ] = None,
    slippage_bps: Annotated[
        Decimal | None,
        typer.Option(parser=amount, metavar="BPS", help="Slippage, likewise. [default: 0]"),
    ] = None,
    fill: Annotated[
        Fill | None,
        typer.Option(
            metavar="close|next-open|next-close",
            help="When a decision is traded. [default: close, or as decide_on says]",
        ),
    ] = None,
    missing_open: Annotated[
        MissingOpenPrice,
        typer.Option(metavar="error|close", help="With next-open: what a missing open means."),
    ] = MissingOpenPrice.ERROR,
    whole_shares: Annotated[
        bool | None,
        typer.Option(
            "--whole-shares/--fractional-shares",
            help="Trade whole shares only, or fractions. [default: as configured]",
            show_default=False,
        ),
    ] = None,
    parameters: Parameters = None,
    benchmark: Annotated[
        str | None, typer.Option(metavar="SYMBOL", help="A symbol held, to compare with.")
    ] = None,
    weights: Annotated[str | None, _file("Write the decided weights (CSV).", "--weights")] = None,
    positions: Annotated[str | None, _file("Write the held weights (CSV).", "--positions")] = None,
    equity: Annotated[str | None, _file("Write the equity curve (CSV).", "--equity")] = None,
    trades: Annotated[str | None, _file("Write the fills (CSV).", "--trades")] = None,
    substitutes: Substitutes = None,
    strict_symbols: StrictSymbols = False,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Back-test a strategy, a symphony file or the configured portfolio.

    Weights decided at a close are traded at that close unless --fill says otherwise; targets
    apply to equity after costs. The conventions are in docs/reference/conventions.md.
    """
    from alchemiser_app.cli.opening import Asked, open_target

    if start and end and start > end:
        raise typer.BadParameter(f"--start {start} is after --end {end}")
    files = _files(weights=weights, positions=positions, equity=equity, trades=trades)
    asked = Asked(target, data, config, parameters, substitutes, strict_symbols, as_json)
    symbol = _benchmark(benchmark, as_json)
    opened = open_target(
        asked,
        also=(symbol,) if symbol else (),
        end=end,
        needs_opens=lambda configuration: _fills_at_opens(fill, configuration),
    )
    given: dict[str, Any] = {
        "start": start,
        "end": end,
        "cash": cash,
        "cost_bps": cost_bps,
        "slippage_bps": slippage_bps,
        "fill": fill,
        "missing_open": missing_open,
        "whole_shares": whole_shares,
        "benchmark": symbol,
    }
    settings = _settings(opened, given, as_json)
    _run(asked, opened, settings, files)


def _files(**names: str | None) -> dict[str, str]:
    """The files asked for, by what goes into them."""
    from pathlib import Path

    files = {kind: name for kind, name in names.items() if name}
    if len({Path(name).absolute() for name in files.values()}) < len(files):
        options = ", ".join(f"--{kind}" for kind in files)
        raise typer.BadParameter(f"{options}: each needs a file of its own")
    return files


def _fills_at_opens(fill: Fill | None, configuration: "Configuration") -> bool:
    from alchemiser_app.backtest_defaults import fill_timing
    from alchemiser_core.services.backtest import FillTiming

    return (fill.value if fill else fill_timing(configuration)) == FillTiming.NEXT_OPEN


def _benchmark(text: str | None, as_json: bool) -> "Symbol | None":

    from alchemiser_core.domain.symbol import parse_symbol

    if text is None:
        return None
    return value_of(parse_symbol(text), ExitCode.USAGE, as_json=as_json)


def _settings(opened: "Opened", given: dict[str, Any], as_json: bool) -> "BacktestSettings":
    from attrs import evolve

    from alchemiser_app.backtest_defaults import backtest_settings
    from alchemiser_core.domain.problem import Problem
    from alchemiser_core.services.backtest import FillTiming, MissingOpen

    changes = {name: value for name, value in given.items() if value is not None}
    if "fill" in changes:
        changes["fill"] = FillTiming(changes["fill"].value)
    changes["missing_open"] = MissingOpen(changes["missing_open"].value)
    try:
        return evolve(backtest_settings(opened.configuration), **changes)
    except ValueError as error:
        problem = Problem("bad-option", str(error), hint="see alchemiser backtest --help")
        fail((problem,), ExitCode.USAGE, as_json=as_json)


def _run(
    asked: "Asked", opened: "Opened", settings: "BacktestSettings", files: dict[str, str]
) -> None:
    from returns.result import Failure

    from alchemiser_app.reports.backtest import BacktestReport, backtest_json, backtest_lines
    from alchemiser_core.services.backtest import backtest as simulate

    began = time.perf_counter()
    with working("deciding every session"):
        strategies = _decided(asked, opened)
    decided = time.perf_counter()
    with working("simulating"):
        result = simulate(opened.history, strategies, settings)
    if isinstance(result, Failure):
        fail(_with_causes(result.failure(), opened), ExitCode.DATA, as_json=asked.as_json)
    report = BacktestReport(
        target=asked.target or "",
        result=result.unwrap(),
        strategies=opened.strategies,
        history=opened.history,
        source=opened.source,
        substitutions=opened.substitutions,
        seconds={
            "load": opened.seconds,
            "decide": decided - began,
            "simulate": time.perf_counter() - decided,
        },
    )
    _write_files(report, strategies, files, asked.as_json)
    if asked.as_json:
        write_json(backtest_json(report))
    else:
        write_lines(backtest_lines(report))


def _with_causes(error: "BacktestError", opened: "Opened") -> "tuple[Problem, ...]":
    """The problems of an error; where nothing is decidable, also why the last session is not."""
    from returns.result import Failure

    from alchemiser_app.targets import decide_target
    from alchemiser_core.services.backtest import NothingDecidable

    if not isinstance(error, NothingDecidable):
        return error.problems()
    last = decide_target(opened.strategies, opened.history, error.end)
    causes = last.failure().problems() if isinstance(last, Failure) else ()
    return (*error.problems(), *causes)


def _decided(asked: "Asked", opened: "Opened") -> "tuple[StrategyDecisions, ...]":
    from returns.result import Failure

    from alchemiser_app.targets import CannotDecide
    from alchemiser_core.services.backtest import StrategyDecisions
    from alchemiser_core.services.collect_targets import decide_all

    results = [(e, decide_all(e.strategy, opened.history)) for e in opened.strategies]
    errors = [(e.strategy.name, r.failure()) for e, r in results if isinstance(r, Failure)]
    if errors:
        fail(CannotDecide(tuple(errors)).problems(), ExitCode.DATA, as_json=asked.as_json)
    return tuple(
        StrategyDecisions(e.strategy.name, r.unwrap(), e.strategy.policy, e.share)
        for e, r in results
    )


def _write_files(
    report: Any,
    strategies: "tuple[StrategyDecisions, ...]",
    files: dict[str, str],
    as_json: bool,
) -> None:
    from pathlib import Path

    from returns.result import Failure

    from alchemiser_app.reports import tables
    from alchemiser_app.writing import write_texts

    result = report.result
    makers = {
        "weights": lambda: tables.weights_csv(
            strategies, result.settings.start, result.settings.end
        ),
        "positions": lambda: tables.positions_csv(result.positions),
        "equity": lambda: tables.equity_csv(result.curve),
        "trades": lambda: tables.trades_csv(result.fills),
    }
    written = write_texts({Path(name): makers[kind]() for kind, name in files.items()})
    if isinstance(written, Failure):
        problems = [p for refused in written.failure() for p in refused.problems()]
        fail(problems, ExitCode.USAGE, as_json=as_json)
    mark = " (SYNTHETIC prices)" if result.synthetic else ""
    for path in written.unwrap():
        note(f"wrote {path}{mark}")
