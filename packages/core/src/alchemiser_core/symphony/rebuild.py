"""Takes a block apart into its lists of children, and puts it together again without names."""

from typing import Any

from attrs import evolve

from alchemiser_core.symphony.ast import (
    Asset,
    Block,
    Condition,
    Constant,
    Filter,
    If,
    Indicator,
    Measure,
    Operand,
    Parameter,
    WeightInverseVolatility,
    WeightSpecified,
    children_of,
)
from alchemiser_core.symphony.scopes import Scope, Scopes

Children = tuple[tuple[Block, ...], ...]


def lists_of(block: Block) -> Children:
    """The lists of blocks in a block: one for most, two for an `if`, one a share for a split."""
    match block:
        case If():
            return (block.then, block.otherwise)
        case WeightSpecified():
            return block.bundles
        case Asset():
            return ()
        case _:
            return (children_of(block),)


def rebuilt(block: Block, lists: Children, scope: Scope, scopes: Scopes) -> Block:
    """The block with its own names put in and other children; itself where nothing changed."""
    changes: dict[str, Any] = {}
    match block:
        case Asset():
            changes["symbol"] = scopes.ticker(block.symbol, scope, block)
        case If():
            changes["condition"] = _condition(block, scope, scopes)
            changes["then"], changes["otherwise"] = lists
        case WeightSpecified():
            changes["shares"] = tuple(scopes.number(s, scope, block) for s in block.shares)
            changes["bundles"] = lists
        case Filter():
            changes["measure"] = _measure(block.measure, block, scope, scopes)
            changes["count"] = scopes.window(block.count, scope, block)
            changes["children"] = lists[0]
        case WeightInverseVolatility():
            changes["window"] = scopes.window(block.window, scope, block)
            changes["children"] = lists[0]
        case _:
            changes["children"] = lists[0]
    if all(_unchanged(getattr(block, name), value) for name, value in changes.items()):
        return block
    return evolve(block, **changes)


def _unchanged(before: object, after: object) -> bool:
    if before is after:
        return True
    if not isinstance(before, tuple) or not isinstance(after, tuple):
        return not isinstance(before, Block | Parameter | Condition | Measure) and before == after
    if len(before) != len(after):
        return False
    pairs = zip(before, after, strict=True)
    return all(a is b or (isinstance(a, tuple) and _unchanged(a, b)) for a, b in pairs)


def _condition(block: If, scope: Scope, scopes: Scopes) -> Condition:
    condition = block.condition
    left = _operand(condition.left, block, scope, scopes)
    right = _operand(condition.right, block, scope, scopes)
    if left is condition.left and right is condition.right:
        return condition
    return Condition(condition.comparator, left, right)


def _operand(operand: Operand, block: If, scope: Scope, scopes: Scopes) -> Operand:
    if isinstance(operand, Constant):
        if not isinstance(operand.value, Parameter):
            return operand
        return Constant(scopes.number(operand.value, scope, block))
    measure = _measure(operand.measure, block, scope, scopes)
    symbol = scopes.ticker(operand.symbol, scope, block)
    if measure is operand.measure and symbol is operand.symbol:
        return operand
    return Indicator(measure, symbol)


def _measure(measure: Measure, block: Block, scope: Scope, scopes: Scopes) -> Measure:
    if not any(isinstance(window, Parameter) for window in measure.windows):
        return measure
    windows = tuple(scopes.window(window, scope, block) for window in measure.windows)
    return Measure(measure.kind, windows)
