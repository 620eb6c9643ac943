"""Why a symphony cannot decide on a session: every cause on the path, down to symbol and bars."""

from datetime import date
from typing import cast

import numpy as np
from attrs import define, field

from alchemiser_core.domain.decision import LeftOut
from alchemiser_core.domain.measure import IndicatorKind, Measure
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.domain.undecidable import (
    AllLeftOut,
    Cause,
    InsufficientHistory,
    NoPrice,
    ZeroVolatility,
)
from alchemiser_core.indicators import bars_needed
from alchemiser_core.symphony.ast import (
    Asset,
    Block,
    Filter,
    If,
    Indicator,
    WeightInverseVolatility,
    WeightSpecified,
    children_of,
)
from alchemiser_core.symphony.engine.compile import distinct_assets
from alchemiser_core.symphony.engine.program import Candidates, InverseVolatility, Program, Rank
from alchemiser_core.symphony.engine.trace import Trace
from alchemiser_core.symphony.explanation.labels import block_label, measure_label


@define
class CauseFinder:
    """Looks for causes in the trace of an evaluation whose last session is `session`."""

    program: Program
    trace: Trace
    session: date
    _columns: dict[Symbol, int] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._columns = {symbol: i for i, symbol in enumerate(self.program.symbols)}

    def causes(self) -> tuple[Cause, ...]:
        """Every cause on the path taken, in text order, each once."""
        found: dict[Cause, None] = {}
        stack: list[Block] = [self.program.symphony]
        while stack:
            block = stack.pop()
            if self.is_decidable(block):
                continue
            causes, below = self._of(block)
            found.update(dict.fromkeys(causes))
            stack.extend(reversed(below))
        return tuple(found)

    def is_decidable(self, block: Block) -> bool:
        """Whether a block of the tree can be decided."""
        return self.trace.decidable[self.program.node_of[id(block)]]

    def bars(self, symbol: Symbol) -> int:
        """Bars of the symbol's run up to the session; 0 where it has no price of its own then."""
        runs = self.trace.runs
        if runs is None:
            raise ValueError("the trace is empty: evaluate with it first")
        column = self._columns[symbol]
        return int(runs.age[-1, column]) + 1 if runs.present[-1, column] else 0

    def left_out(self, block: Filter) -> tuple[LeftOut, ...]:
        """The candidates of a filter that could not be ranked, and why."""
        index = self.program.node_of[id(block)]
        node = cast(Rank, self.program.nodes[index])
        choice = self.trace.choices[index]
        return tuple(
            LeftOut(block_label(child), self._why_unranked(child, row, node.candidates))
            for row, child in enumerate(distinct_assets(block.children))
            if np.isnan(choice.scores[row])
        )

    def _of(self, block: Block) -> tuple[tuple[Cause, ...], tuple[Block, ...]]:
        """The causes in the block itself, and the blocks below that may have more."""
        match block:
            case Asset():
                return (NoPrice(cast(Symbol, block.symbol), self.session),), ()
            case If():
                return self._of_condition(block)
            case Filter():
                cause = AllLeftOut(measure_label(block.measure), self.left_out(block))
                return (cause,), tuple(b for b in block.children if not isinstance(b, Asset))
            case WeightInverseVolatility():
                return self._of_volatility(block)
            case WeightSpecified():
                pairs = zip(block.shares, block.bundles, strict=True)
                kept = (bundle for share, bundle in pairs if cast(float, share) > 0)
                return (), tuple(child for bundle in kept for child in bundle)
            case _:
                return (), children_of(block)

    def _of_condition(self, block: If) -> tuple[tuple[Cause, ...], tuple[Block, ...]]:
        test = self.trace.tests[self.program.test_of[id(block)]]
        sides = ((block.condition.left, test.left), (block.condition.right, test.right))
        lacking = tuple(
            self._insufficient(cast(Symbol, side.symbol), side.measure)
            for side, value in sides
            if isinstance(side, Indicator) and np.isnan(value)
        )
        if lacking:
            return lacking, ()
        return (), block.then if test.outcome else block.otherwise

    def _of_volatility(
        self, block: WeightInverseVolatility
    ) -> tuple[tuple[Cause, ...], tuple[Block, ...]]:
        index = self.program.node_of[id(block)]
        volatility = self.trace.portions[index].volatility
        measure = Measure(IndicatorKind.STDEV_RETURN, (block.window,))
        found: list[Cause] = []
        below: list[Block] = []
        for row, child in enumerate(block.children):
            if volatility[row] == 0:
                found.append(ZeroVolatility(block_label(child), cast(int, block.window)))
            elif np.isnan(volatility[row]):
                if isinstance(child, Asset):
                    found.append(self._insufficient(cast(Symbol, child.symbol), measure))
                elif self.is_decidable(child):
                    found.append(self._short_series(index, row, child, measure))
                else:
                    below.append(child)
        return tuple(found), tuple(below)

    def _short_series(self, index: int, row: int, block: Block, measure: Measure) -> Cause:
        candidates = cast(InverseVolatility, self.program.nodes[index]).candidates
        return InsufficientHistory(
            symbol=block_label(block),
            indicator=measure_label(measure),
            needed=bars_needed(measure),
            available=self._series_bars(candidates, row),
        )

    def _insufficient(self, symbol: Symbol, measure: Measure) -> InsufficientHistory:
        return InsufficientHistory(
            symbol=symbol,
            indicator=measure_label(measure),
            needed=bars_needed(measure),
            available=self.bars(symbol),
        )

    def _why_unranked(self, block: Block, row: int, candidates: Candidates) -> str:
        needed = bars_needed(candidates.measure)
        label = measure_label(candidates.measure)
        if isinstance(block, Asset):
            available = self.bars(cast(Symbol, block.symbol))
            if not available:
                return f"no price on {self.session}"
            return f"{label} needs {needed} bars, {available} are there"
        if not self.is_decidable(block):
            return f"undecidable on {self.session}"
        return (
            f"{label} needs {needed} bars, its own series has {self._series_bars(candidates, row)}"
        )

    def _series_bars(self, candidates: Candidates, row: int) -> int:
        blocks_before = sum(column < 0 for column in candidates.columns[:row])
        return self.trace.series_bars[candidates][blocks_before]
