"""`alchemiser data gaps`: which sessions of the exchange calendar bars lack."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.options import AsJson, Config, Data, SomeSymbols
from alchemiser_app.cli.output import note, value_of, working, write_json, write_lines

if TYPE_CHECKING:
    from alchemiser_core.domain.bars import BarHistory
    from alchemiser_core.ports.market_data import MarketData
    from alchemiser_core.ports.trading_calendar import TradingCalendar


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: alchemiser data gaps SPY TQQQ --data sample")(gaps)


def gaps(
    symbols: SomeSymbols = None,
    data: Data = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit code 3 where any symbol is not complete.")
    ] = False,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Hold the bars of each symbol against the exchange calendar.

    Names sessions that are missing, days that are no session, and how many sessions the last bar is
    behind the last one that is over.
    """
    from alchemiser_app.cli.opening import Asked, application
    from alchemiser_app.feeds.calendar_gaps import calendar_gaps
    from alchemiser_app.reports.data_gaps import gap_json, gap_lines

    app = application(Asked(data=data, config=config, as_json=as_json))
    calendar = value_of(app.calendar(), ExitCode.USAGE, as_json=as_json)
    feed = value_of(app.feed(), ExitCode.USAGE, as_json=as_json)
    history = _history(feed, symbols or [], as_json=as_json)
    days = _sessions(history, calendar, as_json=as_json)
    found = calendar_gaps(history, days)
    if as_json:
        write_json(gap_json(found, calendar.name, days[-1]))
    else:
        write_lines(gap_lines(found, calendar.name, days[-1]))
    if strict and not all(each.is_clean for each in found):
        raise typer.Exit(int(ExitCode.DATA))


def _history(feed: "MarketData", texts: list[str], *, as_json: bool) -> "BarHistory":
    from alchemiser_app.bar_checking.whole_check import symbols_of
    from alchemiser_app.cli.symbol_arguments import parsed_symbols
    from alchemiser_app.trading.closing import closing
    from alchemiser_core.plugins.contained_bars import contained_bars
    from alchemiser_core.ports.market_data import BarRequest

    asked = parsed_symbols(texts, as_json=as_json)
    with closing(feed), working("reading"):
        symbols = asked or value_of(symbols_of(feed), ExitCode.DATA, as_json=as_json)
        bars = contained_bars(feed, BarRequest(symbols))
        return value_of(bars, ExitCode.DATA, as_json=as_json)


def _sessions(
    history: "BarHistory", calendar: "TradingCalendar", *, as_json: bool
) -> Sequence[date]:
    """The sessions that are over since the first of the history, or the first that is known."""
    from returns.result import Failure

    from alchemiser_app import freshness
    from alchemiser_core.services.completed_sessions import (
        completed_sessions,
        last_completed_session,
    )

    now = freshness.now()
    over = last_completed_session(calendar, now)
    last = value_of(over, ExitCode.DATA, as_json=as_json).day
    first = min(history.session(0), last) if len(history) else last
    known = completed_sessions(calendar, first, now)
    if isinstance(known, Failure) and known.failure().first > first:
        begin = known.failure().first
        note(f"warning: {calendar.name} is known from {begin} on; what is before is not looked at")
        known = completed_sessions(calendar, begin, now)
    return [session.day for session in value_of(known, ExitCode.DATA, as_json=as_json)]
