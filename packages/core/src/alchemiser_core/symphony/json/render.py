"""Writes a symphony as JSON text, as published ones are, without recursion."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.measure import Measure, Parameter
from alchemiser_core.symphony.ast import (
    Asset,
    Block,
    BlockParameter,
    Constant,
    Filter,
    Group,
    If,
    Number,
    Operand,
    Symphony,
    Use,
    WeightEqual,
    WeightInverseVolatility,
    WeightSpecified,
)
from alchemiser_core.symphony.check import label_of
from alchemiser_core.symphony.errors import CannotHold, SymphonyErrors
from alchemiser_core.symphony.findings import Findings
from alchemiser_core.symphony.json.blocks import ELSE, THEN
from alchemiser_core.symphony.notation import (
    JSON_COMPARATORS,
    JSON_FUNCTIONS,
    WINDOW_KEYS,
    number_text,
)

DEEPEST_INDENT = 60
"""Columns; deeper objects are not indented further."""

_COMPARATOR_NAMES = {sign: name for name, sign in JSON_COMPARATORS.items()}

Fields = dict[str, Any]
Piece = str | tuple[object, int]
"""Text, or a value and the column it is indented to."""


@frozen
class _Weighted:
    """A child of a specified weight, with its share."""

    block: Block
    share: Number


def render_json(symphony: Symphony) -> Result[str, SymphonyErrors]:
    """The text of a symphony; reading it gives an equal one, parameters and definitions too.

    Failure: `CannotHold`, where a share bundles several blocks or an attribute has the name of a
    key that the form itself uses.
    """
    findings = Findings()
    out: list[str] = []
    stack: list[Piece] = [(symphony, 0)]
    while stack and not findings.full:
        piece = stack.pop()
        if isinstance(piece, str):
            out.append(piece)
        else:
            stack.extend(reversed(tuple(_pieces(*piece, findings))))
    if findings.errors:
        return Failure(findings.failure)
    return Success("".join(out) + "\n")


def _line(column: int) -> str:
    return "\n" + " " * min(column, DEEPEST_INDENT)


def _pieces(value: object, column: int, findings: Findings) -> Iterator[Piece]:
    match value:
        case _Weighted():
            fields = _merged({"weight": _weight(value.share)}, value.block, findings)
            yield from _object(fields, column)
        case Block():
            yield from _object(_merged({}, value, findings), column)
        case Mapping():
            yield from _object(value, column)
        case tuple() | list():
            yield from _array(value, column)
        case Parameter():
            yield from _object({"param": value.name}, column)
        case _:
            yield json.dumps(value, ensure_ascii=False, allow_nan=False)


def _object(fields: Mapping[str, Any], column: int) -> Iterator[Piece]:
    yield "{"
    for i, (key, value) in enumerate(fields.items()):
        yield ("," if i else "") + _line(column + 1)
        yield json.dumps(key, ensure_ascii=False) + ": "
        yield (value, column + 1)
    yield _line(column) + "}" if fields else "}"


def _array(values: tuple[object, ...] | list[object], column: int) -> Iterator[Piece]:
    yield "["
    for i, value in enumerate(values):
        yield ("," if i else "") + _line(column + 1)
        yield (value, column + 1)
    yield _line(column) + "]" if values else "]"


def _merged(more: Fields, block: Block, findings: Findings) -> Fields:
    """The keys of a block, the kept ones behind those that the form itself needs."""
    needed = _fields(block, findings) | more
    kept = dict(block.attributes)
    if isinstance(block, If):
        kept = {key: value for key, value in kept.items() if not _is_of_a_branch(key, value)}
    for key in needed.keys() & kept.keys():
        hint = "take the attribute out"
        where = label_of(block)
        findings.add(CannotHold("JSON", f"an attribute that is called {key!r}", where, hint))
    return needed | kept


def _is_of_a_branch(key: str, value: object) -> bool:
    return key in (THEN, ELSE) and isinstance(value, Mapping)


def _fields(block: Block, findings: Findings) -> Fields:
    match block:
        case Symphony():
            return _root(block)
        case Asset():
            name = {} if block.name is None else {"name": block.name}
            return {"step": "asset", "ticker": block.symbol} | name
        case Group():
            return {"step": "group", "name": block.name, "children": block.children}
        case WeightEqual():
            return {"step": "wt-cash-equal", "children": block.children}
        case WeightInverseVolatility():
            window = {"window-days": block.window}
            return {"step": "wt-inverse-vol"} | window | {"children": block.children}
        case WeightSpecified():
            return {"step": "wt-cash-specified", "children": _weighted(block, findings)}
        case If():
            return _if(block)
        case Filter():
            return _filter(block)
        case BlockParameter():
            return {"param": block.name}
        case Use():
            return _use(block)
        case _:
            raise TypeError(f"{type(block).__name__} cannot be written as JSON")


def _root(symphony: Symphony) -> Fields:
    fields: Fields = {
        "step": "root",
        "name": symphony.name,
        "rebalance": symphony.policy.frequency.value,
    }
    if symphony.policy.threshold is not None:
        fields["rebalance-corridor-width"] = symphony.policy.threshold
    if symphony.parameters:
        fields["parameters"] = _short(symphony.parameters)
    if symphony.definitions:
        fields["definitions"] = symphony.definitions
    return fields | {"children": symphony.body}


def _weighted(block: WeightSpecified, findings: Findings) -> list[_Weighted]:
    children: list[_Weighted] = []
    for share, bundle in zip(block.shares, block.bundles, strict=True):
        if len(bundle) != 1:
            what = f"a share of {len(bundle)} blocks together"
            hint = "put them in a weight-equal, which means the same"
            inside = ", ".join(label_of(child) for child in bundle[:4])
            findings.add(CannotHold("JSON", what, f"weight-specified of {inside}", hint))
        children.extend(_Weighted(child, share) for child in bundle)
    return children


def _weight(share: Number) -> object:
    if isinstance(share, Parameter):
        return share
    hundredths = round(share * 100)
    if hundredths / 100 == share and 0 <= share <= 1:
        return {"num": hundredths, "den": 100}
    return {"num": int(share) if share.is_integer() and share < 1e15 else share, "den": 1}


def _if(block: If) -> Fields:
    condition = block.condition
    test = {"comparator": _COMPARATOR_NAMES[condition.comparator]}
    then: Fields = {"step": "if-child", "is-else-condition?": False}
    then |= _operand(condition.left, "lhs") | test | _operand(condition.right, "rhs")
    then |= _carried(block, THEN) | {"children": block.then}
    otherwise = {"step": "if-child", "is-else-condition?": True} | _carried(block, ELSE)
    return {"step": "if", "children": (then, otherwise | {"children": block.otherwise})}


def _carried(block: If, key: str) -> Fields:
    carried = block.attributes.get(key)
    return dict(carried) if isinstance(carried, Mapping) else {}


def _operand(operand: Operand, side: str) -> Fields:
    if isinstance(operand, Constant):
        value = operand.value
        shown = value if isinstance(value, Parameter) else number_text(value)
        return {f"{side}-fixed-value?": True, f"{side}-val": shown}
    return _measure(operand.measure, side) | {f"{side}-val": operand.symbol}


def _measure(measure: Measure, side: str) -> Fields:
    keys = WINDOW_KEYS[measure.kind]
    fields: Fields = {f"{side}-fn": JSON_FUNCTIONS[measure.kind]}
    if keys:
        fields[f"{side}-fn-params"] = dict(zip(keys, measure.windows, strict=True))
    return fields


def _filter(block: Filter) -> Fields:
    fields: Fields = {"step": "filter"} | _measure(block.measure, "sort-by")
    fields |= {"select-fn": block.select.value, "select-n": block.count}
    return fields | {"children": block.children}


def _use(use: Use) -> Fields:
    fields: Fields = {"step": "use", "definition": use.definition}
    if use.name is not None:
        fields["as"] = use.name
    return fields | ({"arguments": _short(use.arguments)} if use.arguments else {})


def _short(values: Mapping[str, Any]) -> Fields:
    """Whole numbers without their `.0`, which reading puts back."""
    return {
        name: int(value) if isinstance(value, float) and value.is_integer() else value
        for name, value in values.items()
    }
