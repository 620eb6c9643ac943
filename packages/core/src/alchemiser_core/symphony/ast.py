"""The symphony as a tree of values.

A *plain* tree has no `Parameter`, `BlockParameter` or `Use` in it; expansion makes one. Trees may
be 2,000 deep, so comparing, hashing and walking them is done with an explicit stack.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from attrs import field, fields, frozen

from alchemiser_core.domain.measure import Measure, Parameter, Window
from alchemiser_core.domain.rebalance_policy import RebalancePolicy
from alchemiser_core.domain.symbol import Symbol


class Comparator(StrEnum):
    """How the two sides of a condition are compared, after rounding to 10 significant digits."""

    GREATER = ">"
    LESS = "<"
    GREATER_OR_EQUAL = ">="
    LESS_OR_EQUAL = "<="
    EQUAL = "="


class Select(StrEnum):
    """Which end of a ranking a filter takes."""

    TOP = "top"
    BOTTOM = "bottom"


Number = float | Parameter
Ticker = Symbol | Parameter


@frozen
class Indicator:
    """An indicator of a symbol, one side of a condition."""

    measure: Measure
    symbol: Ticker


@frozen
class Constant:
    """A fixed number, one side of a condition."""

    value: Number


Operand = Indicator | Constant


@frozen
class Condition:
    """`(comparator left right)`."""

    comparator: Comparator
    left: Operand
    right: Operand


_NO_ATTRIBUTES: Mapping[str, Any] = {}


@frozen(eq=False)
class Block:
    """A node of the tree; equal to another when both trees are the same all the way down."""

    attributes: Mapping[str, Any] = field(default=_NO_ATTRIBUTES, kw_only=True)
    """What a file says beside the rules (`exchange`, ids), kept as it is."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Block):
            return NotImplemented
        return _same_tree(self, other)

    def __hash__(self) -> int:
        return hash(type(self))


@frozen(eq=False)
class Asset(Block):
    """All of the block's weight to one symbol."""

    symbol: Ticker
    name: str | None = None


@frozen(eq=False)
class WeightEqual(Block):
    """The weight split equally over the children."""

    children: tuple[Block, ...]


@frozen(eq=False)
class WeightSpecified(Block):
    """Split by shares; each share goes to a bundle of blocks, split equally inside."""

    shares: tuple[Number, ...]
    bundles: tuple[tuple[Block, ...], ...]


@frozen(eq=False)
class WeightInverseVolatility(Block):
    """Split by 1/volatility of the children's own series over `window` daily returns."""

    window: Window
    children: tuple[Block, ...]


@frozen(eq=False)
class Group(Block):
    """A name for blocks, split equally."""

    name: str
    children: tuple[Block, ...]


@frozen(eq=False)
class If(Block):
    """The condition decides which branch gets all of the weight; an empty branch is cash."""

    condition: Condition
    then: tuple[Block, ...]
    otherwise: tuple[Block, ...] = ()


@frozen(eq=False)
class Filter(Block):
    """Rank the children by a measure of their own series, take `count`, split equally."""

    measure: Measure
    select: Select
    count: Window
    children: tuple[Block, ...]


@frozen(eq=False)
class BlockParameter(Block):
    """`#param name` where a block stands; a vector of symbols stands for one asset each."""

    name: str


@frozen(eq=False)
class Use(Block):
    """`(use :definition {:parameter value …})`: a definition with some parameters set."""

    definition: str
    arguments: Mapping[str, "ParameterValue"] = field(factory=dict)
    name: str | None = None
    """`:as`; without it the use answers to the name of the group around it."""


ParameterValue = float | Symbol | tuple[Symbol, ...] | Block | None
"""A number, a symbol, symbols, a block, or `None`, which drops the `if` that tests it."""


@frozen(eq=False)
class Symphony(Block):
    """A whole file: name, policy, parameters, definitions and the body."""

    name: str
    body: tuple[Block, ...]
    policy: RebalancePolicy = RebalancePolicy()
    parameters: Mapping[str, ParameterValue] = field(factory=dict)
    definitions: Mapping[str, Block] = field(factory=dict)
    attributes: Mapping[str, Any] = field(factory=dict)
    """Attributes without a meaning here (`asset-class`, unknown ones), kept as they are."""


def children_of(block: Block) -> tuple[Block, ...]:
    """The blocks directly below a block, in text order."""
    match block:
        case WeightEqual() | WeightInverseVolatility() | Group() | Filter():
            return block.children
        case WeightSpecified():
            return tuple(child for bundle in block.bundles for child in bundle)
        case If():
            return block.then + block.otherwise
        case Symphony():
            return block.body
        case _:
            return ()


def walk(block: Block) -> Iterator[Block]:
    """Every block of a tree, parents before children, in text order."""
    stack = [block]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children_of(node)))


def _same_tree(left: object, right: object) -> bool:
    stack: list[tuple[object, object]] = [(left, right)]
    while stack:
        a, b = stack.pop()
        if a is b:
            continue
        if isinstance(a, Block):
            if type(a) is not type(b):
                return False
            stack.extend((getattr(a, f.name), getattr(b, f.name)) for f in fields(type(a)))
        elif isinstance(a, tuple):
            if not isinstance(b, tuple) or len(a) != len(b):
                return False
            stack.extend(zip(a, b, strict=True))
        elif isinstance(a, Mapping):
            if not isinstance(b, Mapping) or list(a) != list(b):
                return False
            stack.extend((a[key], b[key]) for key in a)
        elif type(a) is not type(b) or a != b:
            return False
    return True
