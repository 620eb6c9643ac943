"""The indicators of prices that conditions and filters ask for, each computed once.

What recurses along the sessions (RSI, exponential averages) costs a pass over all of them
whatever the number of columns, so all of it is computed in one pass. The rest is computed when it
is first asked for and goes when its last reader has it: a symphony of hundreds of filters never
holds all of its tables at once.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from alchemiser_core.domain.continuity import PriceRuns
from alchemiser_core.domain.measure import IndicatorKind, Measure
from alchemiser_core.indicators import compute
from alchemiser_core.symphony.engine.program import InverseVolatility, Program, Rank, Signal

Floats = NDArray[np.float64]

_RECURSIVE = frozenset(
    {
        IndicatorKind.RSI,
        IndicatorKind.EXPONENTIAL_MOVING_AVERAGE_PRICE,
        IndicatorKind.PPO,
        IndicatorKind.PPO_SIGNAL,
    }
)


@define
class Signals:
    """Indicators by measure and column; every reader of the program asks exactly once."""

    program: Program
    runs: PriceRuns
    _rows: dict[Measure, dict[int, int]] = field(factory=dict)
    """Row of each column in the table of a measure."""
    _readers: dict[Measure, int] = field(factory=dict)
    _tables: dict[Measure, Floats] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        for measure, columns in _asked(self.program):
            rows = self._rows.setdefault(measure, {})
            for column in columns:
                rows.setdefault(column, len(rows))
            self._readers[measure] = self._readers.get(measure, 0) + 1

    def of(self, measure: Measure, columns: Sequence[int]) -> Floats:
        """Shape (columns, sessions); NaN where undefined."""
        rows = self._rows[measure]
        picked: Floats = self._read(measure)[[rows[column] for column in columns]]
        return picked

    def _read(self, measure: Measure) -> Floats:
        if measure not in self._tables:
            self._load(measure)
        table = self._tables[measure]
        self._readers[measure] -= 1
        if not self._readers[measure]:
            del self._tables[measure]
        return table

    def _load(self, measure: Measure) -> None:
        together = [measure]
        if measure.kind in _RECURSIVE:
            together = [other for other in self._rows if other.kind in _RECURSIVE]
        wanted = {each: list(self._rows[each]) for each in together}
        self._tables.update(compute(wanted, self.runs))


def _asked(program: Program) -> Iterator[tuple[Measure, Sequence[int]]]:
    """What each reader asks for: one question a side of a test, one a ranking of bare assets."""
    for test in program.tests:
        for side in (test.left, test.right):
            if isinstance(side, Signal):
                yield side.measure, (side.column,)
    for node in program.nodes:
        if isinstance(node, Rank | InverseVolatility):
            assets = node.candidates.assets
            if assets:
                yield node.candidates.measure, assets
