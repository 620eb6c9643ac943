"""A synchronisation from the command line: which store, which symbols, and what is said of it."""

import time
from pathlib import Path

from returns.result import Failure

from alchemiser_app import freshness
from alchemiser_app.bar_store.factory import StoreSettings
from alchemiser_app.bar_store.refusals import StoreLocked
from alchemiser_app.bar_store.store import BarStore
from alchemiser_app.bar_store.syncing.outcome import SyncOutcome
from alchemiser_app.bar_store.syncing.refusals import OtherSource
from alchemiser_app.bar_store.syncing.source import Source
from alchemiser_app.bar_store.syncing.synchronise import Wanted
from alchemiser_app.bar_store.syncing.updating import Update, all_of, bring_up_to_date, only
from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.going_on import going_on
from alchemiser_app.cli.opening import Asked, application
from alchemiser_app.cli.output import (
    fail,
    note,
    problems_json,
    value_of,
    write_json,
    write_lines,
    write_problems,
)
from alchemiser_app.cli.stores import store_of
from alchemiser_app.cli.symbol_arguments import parsed_symbols
from alchemiser_app.cli.sync_progress import sync_progress
from alchemiser_app.container import Application
from alchemiser_app.feed_building import SETTINGS, STORE
from alchemiser_app.home_folder import at_home
from alchemiser_app.reports.bar_sync import sync_json, sync_lines
from alchemiser_app.settings_file import LoadedConfiguration
from alchemiser_app.timekeeping.system_clock import SystemClock
from alchemiser_app.trading.closing import closing
from alchemiser_core.domain.problem import Explainable, Problem
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.trading_calendar import BeyondCalendar


def run_sync(asked: Asked, texts: list[str] | None, folder: str | None, *, full: bool) -> ExitCode:
    """Synchronise, and say what came of it; ends the command where it cannot begin."""
    named = parsed_symbols(texts or [], as_json=asked.as_json)
    app = application(asked)
    loaded = value_of(app.configuration(), ExitCode.USAGE, as_json=asked.as_json)
    calendar = value_of(app.calendar(), ExitCode.USAGE, as_json=asked.as_json)
    feed = value_of(app.source_feed(), ExitCode.USAGE, as_json=asked.as_json)
    started = time.perf_counter()
    with going_on(), closing(feed), sync_progress() as progress:
        store = _store(folder, loaded, asked)
        outcome = bring_up_to_date(
            Update(
                store=store,
                source=Source(feed),
                wanted=_wanted(named, app, loaded, store, asked),
                calendar=calendar,
                now=freshness.now(),
                clock=SystemClock(),
                is_full=full,
                progress=progress,
                tell=note,
            )
        )
    if isinstance(outcome, Failure):
        why = outcome.failure()
        fail(why.problems(), _code_of(why), as_json=asked.as_json)
    return _said(outcome.unwrap(), named, time.perf_counter() - started, as_json=asked.as_json)


def _said(
    outcome: SyncOutcome, named: tuple[Symbol, ...], seconds: float, *, as_json: bool
) -> ExitCode:
    """What came of it; a symbol that was asked for by name, and is unknown, is a failure."""
    unknown = tuple(_unknown(s, outcome.source) for s in outcome.without_data if s in named)
    found = (*outcome.problems, *outcome.kept, *unknown)
    code = ExitCode.DONE if outcome.is_complete and not unknown else ExitCode.DATA
    write_problems(found)
    if as_json:
        write_json({**sync_json(outcome, seconds), **problems_json(found, code)})
    else:
        write_lines(sync_lines(outcome, seconds))
    return code


def _code_of(why: Explainable) -> ExitCode:
    """What a refusal before the first request means to the caller."""
    if isinstance(why, StoreLocked | OtherSource):
        return ExitCode.REFUSED
    return ExitCode.USAGE if isinstance(why, BeyondCalendar) else ExitCode.DATA


def _store(folder: str | None, loaded: LoadedConfiguration, asked: Asked) -> BarStore:
    """The store that is named, else the configured one; made where there is none."""
    path = Path(at_home(folder)) if folder is not None else _configured(loaded, asked)
    return store_of(path, make=True, as_json=asked.as_json)


def _configured(loaded: LoadedConfiguration, asked: Asked) -> Path:
    if loaded.configuration.settings.data.feed != STORE:
        fail((_no_store(),), ExitCode.USAGE, as_json=asked.as_json)
    section = loaded.configuration.section(SETTINGS["feed"], StoreSettings)
    settings = value_of(section, ExitCode.USAGE, as_json=asked.as_json)
    return Path(loaded.folder) / at_home(settings.folder)


def _unknown(symbol: Symbol, source: str) -> Problem:
    what = f"{source} has no bars of {symbol}"
    return Problem("missing-symbol", what, symbol, "", "check how the symbol is spelt there")


def _no_store() -> Problem:
    return Problem(
        code="no-store-named",
        what="nothing says which bar store is to be filled",
        where="--store",
        hint='give --store a folder, or set data.feed to "store" and its settings.folder',
    )


def _wanted(
    named: tuple[Symbol, ...],
    app: Application,
    loaded: LoadedConfiguration,
    store: BarStore,
    asked: Asked,
) -> Wanted:
    """The symbols that were named, else those of the store and of the portfolio."""
    if named:
        return only(named)
    settings = loaded.configuration.settings
    if not settings.portfolio.strategies:
        return all_of(store, ())
    strategies = value_of(app.strategies(), ExitCode.USAGE, as_json=asked.as_json)
    needed = {s for entry in strategies for s in entry.strategy.requirements.symbols}
    substitutions = settings.data.substitutions
    return all_of(store, sorted({substitutions.get(symbol, symbol) for symbol in needed}))
