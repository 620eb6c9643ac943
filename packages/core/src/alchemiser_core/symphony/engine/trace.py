"""What the engine keeps of one evaluation so that its last session can be explained.

Only a few of a symphony's conditions and filters are on the path, so that rankings, margins and
their fragility are worked out when they are asked for.
"""

from functools import cached_property

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from alchemiser_core.domain.continuity import PriceRuns
from alchemiser_core.symphony.engine.comparison import round_significant
from alchemiser_core.symphony.engine.program import Candidates

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LOOK_BACK = 60
"""Sessions over which the usual size of a margin is measured."""

FRAGILE = 0.05
"""A margin under this part of its usual deviation could have fallen either way."""


@frozen(eq=False)
class TestTrace:
    """Both sides of a condition over the last sessions; NaN where undefined."""

    lefts: Floats
    rights: Floats
    outcome: bool

    @property
    def left(self) -> float:
        """The left side on the last session."""
        return float(self.lefts[-1])

    @property
    def right(self) -> float:
        """The right side on the last session."""
        return float(self.rights[-1])

    @property
    def fragile(self) -> bool:
        """Whether the outcome could as well have been the other."""
        return _is_fragile(self.left - self.right, self.lefts - self.rights)


@frozen(eq=False, slots=False)
class ChoiceTrace:
    """The scores of a filter's candidates (NaN where left out) and which were chosen."""

    history: Floats
    """Scores over the last sessions, shape (candidates, sessions)."""
    ranked: Floats
    """Scores of the last session with the best the highest."""
    chosen: Flags

    @property
    def scores(self) -> Floats:
        """Scores of the last session."""
        last: Floats = self.history[:, -1]
        return last

    @cached_property
    def ranking(self) -> tuple[int, ...]:
        """Candidates that could be ranked, best first."""
        known = np.flatnonzero(~np.isnan(self.scores)).tolist()
        return tuple(sorted(known, key=lambda i: (-self._rounded[i], i)))

    @cached_property
    def margin(self) -> float | None:
        """Score of the last chosen minus that of the first rejected; `None` without one of them."""
        if self._border is None:
            return None
        chosen, rejected = self._border
        if self._rounded[chosen] == self._rounded[rejected]:
            return 0.0
        return float(self.scores[chosen] - self.scores[rejected])

    @property
    def fragile(self) -> bool:
        """Whether the first rejected could as well have been chosen."""
        if self._border is None or self.margin is None:
            return False
        chosen, rejected = self._border
        return _is_fragile(self.margin, self.history[chosen] - self.history[rejected])

    @cached_property
    def _rounded(self) -> Floats:
        return round_significant(self.ranked)

    @property
    def _border(self) -> tuple[int, int] | None:
        taken = int(self.chosen.sum())
        ranking = self.ranking
        return (ranking[taken - 1], ranking[taken]) if 0 < taken < len(ranking) else None


@frozen(eq=False)
class PortionTrace:
    """Volatility and share of each block of an inverse-volatility weight."""

    volatility: Floats
    portions: Floats


@define
class Trace:
    """Filled by the engine; everything is about the last session of the history."""

    runs: PriceRuns | None = None
    tests: dict[int, TestTrace] = field(factory=dict)
    decidable: dict[int, bool] = field(factory=dict)
    choices: dict[int, ChoiceTrace] = field(factory=dict)
    portions: dict[int, PortionTrace] = field(factory=dict)
    series_bars: dict[Candidates, tuple[int, ...]] = field(factory=dict)
    """Bars of each block's own series, in the order of the blocks without the bare assets."""

    def record_test(self, index: int, left: Floats, right: Floats, outcome: Flags) -> None:
        """Keep both sides of a condition and its outcome."""
        lefts, rights = left[-LOOK_BACK:].copy(), right[-LOOK_BACK:].copy()
        self.tests[index] = TestTrace(lefts, rights, bool(outcome[-1]))

    def record_node(self, index: int, decidable: Flags) -> None:
        """Keep whether a node is decidable."""
        self.decidable[index] = bool(decidable[-1])

    def record_series(self, candidates: Candidates, series: PriceRuns) -> None:
        """Keep how long the blocks' own series are."""
        self.series_bars[candidates] = tuple(int(age) + 1 for age in series.age[-1])

    def record_choice(self, index: int, ranked: Floats, scores: Floats, chosen: Flags) -> None:
        """Keep the scores of a filter; `ranked` is `scores` with the best the highest."""
        self.choices[index] = ChoiceTrace(
            scores[:, -LOOK_BACK:].copy(), ranked[:, -1].copy(), chosen[:, -1].copy()
        )

    def record_portions(self, index: int, volatility: Floats, portions: Floats) -> None:
        """Keep the shares of an inverse-volatility weight."""
        self.portions[index] = PortionTrace(volatility[:, -1].copy(), portions[:, -1].copy())


def _is_fragile(margin: float, differences: Floats) -> bool:
    known = differences[~np.isnan(differences)]
    if np.isnan(margin) or len(known) < 2:
        return False
    largest = float(np.max(np.abs(known)))
    if largest == 0.0:
        return False
    # measured in units of the largest: squares of what a symphony may compare can overflow
    return bool(abs(margin) / largest < FRAGILE * (known / largest).std(ddof=1))
