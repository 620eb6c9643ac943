"""Writes a symphony as EDN text, indented as published ones are, without recursion."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from alchemiser_core.domain.measure import Measure, Parameter, Window
from alchemiser_core.domain.rebalance_policy import Frequency
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
from alchemiser_core.symphony.edn.reader import Keyword, Name
from alchemiser_core.symphony.notation import WINDOW_KEYS, number_text

DEEPEST_INDENT = 60
"""Columns; deeper blocks are not indented further, so that a deep tree does not grow in squares."""

_KEYWORD = re.compile(r"[A-Za-z*!_?$%&=<>+.-][A-Za-z0-9*!_?$%&=<>+./#-]*")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_TO_ESCAPE = re.compile(r'["\\\x00-\x1f\x7f-\x9f\u2028\u2029]')


class _Written(str):
    """A number of a parameter, which is text already."""

    __slots__ = ()


Piece = str | tuple[object, int]
"""Text, or a value and the column it is indented to."""


def render_edn(symphony: Symphony) -> str:
    """The text of a symphony; reading it gives an equal one, parameters and definitions too."""
    out: list[str] = []
    stack: list[Piece] = [(symphony, 0)]
    while stack:
        piece = stack.pop()
        if isinstance(piece, str):
            out.append(piece)
        else:
            stack.extend(reversed(tuple(_pieces(*piece))))
    return "".join(out) + "\n"


def quoted(text: str) -> str:
    """A string in quotes with what has to be escaped escaped."""
    return f'"{_TO_ESCAPE.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04x}"


def _line(column: int) -> str:
    return "\n" + " " * min(column, DEEPEST_INDENT)


def _pieces(value: object, column: int) -> Iterator[Piece]:
    match value:
        case Symphony():
            yield from _symphony(value, column)
        case Block():
            yield from _block(value, column)
        case Mapping():
            yield from _map(value, column)
        case tuple() | list():
            yield "["
            for i, item in enumerate(value):
                yield " " if i else ""
                yield (item, column + 1)
            yield "]"
        case _:
            yield _atom(value)


def _atom(value: object) -> str:
    match value:
        case None:
            return "nil"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return repr(value)
        case Keyword():
            return f":{value}"
        case Name() | _Written():
            return str(value)
        case str():
            return quoted(value)
        case Parameter():
            return f"#param {value.name}"
        case _:
            raise TypeError(f"{type(value).__name__} cannot be written as EDN")


def _key(name: str) -> str:
    return f":{name}" if _KEYWORD.fullmatch(name) else quoted(name)


def _map(entries: Mapping[str, Any], column: int) -> Iterator[Piece]:
    yield "{"
    for i, (key, value) in enumerate(entries.items()):
        yield ("," + _line(column + 1) if isinstance(value, Mapping | Block) else ", ") if i else ""
        yield f"{_key(key)} "
        yield (value, column + 2)
    yield "}"


def _number(value: Number | Window) -> str:
    return _atom(value) if isinstance(value, Parameter) else number_text(value)


def _attributes(symphony: Symphony) -> dict[str, Any]:
    policy = symphony.policy
    entries = dict(symphony.attributes)
    if policy.frequency is not Frequency.DAILY or policy.threshold is None:
        entries["rebalance-frequency"] = Keyword(policy.frequency.value)
    if policy.threshold is not None:
        entries["rebalance-threshold"] = policy.threshold
    if symphony.parameters:
        entries["parameters"] = _values(symphony.parameters)
    if symphony.definitions:
        entries["definitions"] = symphony.definitions
    return entries


def _values(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _Written(number_text(value)) if isinstance(value, float) else value
        for name, value in parameters.items()
    }


def _symphony(symphony: Symphony, column: int) -> Iterator[Piece]:
    yield f"(defsymphony{_line(column + 1)}{quoted(symphony.name)}{_line(column + 1)}"
    yield (_attributes(symphony), column + 1)
    for block in symphony.body:
        yield _line(column + 1)
        yield (block, column + 1)
    yield ")"


def _vector(blocks: tuple[Block, ...], column: int) -> Iterator[Piece]:
    yield _line(column) + "["
    for i, block in enumerate(blocks):
        yield _line(column + 1) if i else ""
        yield (block, column + 1)
    yield "]"


def _block(block: Block, column: int) -> Iterator[Piece]:
    match block:
        case BlockParameter():
            yield f"#param {block.name}"
            return
        case Use():
            yield from _use(block, column)
            return
        case Asset():
            symbol = _atom(block.symbol)
            yield f"(asset {symbol}" + (f" {quoted(block.name)}" if block.name is not None else "")
        case _:
            yield from _weighted(block, column + 1)
    if block.attributes:
        yield " "
        yield (block.attributes, column + 1)
    yield ")"


def _weighted(block: Block, column: int) -> Iterator[Piece]:
    match block:
        case WeightEqual():
            yield "(weight-equal"
            yield from _vector(block.children, column)
        case WeightSpecified():
            yield "(weight-specified"
            for share, bundle in zip(block.shares, block.bundles, strict=True):
                yield _line(column) + _number(share)
                yield from _vector(bundle, column)
        case WeightInverseVolatility():
            yield f"(weight-inverse-volatility {_number(block.window)}"
            yield from _vector(block.children, column)
        case Group():
            yield f"(group{_line(column)}{quoted(block.name)}"
            yield from _vector(block.children, column)
        case If():
            condition = block.condition
            left, right = _operand(condition.left), _operand(condition.right)
            yield f"(if{_line(column)}({condition.comparator.value} {left} {right})"
            yield from _vector(block.then, column)
            if block.otherwise:
                yield from _vector(block.otherwise, column)
        case Filter():
            yield f"(filter{_line(column)}{measure_text(block.measure)}"
            yield f"{_line(column)}(select-{block.select.value} {_number(block.count)})"
            yield from _vector(block.children, column)
        case _:
            raise TypeError(f"{type(block).__name__} cannot be written as EDN")


def _use(use: Use, column: int) -> Iterator[Piece]:
    yield f"(use :{use.definition}"
    entries: dict[str, Any] = {} if use.name is None else {"as": use.name}
    entries |= _values(use.arguments)
    if entries or use.attributes:
        yield " "
        yield (entries, column + 1)
    if use.attributes:
        yield " "
        yield (use.attributes, column + 1)
    yield ")"


def _operand(operand: Operand) -> str:
    if isinstance(operand, Constant):
        return _number(operand.value)
    return measure_text(operand.measure, f" {_atom(operand.symbol)}")


def measure_text(measure: Measure, symbol: str = "") -> str:
    """`(rsi {:window 10})`, with a symbol if one is given."""
    keys = WINDOW_KEYS[measure.kind]
    windows = zip(keys, measure.windows, strict=True)
    entries = " ".join(f":{key} {_number(window)}" for key, window in windows)
    return f"({measure.kind.value}{symbol}" + (f" {{{entries}}}" if keys else "") + ")"
