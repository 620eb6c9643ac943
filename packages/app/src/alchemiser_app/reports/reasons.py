"""The reasons of a decision, flattened to lines with a depth: a path can be hundreds deep."""

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import fields, frozen

from alchemiser_core.domain.reasons import (
    BlockReason,
    ConditionReason,
    FilterReason,
    HoldReason,
    Note,
    Reason,
    ShareReason,
)

_KINDS: dict[type[Reason], str] = {
    ConditionReason: "condition",
    FilterReason: "filter",
    ShareReason: "share",
    BlockReason: "block",
    HoldReason: "hold",
    Note: "note",
}

_DEEPEST_INDENT = 20

_UNTOLD = frozenset({"because", "left_of", "right_of", "weighed", "measured"})
"""What is told in another way: as lines of their own, or by the labels."""


@frozen
class PathItem:
    """One reason and how many splits and rankings stand above it."""

    depth: int
    reason: Reason


def path_of(reasons: Sequence[Reason]) -> Iterator[PathItem]:
    """All reasons in the order in which they were met; conditions in a row share a depth."""
    stack = [PathItem(0, reason) for reason in reversed(reasons)]
    while stack:
        item = stack.pop()
        yield item
        below = getattr(item.reason, "because", ())
        deeper = 0 if isinstance(item.reason, ConditionReason) else 1
        stack.extend(PathItem(item.depth + deeper, reason) for reason in reversed(below))


def path_json(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    """The path as a flat list of objects with `depth` and `kind`."""
    return [
        {"depth": item.depth, "kind": _KINDS[type(item.reason)], **_values(item.reason)}
        for item in path_of(reasons)
    ]


def fragile_json(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    """The conditions and rankings on the path that could have fallen either way."""
    return [item for item in path_json(reasons) if item.get("fragile")]


def path_lines(reasons: Sequence[Reason]) -> Iterator[str]:
    """The path as an indented tree; fragile margins are marked."""
    for item in path_of(reasons):
        indent = "  " * min(item.depth, _DEEPEST_INDENT)
        for line in _lines(item.reason):
            yield indent + line


def _values(reason: Reason) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for attribute in fields(type(reason)):
        if attribute.name in _UNTOLD:
            continue
        value = getattr(reason, attribute.name)
        if attribute.name == "ranking":
            value = [_values_of_candidate(candidate) for candidate in value]
        values[attribute.name] = value
    return values


def _values_of_candidate(candidate: Any) -> dict[str, Any]:
    names = [a.name for a in fields(type(candidate)) if a.name not in _UNTOLD]
    return {name: getattr(candidate, name) for name in names}


def _lines(reason: Reason) -> Iterator[str]:
    match reason:
        case ConditionReason():
            yield _condition_line(reason)
        case FilterReason():
            yield from _filter_lines(reason)
        case ShareReason():
            yield f"{reason.share:.2%} to"
        case BlockReason():
            yield reason.label
        case HoldReason():
            yield f"=> {reason.symbol}"
        case Note():
            yield reason.text


def _condition_line(reason: ConditionReason) -> str:
    left = f"{reason.left} = {_number(reason.left_value)}"
    right = reason.right
    if not _is_number(right):
        right = f"{right} = {_number(reason.right_value)}"
    answer = "yes" if reason.outcome else "no"
    mark = "  [fragile]" if reason.fragile else ""
    return f"{left} {reason.comparator} {right}? {answer}  (margin {_signed(reason.margin)}){mark}"


def _filter_lines(reason: FilterReason) -> Iterator[str]:
    mark = "  [fragile]" if reason.fragile else ""
    margin = "" if reason.margin is None else f"  (margin {_signed(reason.margin)})"
    yield f"{reason.select} {reason.count} by {reason.measure}{margin}{mark}"
    for candidate in reason.ranking:
        if candidate.score is None:
            yield f"    left out  {candidate.label}: {candidate.left_out}"
        else:
            taken = "chosen    " if candidate.chosen else "          "
            yield f"    {taken}{candidate.label}  {_number(candidate.score)}"


def _is_number(text: str) -> bool:
    return text[:1].isdigit() or text[:1] == "-"


def _number(value: float) -> str:
    return f"{value:,.4f}" if _fits_four_decimals(value) else f"{value:.6g}"


def _signed(value: float) -> str:
    return f"{value:+,.4f}" if _fits_four_decimals(value) else f"{value:+.6g}"


def _fits_four_decimals(value: float) -> bool:
    """Four decimals are not enough for a margin that they would round to next to nothing."""
    return value == 0 or 0.01 <= abs(value) < 1e6
