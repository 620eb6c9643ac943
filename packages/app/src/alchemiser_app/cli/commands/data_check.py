"""`alchemiser data check`: whether the bars are fit to be decided by."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.options import AsJson, Config, Data, SomeSymbols
from alchemiser_app.cli.output import (
    problems_json,
    value_of,
    working,
    write_json,
    write_lines,
)

if TYPE_CHECKING:
    from alchemiser_app.bar_checking.whole_check import WholeCheck
    from alchemiser_app.container import Application
    from alchemiser_core.config.settings import Settings
    from alchemiser_core.ports.trading_calendar import TradingCalendar


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: alchemiser data check SPY TQQQ --data sample")(check)


def check(
    symbols: SomeSymbols = None,
    data: Data = None,
    every: Annotated[
        bool, typer.Option("--all", help="Name every finding, not only the first of each check.")
    ] = False,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Check all bars as before a decision, and tell what was odd earlier.

    Exit code 3 where a decision would be refused. The policies are those of [data.checks].
    """
    from alchemiser_app.cli.opening import Asked, application, source_of
    from alchemiser_app.reports.data_check import EACH, check_json, check_lines

    app = application(Asked(data=data, config=config, as_json=as_json))
    loaded = value_of(app.configuration(), ExitCode.USAGE, as_json=as_json)
    settings = loaded.configuration.settings
    found = _found(app, settings, symbols or [], as_json=as_json)
    refusing = found.refusing()
    code = ExitCode.DATA if refusing else ExitCode.DONE
    if as_json:
        answer = check_json(found, settings.data.checks)
        write_json({**answer, **(problems_json(refusing, code) if refusing else {})})
    else:
        each = len(found.findings) + len(found.earlier) if every else EACH
        source = source_of(found.history)
        write_lines(check_lines(found, settings.data.checks, source, each))
    if code:
        raise typer.Exit(int(code))


def _found(
    app: "Application", settings: "Settings", texts: list[str], *, as_json: bool
) -> "WholeCheck":
    from alchemiser_app.bar_checking.checker import BarChecker
    from alchemiser_app.bar_checking.whole_check import check_all, symbols_of
    from alchemiser_app.cli.symbol_arguments import parsed_symbols
    from alchemiser_app.trading.closing import closing

    asked = parsed_symbols(texts, as_json=as_json)
    feed = value_of(app.feed(), ExitCode.USAGE, as_json=as_json)
    second = value_of(app.second_feed(), ExitCode.USAGE, as_json=as_json)
    with closing(feed, second), working("checking"):
        symbols = asked or value_of(symbols_of(feed), ExitCode.DATA, as_json=as_json)
        # Made-up prices have sessions of their own, and need not reach today's.
        calendar = None
        if not feed.synthetic:
            calendar = value_of(app.calendar(), ExitCode.USAGE, as_json=as_json)
        over = _completed(calendar, settings, as_json=as_json)
        checker = BarChecker(feed, second, settings.data.checks, calendar)
        checked = check_all(checker, symbols, settings.data.carry_sessions, over)
        return value_of(checked, ExitCode.DATA, as_json=as_json)


def _completed(
    calendar: "TradingCalendar | None", settings: "Settings", *, as_json: bool
) -> date | None:
    """The last session that is over; `None` where bars are made up, or of a day that is not."""
    from alchemiser_app import freshness
    from alchemiser_core.config.settings import DecideOn
    from alchemiser_core.services.completed_sessions import last_completed_session

    if calendar is None or settings.trading_decide_on is DecideOn.PROVISIONAL:
        return None
    last = last_completed_session(calendar, freshness.now())
    return value_of(last, ExitCode.DATA, as_json=as_json).day
