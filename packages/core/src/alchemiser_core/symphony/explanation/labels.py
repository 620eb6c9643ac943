"""How blocks, indicators and conditions are called in reasons and errors."""

from alchemiser_core.domain.measure import Measure
from alchemiser_core.symphony.ast import (
    Asset,
    Block,
    Condition,
    Constant,
    Filter,
    Group,
    If,
    Operand,
    Symphony,
    WeightEqual,
    WeightInverseVolatility,
    WeightSpecified,
)


def measure_label(measure: Measure) -> str:
    """`rsi 10`, `percentage-price-oscillator 12 26`."""
    return " ".join([measure.kind.value, *(str(window) for window in measure.windows)])


def operand_label(operand: Operand) -> str:
    """`rsi 10 of SPY`, or the number."""
    if isinstance(operand, Constant):
        value = operand.value
        return f"{value:.12g}" if isinstance(value, int | float) else f"#param {value.name}"
    return f"{measure_label(operand.measure)} of {operand.symbol}"


def condition_label(condition: Condition) -> str:
    """`rsi 10 of SPY > 79`."""
    left, right = operand_label(condition.left), operand_label(condition.right)
    return f"{left} {condition.comparator.value} {right}"


def block_label(block: Block) -> str:
    """A short name for a block: a symbol, a group's name, or what the block does."""
    match block:
        case Asset():
            return str(block.symbol)
        case Group():
            return f"“{block.name}”"
        case If():
            return f"if {condition_label(block.condition)}"
        case Filter():
            return f"{block.select.value} {block.count} by {measure_label(block.measure)}"
        case WeightInverseVolatility():
            return f"inverse volatility {block.window}"
        case WeightEqual():
            return f"equal weight of {len(block.children)}"
        case WeightSpecified():
            return f"fixed shares of {len(block.bundles)}"
        case Symphony():
            return f"“{block.name}”"
        case _:
            return type(block).__name__
