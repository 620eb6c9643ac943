"""Checks that need no prices: bounds of windows, shares and counts, empty blocks, size.

The same checks serve a tree read from text (where `place` knows lines and columns) and one made
by a program. A `Parameter` is passed over: its value is checked where it has been put in.
"""

from collections.abc import Callable, Iterator
from math import isfinite

from alchemiser_core.domain.measure import Measure, Parameter, Window
from alchemiser_core.symphony.ast import (
    Asset,
    Block,
    Constant,
    Filter,
    Group,
    If,
    Indicator,
    Number,
    Symphony,
    Use,
    WeightEqual,
    WeightInverseVolatility,
    WeightSpecified,
    children_of,
)
from alchemiser_core.symphony.errors import (
    EmptyBlock,
    LimitExceeded,
    MalformedBlock,
    SymphonyErrors,
    WrongNumber,
    shown,
)
from alchemiser_core.symphony.findings import Findings
from alchemiser_core.symphony.limits import DEFAULT_LIMITS, Limits
from alchemiser_core.symphony.notation import WINDOW_KEYS, least_window, number_text

Place = Callable[[object], str | None]
"""Where a block or operand stands, if that is known."""

Entry = tuple[Block, int, int]
"""A block, its depth, and the position of its parent among the entries visited."""


def nowhere(_: object) -> str | None:
    """The place of blocks that were not read from text."""
    return None


def check(
    symphony: Symphony, *, limits: Limits = DEFAULT_LIMITS, place: Place = nowhere
) -> SymphonyErrors | None:
    """Everything wrong with a tree, or `None`.

    Found are `EmptyBlock`, `WrongNumber`, `MalformedBlock` and `LimitExceeded`.
    """
    findings = Findings()
    Checker(findings, limits, place).check(symphony)
    return findings.failure if findings.errors else None


def label_of(block: Block) -> str:
    """What a block is called in a message."""
    match block:
        case Symphony():
            return f"symphony {shown(block.name)}" if block.name else "the symphony"
        case Group():
            return f"group {shown(block.name)}"
        case Asset():
            return f"asset {block.symbol}"
        case Use():
            return f"use {block.definition}"
        case _:
            return _NAMES.get(type(block), "block")


_NAMES: dict[type[Block], str] = {
    WeightEqual: "weight-equal",
    WeightSpecified: "weight-specified",
    WeightInverseVolatility: "weight-inverse-volatility",
    If: "if",
    Filter: "filter",
}


def blocks_under(block: Block) -> tuple[Block, ...]:
    """The blocks directly below, those in parameters, arguments and definitions included."""
    if isinstance(block, Use):
        return tuple(value for value in block.arguments.values() if isinstance(value, Block))
    if isinstance(block, Symphony):
        values = (*block.parameters.values(), *block.definitions.values())
        return block.body + tuple(value for value in values if isinstance(value, Block))
    return children_of(block)


class Checker:
    """One walk over a tree, parents first."""

    def __init__(self, findings: Findings, limits: Limits, place: Place) -> None:
        self._findings = findings
        self._limits = limits
        self._place = place
        self._visited: list[Entry] = []
        self._sound: set[int] = set()

    def check(self, symphony: Symphony) -> None:
        """Notes in the findings what is wrong."""
        stack: list[Entry] = [(symphony, 0, -1)]
        visited = self._visited
        depth, nodes = self._limits.depth, self._limits.nodes
        while stack and not self._findings.full:
            entry = stack.pop()
            block, level, _ = entry
            if len(visited) > nodes:
                return self._findings.add(LimitExceeded("blocks", nodes))
            if level > depth:
                place = self._place(block) or ""
                return self._findings.add(LimitExceeded("blocks inside one another", depth, place))
            visited.append(entry)
            self._check_block(block)
            here = len(visited) - 1
            stack.extend((child, level + 1, here) for child in reversed(blocks_under(block)))

    def _check_block(self, block: Block) -> None:
        match block:
            case Asset():
                return
            case If():
                self._operand(block.condition.left)
                self._operand(block.condition.right)
            case WeightEqual() | Group():
                self._not_empty(block, block.children)
            case Filter():
                self._not_empty(block, block.children)
                self._measure(block.measure, block)
                self._count(block)
            case WeightSpecified():
                self._shares(block)
            case WeightInverseVolatility():
                self._not_empty(block, block.children)
                self._window(block.window, 2, "the window of weight-inverse-volatility", block)
            case Symphony():
                self._root(block)

    def _where(self, spot: object) -> str:
        known = self._place(spot) or self._place(self._visited[-1][0])
        if known:
            return known
        labels: list[str] = []
        position = len(self._visited) - 1
        while position >= 0 and len(labels) < 5:
            block, _, parent = self._visited[position]
            labels.append(label_of(block))
            position = parent
        return " > ".join(reversed(labels))

    def _wrong(self, what: str, why: str, spot: object) -> None:
        self._findings.add(WrongNumber(what, self._where(spot), why))

    def _not_empty(self, block: Block, children: tuple[Block, ...]) -> None:
        if not children:
            self._findings.add(EmptyBlock(label_of(block), self._where(block)))

    def _root(self, symphony: Symphony) -> None:
        self._not_empty(symphony, symphony.body)
        threshold = symphony.policy.threshold
        if threshold is not None and not 0 <= threshold <= 1:
            what = f"the rebalance threshold is {number_text(threshold)}"
            self._wrong(what, "it is a fraction from 0 to 1", symphony)

    def _operand(self, operand: Indicator | Constant) -> None:
        if isinstance(operand, Indicator):
            if id(operand.measure) not in self._sound:
                self._measure(operand.measure, operand)
        elif not isinstance(operand.value, Parameter) and not isfinite(operand.value):
            self._wrong(f"a condition compares with {operand.value}", "it must be finite", operand)

    def _measure(self, measure: Measure, spot: object) -> None:
        keys = WINDOW_KEYS[measure.kind]
        if len(keys) != len(measure.windows):
            what = f"{measure.kind.value} has {len(measure.windows)} windows"
            error = MalformedBlock(what, self._where(spot), f"it takes {len(keys)}")
            return self._findings.add(error)
        least = least_window(measure)
        before = len(self._findings.errors)
        for key, window in zip(keys, measure.windows, strict=True):
            self._window(window, least, f"the {key} of {measure.kind.value}", spot)
        if len(self._findings.errors) == before:
            self._sound.add(id(measure))
        return None

    def _window(self, window: Window, least: int, what: str, spot: object) -> None:
        most = self._limits.window
        if not isinstance(window, Parameter) and not least <= window <= most:
            self._wrong(f"{what} is {window}", f"it is {least} to {most:,}", spot)

    def _count(self, block: Filter) -> None:
        if not isinstance(block.count, Parameter) and block.count < 1:
            what = f"a filter selects {block.count} blocks"
            self._wrong(what, "it selects at least 1", block)

    def _shares(self, block: WeightSpecified) -> None:
        self._not_empty(block, tuple(child for bundle in block.bundles for child in bundle))
        if len(block.shares) != len(block.bundles):
            what = f"{len(block.shares)} shares stand before {len(block.bundles)} blocks"
            self._findings.add(MalformedBlock(what, self._where(block)))
        known = [share for share in block.shares if not isinstance(share, Parameter)]
        for share in _wrong_shares(known):
            self._wrong(f"a share is {share}", "shares are finite and not negative", block)
        if block.shares and len(known) == len(block.shares) and not any(known):
            self._wrong("all shares are 0", "one of them has to be more", block)
        if all(map(isfinite, known)) and not isfinite(sum(known)):
            self._wrong("the shares add up to infinity", "they are divided by their sum", block)
        for share, bundle in zip(block.shares, block.bundles, strict=False):
            if not bundle and any(block.bundles):
                named = share.name if isinstance(share, Parameter) else number_text(share)
                self._findings.add(EmptyBlock(f"the share {named}", self._where(block)))


def _wrong_shares(shares: list[float]) -> Iterator[Number]:
    return (share for share in shares if not isfinite(share) or share < 0)
