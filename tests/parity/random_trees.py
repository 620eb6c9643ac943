"""Random plain symphonies and gap-ridden histories, small enough to be decided date by date.

Windows are short, symbols few and prices coarse, so that ties, undecidable branches, runs that
restart and rankings inside rankings all happen often.
"""

from random import Random

import numpy as np
from attrs import define

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.measure import IndicatorKind, Measure
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.symphony.ast import (
    Asset,
    Block,
    Comparator,
    Condition,
    Constant,
    Filter,
    Group,
    If,
    Indicator,
    Select,
    Symphony,
    WeightEqual,
    WeightInverseVolatility,
    WeightSpecified,
)

SYMBOLS = tuple(Symbol(name) for name in ("AAA", "BBB", "CCC", "DDD", "EEE", "BRK.B"))
ABSENT = Symbol("NONE")
"""A symbol that no history here has."""


@define
class TreeMaker:
    """Makes random blocks, at most `depth` deep."""

    random: Random

    def symphony(self, depth: int = 5) -> Symphony:
        return Symphony(name="random", body=self.blocks(depth, 1, 2))

    def blocks(self, depth: int, least: int, most: int) -> tuple[Block, ...]:
        return tuple(self.block(depth - 1) for _ in range(self.random.randint(least, most)))

    def block(self, depth: int) -> Block:
        if depth <= 0 or self.random.random() < 0.15:
            return Asset(self.symbol())
        make = self.random.choice(
            (self._if, self._if, self._filter, self._filter, self._equal, self._specified,
             self._inverse_volatility, self._group)
        )  # fmt: skip
        return make(depth)

    def symbol(self) -> Symbol:
        return ABSENT if self.random.random() < 0.02 else self.random.choice(SYMBOLS)

    def measure(self) -> Measure:
        kind = self.random.choice(tuple(IndicatorKind))
        one = self.random.choice((2, 3, 5, 8))
        match kind:
            case IndicatorKind.CURRENT_PRICE:
                return Measure(kind)
            case IndicatorKind.PPO:
                return Measure(kind, (2, one))
            case IndicatorKind.PPO_SIGNAL:
                return Measure(kind, (one, 4, 3))
            case _:
                return Measure(kind, (one,))

    def condition(self) -> Condition:
        measure = self.measure()
        left = Indicator(measure, self.symbol())
        comparator = self.random.choice(tuple(Comparator))
        if self.random.random() < 0.5:
            return Condition(comparator, left, Indicator(measure, self.symbol()))
        number = Constant(self.random.choice((0.0, 0.5, 2.0, 50.0, 100.0)))
        return Condition(comparator, left, number)

    def _if(self, depth: int) -> Block:
        return If(self.condition(), self.blocks(depth, 0, 2), self.blocks(depth, 0, 2))

    def _filter(self, depth: int) -> Block:
        select = self.random.choice(tuple(Select))
        children = self.blocks(depth, 1, 5)
        return Filter(self.measure(), select, self.random.randint(1, 3), children)

    def _equal(self, depth: int) -> Block:
        return WeightEqual(self.blocks(depth, 1, 3))

    def _group(self, depth: int) -> Block:
        return Group("same name", self.blocks(depth, 1, 2))

    def _specified(self, depth: int) -> Block:
        bundles = tuple(self.blocks(depth, 1, 2) for _ in range(self.random.randint(1, 3)))
        shares = [float(self.random.choice((0, 1, 30, 60.5))) for _ in bundles]
        shares[0] = shares[0] or 1.0
        return WeightSpecified(tuple(shares), bundles)

    def _inverse_volatility(self, depth: int) -> Block:
        return WeightInverseVolatility(self.random.choice((2, 3, 5)), self.blocks(depth, 1, 3))


def gapped_history(seed: int, sessions: int = 60) -> BarHistory:
    """Coarse prices with late listings, holes of every length and some that cannot be."""
    rng = np.random.default_rng(seed)
    shape = (sessions, len(SYMBOLS))
    steps = rng.choice([-0.02, -0.01, 0.0, 0.01, 0.03], size=shape)
    close = np.round(50 * np.cumprod(1 + steps, axis=0), 2)
    for column in range(len(SYMBOLS)):
        if rng.random() < 0.3:
            close[: rng.integers(0, sessions // 2), column] = np.nan
        for _ in range(rng.integers(0, 4)):
            start, length = rng.integers(0, sessions), rng.integers(1, 9)
            close[start : start + length, column] = np.nan
        if rng.random() < 0.2:
            close[rng.integers(0, sessions), column] = rng.choice([0.0, -1.0, np.inf])
    days = np.busday_offset(np.datetime64("2024-01-01"), np.arange(sessions), roll="forward")
    return BarHistory(days, SYMBOLS, close)
