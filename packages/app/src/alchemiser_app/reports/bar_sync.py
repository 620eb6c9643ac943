"""What a synchronisation did, in words and as JSON."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from attrs import asdict

from alchemiser_app.bar_store.syncing.outcome import Renewed, SyncOutcome
from alchemiser_app.counting import counted, having
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.bar_sync import Restatement

_NAMED = 10
"""Symbols that a line names; the JSON answer has them all."""


def sync_lines(outcome: SyncOutcome, seconds: float | None = None) -> list[str]:
    """The report for a person; `seconds`: how long it took."""
    took = "" if seconds is None else f", {seconds:.1f} s"
    return [
        f"{outcome.store}: {having(outcome.current, outcome.symbols, 'symbol')} the session of "
        f"{outcome.through} ({outcome.basis} prices from {outcome.source}; "
        f"{counted(outcome.requests, 'request')}{took})",
        *_changes(outcome),
        *_shortcomings(outcome),
    ]


def _changes(outcome: SyncOutcome) -> Iterator[str]:
    if outcome.extended:
        bars = counted(sum(outcome.extended.values()), "bar")
        yield f"appended: {bars} of {_symbols(outcome.extended)}"
    if outcome.new:
        yield f"new: {_symbols(outcome.new)} ({_named(outcome.new)})"
    yield from _first("fetched anew", [renewed_text(each) for each in outcome.renewed])
    yield from _first("corrected", [f"{each.symbol}: {each}" for each in outcome.corrected])


def renewed_text(renewed: Renewed) -> str:
    """`SPY: split 2:1 after 2026-06-09, older closes times 0.5`."""
    why = renewed.why if renewed.restatement is None else str(renewed.restatement)
    lost = f"; {counted(renewed.lost, 'session')} less than before" if renewed.lost else ""
    return f"{renewed.symbol}: {why}{lost}"


def _shortcomings(outcome: SyncOutcome) -> Iterator[str]:
    if outcome.behind:
        lasts = [f"{symbol} {last}" for symbol, last in sorted(outcome.behind.items())]
        yield f"no bar of {outcome.through}: {_symbols(lasts)} ({_named(lasts)})"
    if outcome.without_data:
        unknown = outcome.without_data
        yield f"unknown to {outcome.source}: {_symbols(unknown)} ({_named(unknown)})"
    if outcome.bad_prices:
        yield f"unusable prices, counted as missing: {outcome.bad_prices:,}"
    yield from _first(f"warning of {outcome.source}", outcome.warnings)
    if outcome.running:
        days = ", ".join(map(str, outcome.running[:_NAMED]))
        yield f"left out, as the session is not over: {days}"
    if outcome.unreached:
        left = outcome.unreached
        yield f"not got to: {_symbols(left)} ({_named(left)}); run it again to go on"


def _first(what: str, texts: Sequence[str]) -> Iterator[str]:
    """A line for each of the first, and one on how many more there are."""
    for text in texts[:_NAMED]:
        yield f"{what}: {text}"
    if len(texts) > _NAMED:
        yield f"{what}: and {len(texts) - _NAMED:,} more"


def _symbols(names: Collection[str]) -> str:
    return counted(len(names), "symbol")


def _named(names: Collection[str]) -> str:
    shown = sorted(names)[:_NAMED]
    return ", ".join(shown) + (", …" if len(names) > _NAMED else "")


def sync_json(outcome: SyncOutcome, seconds: float) -> dict[str, Any]:
    """All of it."""
    return {
        "store": outcome.store,
        "source": outcome.source,
        "basis": str(outcome.basis),
        "through": outcome.through.isoformat(),
        "symbols": outcome.symbols,
        "current": outcome.current,
        "appended": _counts(outcome.extended),
        "new": _counts(outcome.new),
        "fetched_anew": [_renewed_json(renewed) for renewed in outcome.renewed],
        "corrected": [
            {"symbol": each.symbol, **_restated_json(each)} for each in outcome.corrected
        ],
        "not_replaced": [asdict(problem) for problem in outcome.kept],
        "behind": {s: last.isoformat() for s, last in sorted(outcome.behind.items())},
        "unknown": list(outcome.without_data),
        "not_reached": list(outcome.unreached),
        "bad_prices": outcome.bad_prices,
        "warnings": list(outcome.warnings),
        "left_out": [day.isoformat() for day in outcome.running],
        "requests": outcome.requests,
        "seconds": round(seconds, 3),
    }


def _counts(sessions: Mapping[Symbol, int]) -> dict[str, int]:
    return {str(symbol): count for symbol, count in sorted(sessions.items())}


def _renewed_json(renewed: Renewed) -> dict[str, Any]:
    restated = renewed.restatement
    return {
        "symbol": renewed.symbol,
        "why": renewed.why,
        "sessions": renewed.sessions,
        "lost": renewed.lost,
        "restated": None if restated is None else _restated_json(restated),
    }


def _restated_json(restated: Restatement) -> dict[str, Any]:
    change = restated.change
    return {
        "cause": str(restated.cause),
        "words": restated.words,
        "factor": change.factor,
        "first": change.first.isoformat(),
        "last": change.last.isoformat(),
        "sessions": change.sessions,
    }
