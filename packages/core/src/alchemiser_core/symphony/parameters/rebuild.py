"""Takes a block apart into its lists of children, and puts it together again without names."""

from alchemiser_core.domain.measure import Measure, Parameter
from alchemiser_core.symphony.ast import (
    Asset,
    Block,
    Condition,
    Constant,
    Filter,
    Group,
    If,
    Indicator,
    Operand,
    WeightEqual,
    WeightInverseVolatility,
    WeightSpecified,
    children_of,
)
from alchemiser_core.symphony.parameters.scopes import Scope, Scopes

Blocks = tuple[Block, ...]


def lists_of(block: Block) -> tuple[Blocks, ...]:
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


def rebuilt(block: Block, lists: tuple[Blocks, ...], scope: Scope, scopes: Scopes) -> Block:
    """The block with the names that it mentions put in, and with other children."""
    kept = block.attributes
    match block:
        case Asset():
            return Asset(scopes.ticker(block.symbol, scope, block), block.name, attributes=kept)
        case If():
            then, otherwise = lists
            return If(_condition(block, scope, scopes), then, otherwise, attributes=kept)
        case WeightSpecified():
            shares = tuple(scopes.number(share, scope, block) for share in block.shares)
            return WeightSpecified(shares, lists, attributes=kept)
        case Filter():
            measure = _measure(block.measure, block, scope, scopes)
            count = scopes.window(block.count, scope, block)
            return Filter(measure, block.select, count, lists[0], attributes=kept)
        case WeightInverseVolatility():
            window = scopes.window(block.window, scope, block)
            return WeightInverseVolatility(window, lists[0], attributes=kept)
        case Group():
            return Group(block.name, lists[0], attributes=kept)
        case WeightEqual():
            return WeightEqual(lists[0], attributes=kept)
        case _:
            raise TypeError(f"{type(block).__name__} is not put together again")


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
