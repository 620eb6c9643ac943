"""A decision as a page for a person and as an object for a program."""

from collections.abc import Iterator, Mapping
from typing import Any

from alchemiser_app.reports.reasons import fragile_json, path_json, path_lines
from alchemiser_core.domain.decision import Decision


def decision_json(
    target: str, decision: Decision, *, synthetic: bool, substitutions: Mapping[str, str]
) -> dict[str, Any]:
    """`decide --json`: weights as fractions of equity, the path as a flat list."""
    return {
        "target": target,
        "as_of": decision.as_of.isoformat(),
        "weights": dict(decision.weights),
        "cash": decision.cash,
        "path": path_json(decision.reasons),
        **admissions_json(decision),
        "substitutions": dict(substitutions),
        "synthetic": synthetic,
    }


def decision_lines(
    target: str, decision: Decision, *, source: str, substitutions: Mapping[str, str]
) -> Iterator[str]:
    """The page: weights first, then why."""
    yield f"{target}, decided at the close of {decision.as_of} from {source}"
    yield from (f"  {old} is replaced by {new}" for old, new in substitutions.items())
    yield ""
    yield from weight_lines(decision.weights, decision.cash)
    yield ""
    yield "because"
    yield from (f"  {line}" for line in path_lines(decision.reasons))
    yield from admission_lines(decision)


def admissions_json(decision: Decision) -> dict[str, Any]:
    """What a decision admits: candidates left out, prices carried, and close calls."""
    return {
        "left_out": [{"label": o.label, "reason": o.reason} for o in decision.left_out],
        "carried": [
            {"symbol": c.symbol, "sessions": [day.isoformat() for day in c.sessions]}
            for c in decision.carried
        ],
        "fragile": fragile_json(decision.reasons),
    }


def admission_lines(decision: Decision) -> Iterator[str]:
    """The same in words, an empty line before each part."""
    if decision.left_out:
        yield ""
        yield "left out of a ranking"
        yield from (f"  {out.label}: {out.reason}" for out in decision.left_out)
    if decision.carried:
        yield ""
        yield "last price carried over sessions without one"
        yield from (
            f"  {c.symbol}: {', '.join(day.isoformat() for day in c.sessions)}"
            for c in decision.carried
        )
    fragile = len(fragile_json(decision.reasons))
    if fragile:
        yield ""
        yield (
            f"{fragile} fragile: a margin under 5 % of its usual deviation over 60 sessions "
            "could have fallen either way"
        )


def weight_lines(weights: Mapping[Any, float], cash: float) -> Iterator[str]:
    """Symbols by weight, largest first, then cash."""
    for symbol, weight in sorted(weights.items(), key=lambda item: (-item[1], item[0])):
        yield f"  {symbol:<8}{weight:>9.2%}"
    if abs(cash) > 1e-9 or not weights:
        yield f"  {'cash':<8}{cash:>9.2%}"
