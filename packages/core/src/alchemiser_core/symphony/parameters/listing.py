"""Parameters of a symphony: what names there are, what they are set to and where they are used."""

import re
import sys
from collections.abc import Iterator, Mapping

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.measure import Measure, Parameter
from alchemiser_core.domain.symbol import Symbol, parse_symbol
from alchemiser_core.symphony.ast import (
    Asset,
    Block,
    BlockParameter,
    Constant,
    Filter,
    Group,
    If,
    Indicator,
    ParameterValue,
    Symphony,
    Use,
    WeightInverseVolatility,
    WeightSpecified,
)
from alchemiser_core.symphony.check import blocks_under, label_of
from alchemiser_core.symphony.edn.root import EdnSymphonies
from alchemiser_core.symphony.errors import (
    SymphonyErrors,
    WrongParameterValue,
    shown,
)
from alchemiser_core.symphony.findings import Findings
from alchemiser_core.symphony.limits import DEFAULT_LIMITS, Limits
from alchemiser_core.symphony.parameters.names import use_name


@frozen
class ParameterInfo:
    """One name that can be overridden."""

    value: ParameterValue
    """What it is set to; `None` is nil."""
    uses: int
    """How often `#param name` stands for it; for a name with a dot, how many uses set it."""


def references(block: Block) -> Iterator[str]:
    """Names of the parameters that a block itself mentions, its children not included."""
    match block:
        case BlockParameter():
            yield block.name
        case Asset():
            yield from _names(block.symbol)
        case If():
            yield from condition_references(block)
        case WeightSpecified():
            yield from _names(*block.shares)
        case WeightInverseVolatility():
            yield from _names(block.window)
        case Filter():
            yield from _names(block.count, *block.measure.windows)


def condition_references(block: If) -> Iterator[str]:
    """Names of the parameters that an `if` tests."""
    for operand in (block.condition.left, block.condition.right):
        match operand:
            case Constant():
                yield from _names(operand.value)
            case Indicator(measure=Measure(windows=windows), symbol=symbol):
                yield from _names(symbol, *windows)


def _names(*values: object) -> Iterator[str]:
    return (value.name for value in values if isinstance(value, Parameter))


def everything_in(*blocks: Block) -> Iterator[Block]:
    """Every block below and in arguments, parents first."""
    stack = list(reversed(blocks))
    while stack:
        block = stack.pop()
        yield block
        stack.extend(reversed(blocks_under(block)))


def is_plain(symphony: Symphony) -> bool:
    """Whether there is nothing to expand."""
    if symphony.parameters or symphony.definitions:
        return False
    return not any(
        isinstance(block, Use) or next(references(block), None) is not None
        for block in everything_in(symphony)
    )


def accepted_by(definition: Block) -> frozenset[str]:
    """Names of the arguments that a definition takes: the parameters it mentions."""
    return frozenset(name for block in everything_in(definition) for name in references(block))


def parameters_of(symphony: Symphony) -> Mapping[str, ParameterInfo]:
    """Every name that an override can set: `name` for all uses, `use.name` for those of one use.

    Sorted, names without a dot first.
    """
    counts: dict[str, int] = {}
    values: dict[str, ParameterValue] = dict(symphony.parameters)
    for block, around in _with_names(symphony):
        for name in references(block):
            counts[name] = counts.get(name, 0) + 1
        if isinstance(block, Use):
            for name, value in block.arguments.items():
                dotted = f"{name_of(block, around)}.{name}"
                values[dotted] = value
                counts[dotted] = counts.get(dotted, 0) + 1
                values.setdefault(name, None)
    names = sorted(values, key=lambda name: ("." in name, name))
    return {name: ParameterInfo(values[name], counts.get(name, 0)) for name in names}


def name_of(use: Use, around: str) -> str:
    """What a use answers to: `:as`, else the innermost group, else its definition."""
    return use_name(use.name) if use.name is not None else around or use_name(use.definition)


def _with_names(symphony: Symphony) -> Iterator[tuple[Block, str]]:
    stack: list[tuple[Block, str]] = [(symphony, "")]
    while stack:
        block, around = stack.pop()
        yield block, around
        inside = use_name(block.name) if isinstance(block, Group) else around
        stack.extend((child, inside) for child in reversed(blocks_under(block)))


MOST_SHOWN = 12
"""Symbols of a list that are shown."""


def describe_value(value: ParameterValue) -> str:
    """A value in a few words: `79`, `UVXY`, `[SQQQ TLT]`, a block's name or `nil`."""
    match value:
        case None:
            return "nil"
        case tuple():
            more = " …" if len(value) > MOST_SHOWN else ""
            return f"[{' '.join(value[:MOST_SHOWN])}{more}]"
        case Block():
            return f"a block ({label_of(value)})"
        case _:
            return str(value)


_NUMBER = re.compile(r"[+-]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?")
_LARGEST = sys.float_info.max
"""A whole number beyond it cannot even be asked for as a float."""


def parameter_value(
    raw: object, *, name: str = "", limits: Limits = DEFAULT_LIMITS
) -> Result[ParameterValue, SymphonyErrors]:
    """A value from a command line or a configuration file.

    Taken are numbers, `None`, lists of tickers, and texts: `80`, `nil`, `UVXY`, `[SQQQ TLT]`,
    `SQQQ,TLT`, or a block in EDN. Failure: `WrongParameterValue`, or what is wrong in the EDN.
    """
    if raw is None or isinstance(raw, Block):
        return Success(raw)
    if isinstance(raw, int | float) and not isinstance(raw, bool) and abs(raw) <= _LARGEST:
        return Success(float(raw))
    if isinstance(raw, list | tuple) and all(isinstance(item, str) for item in raw):
        return _tickers(list(raw), name)
    if isinstance(raw, str):
        return _from_text(raw.strip(), name, limits)
    return _not_a_value(raw, name)


def _from_text(text: str, name: str, limits: Limits) -> Result[ParameterValue, SymphonyErrors]:
    if text.startswith("("):
        findings = Findings()
        found = EdnSymphonies(text, name, findings, limits).read()
        if findings.errors or found is None:
            return Failure(findings.failure)
        return Success(found.body[0]) if len(found.body) == 1 else _not_a_value(text, name)
    if text in ("nil", "null", "none"):
        return Success(None)
    if _NUMBER.fullmatch(text):
        return parameter_value(float(text), name=name)
    listed = text.startswith("[") and text.endswith("]")
    inner = text[1:-1].strip() if listed else text
    words = [word.strip('"') for word in re.split(r"[\s,]+", inner) if word]
    if listed or "," in inner:
        return _tickers(words, name)
    symbol = parse_symbol(words[0] if len(words) == 1 else "")
    return Success(symbol.unwrap()) if isinstance(symbol, Success) else _not_a_value(text, name)


def _tickers(words: list[str], name: str) -> Result[ParameterValue, SymphonyErrors]:
    symbols: list[Symbol] = []
    for word in words:
        parsed = parse_symbol(word)
        if not isinstance(parsed, Success):
            return _not_a_value(word, name)
        symbols.append(parsed.unwrap())
    return Success(tuple(symbols))


def _not_a_value(raw: object, name: str) -> Failure[SymphonyErrors]:
    needed = "a number, a ticker, a list of tickers, a block or nil"
    return Failure(SymphonyErrors((WrongParameterValue(name, shown(raw), needed),)))
