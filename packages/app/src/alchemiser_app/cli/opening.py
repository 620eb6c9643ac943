"""What most commands begin with: configuration, feed, strategies and bars, or why not."""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from attrs import evolve, field, frozen
from returns.result import Result

from alchemiser_app import freshness
from alchemiser_app.cli.checked_bars import checked_bars, looked_back_at
from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.output import Value, fail, note, value_of, working
from alchemiser_app.composition import Invocation, TargetStrategy
from alchemiser_app.container import Application, assemble
from alchemiser_core.config import Configuration, Flag
from alchemiser_core.config.layers import PREFIX
from alchemiser_core.domain.bars import BarHistory, PriceBasis
from alchemiser_core.domain.problem import Explainable, Problem
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.plugins.contained_bars import contained_bars
from alchemiser_core.ports.market_data import BarRequest, MarketData
from alchemiser_core.services.substitute import Substituted

_BASES = {
    PriceBasis.ADJUSTED: "adjusted prices",
    PriceBasis.RAW: "raw prices",
    PriceBasis.AS_GIVEN: "prices as given",
}

_NOTED = 10
"""Warnings written out in words; the rest are counted."""


def _given(values: Iterable[str] | None) -> tuple[str, ...]:
    """An option that may stand several times; typer gives `None` where it does not stand."""
    return tuple(values or ())


@frozen
class Asked:
    """What the options that all commands share say."""

    target: str | None = None
    data: str | None = None
    config: str | None = None
    parameters: tuple[str, ...] = field(default=(), converter=_given)
    substitutes: tuple[str, ...] = field(default=(), converter=_given)
    strict_symbols: bool = False
    as_json: bool = False
    journal: str | None = None
    source: str | None = None


@frozen(eq=False)
class Opened:
    """A target with its strategies and the bars they need."""

    configuration: Configuration
    strategies: tuple[TargetStrategy, ...]
    history: BarHistory
    known: BarHistory
    """The same with the symbols that a check has dropped, for prices of what is held."""
    substitutions: Mapping[str, str]
    """Old symbol -> the symbol traded in its place."""
    source: str
    """Where the prices come from, in words; says so where they are synthetic."""
    seconds: float
    """Time that loading the bars took."""


def application(asked: Asked) -> Application:
    """The application for a command; ends it where an option cannot be read."""
    return assemble(invocation_of(asked))


def invocation_of(asked: Asked) -> Invocation:
    """What the options of a command ask for; ends it where one cannot be read."""
    wrong = [_no_substitute(text) for text in asked.substitutes if not all(text.partition("="))]
    wrong += _contradictions(asked.substitutes)
    if wrong:
        fail(wrong, ExitCode.USAGE, as_json=asked.as_json)
    flags = (
        Flag("--substitute", ("data", "substitutions", old.strip()), new.strip())
        for old, _, new in (text.partition("=") for text in asked.substitutes)
    )
    return Invocation(
        environment=_settings_among(os.environ),
        config=asked.config,
        data=asked.data,
        journal=asked.journal,
        target=asked.target,
        parameters=asked.parameters,
        source=asked.source,
        flags=tuple(flags),
        tell=note,
    )


def _settings_among(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables that are settings; the rest, which may hold keys, is not carried around."""
    return {name: text for name, text in variables.items() if name.startswith(PREFIX)}


def open_target(
    asked: Asked,
    *,
    also: tuple[Symbol, ...] = (),
    end: date | None = None,
    needs_opens: Callable[[Configuration], bool] | None = None,
) -> Opened:
    """Load everything a target needs; `also` are further symbols to load, `needs_opens` says of
    the configuration whether closes do not suffice. Ends the command where something stands in
    the way: exit code 2 for configuration, 3 for data.

    A command without `needs_opens` decides: its bars are checked as those of a cycle are, and it is
    told where they are old. Where it decides as of an earlier day it is only told what is odd.
    """
    app = application(asked)
    loaded = _configured(app.configuration(), asked)
    settings = loaded.configuration.settings
    strategies, substitutions = _substituted(
        _strategies(app, asked), settings.data.substitutions, asked
    )
    symbols = {s for entry in strategies for s in entry.strategy.requirements.symbols}
    feed = _configured(app.feed(), asked)
    closes_only = needs_opens is None or not needs_opens(loaded.configuration)
    request = BarRequest(sorted({*symbols, *also}), end=end, closes_only=closes_only)
    started = time.perf_counter()
    with working(f"loading {len(request.symbols)} symbols"):
        bars = value_of(contained_bars(feed, request), ExitCode.DATA, as_json=asked.as_json)
    history = evolve(bars, carry=settings.data.carry_sessions)
    seconds = time.perf_counter() - started
    _warn(history, asked, end)
    known = history
    if needs_opens is None:
        check = checked_bars if end is None else looked_back_at
        checked = check(app, feed, history, settings, as_json=asked.as_json)
        history, known = checked.history, checked.known
        if end is None:
            _note_age(history)
    source = source_of(history)
    return Opened(loaded.configuration, strategies, history, known, substitutions, source, seconds)


def source_of(history: BarHistory) -> str:
    """`files in ./bars (adjusted prices)`; prices that are made up are called so."""
    if history.synthetic:
        return f"{history.source} (SYNTHETIC prices)"
    return f"{history.source} ({_BASES[history.basis]})"


def note_other_session(asked: date | None, decided: date) -> None:
    """Say so where the session that decides is not the date that was asked for."""
    if asked is not None and asked != decided:
        note(f"warning: {asked} is no session of the data; the last one before it is {decided}")


def feed_of(asked: Asked) -> MarketData:
    """The feed alone; ends the command where there is none."""
    feed: MarketData = _configured(application(asked).feed(), asked)
    return feed


def _strategies(app: Application, asked: Asked) -> tuple[TargetStrategy, ...]:
    strategies: tuple[TargetStrategy, ...] = _configured(app.strategies(), asked)
    for entry in strategies:
        for warning in entry.warnings:
            note(f"warning: {warning}")
    return strategies


def _substituted(
    entries: tuple[TargetStrategy, ...], substitutions: Mapping[Symbol, Symbol], asked: Asked
) -> tuple[tuple[TargetStrategy, ...], Mapping[str, str]]:
    """The strategies with symbols replaced, and those replacements that some rule asks for.

    Says so where the command line replaces nothing.
    """
    named = {symbol for entry in entries for symbol in entry.strategy.requirements.symbols}
    idle = sorted(substitutions.keys() - named)
    if asked.substitutes and idle:
        note(f"warning: no rule names {', '.join(idle)}, so there is nothing to replace")
    used = {old: new for old, new in substitutions.items() if old in named}
    if used:
        entries = tuple(evolve(e, strategy=Substituted(e.strategy, used)) for e in entries)
    return entries, {str(old): str(new) for old, new in used.items()}


def _configured(result: Result[Value, Explainable], asked: Asked) -> Value:
    return value_of(result, ExitCode.USAGE, as_json=asked.as_json)


def _warn(history: BarHistory, asked: Asked, end: date | None) -> None:
    missing = history.missing_symbols
    none = "no data at all" if end is None else f"no data up to {end}"
    if missing and asked.strict_symbols:
        fail((_no_data(symbol, none) for symbol in missing), ExitCode.DATA, as_json=asked.as_json)
    if missing:
        note(f"warning: {none} for {', '.join(missing)}")
    for warning in history.warnings[:_NOTED]:
        note(f"warning: {warning}")
    if len(history.warnings) > _NOTED:
        note(f"warning: and {len(history.warnings) - _NOTED} more (see alchemiser data info)")
    if history.bad_prices:
        first = history.bad_prices[0]
        note(
            f"warning: {len(history.bad_prices)} prices that are zero, negative or impossible "
            f"count as missing, the first is {first.symbol} on {first.session}"
        )


def _note_age(history: BarHistory) -> None:
    old = freshness.out_of_date(history, freshness.today())
    if old:
        note(f"warning: {old}")


def _no_data(symbol: Symbol, none: str) -> Problem:
    return Problem(
        code="missing-symbol",
        what=f"{symbol} has {none}",
        where=symbol,
        why="--strict-symbols refuses to go on without it",
        hint=f"add its bars, or replace it: --substitute {symbol}=OTHER",
    )


def _no_substitute(text: str) -> Problem:
    return Problem(
        code="bad-substitute",
        what=f"{text[:60]!r} is no substitution",
        where="--substitute",
        why="the form is OLD=NEW",
        hint="write it like --substitute FNGU=TECL",
    )


def _contradictions(texts: tuple[str, ...]) -> list[Problem]:
    """A problem for each OLD that is given more than one NEW."""
    asked: dict[str, set[str]] = {}
    for old, _, new in (text.upper().partition("=") for text in texts):
        asked.setdefault(old.strip(), set()).add(new.strip())
    return [
        Problem(
            code="bad-substitute",
            what=f"{old} is to be replaced by {' and by '.join(sorted(new))}",
            where="--substitute",
            why="a symbol has one substitute",
            hint="leave out all but one",
        )
        for old, new in asked.items()
        if len(new) > 1
    ]
