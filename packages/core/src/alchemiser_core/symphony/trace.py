"""What the engine keeps of one evaluation so that its last session can be explained."""

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from alchemiser_core.domain.continuity import PriceRuns
from alchemiser_core.symphony.comparison import round_significant
from alchemiser_core.symphony.program import Candidates

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LOOK_BACK = 60
"""Sessions over which the usual size of a margin is measured."""

FRAGILE = 0.05
"""A margin under this part of its usual deviation could have fallen either way."""


@frozen
class TestTrace:
    """Both sides of a condition; NaN where undefined."""

    left: float
    right: float
    outcome: bool
    fragile: bool


@frozen(eq=False)
class ChoiceTrace:
    """The scores of a filter's candidates (NaN where left out) and which were chosen."""

    scores: Floats
    chosen: Flags
    ranking: tuple[int, ...]
    """Candidates that could be ranked, best first."""
    margin: float | None
    """Score of the last chosen minus that of the first rejected."""
    fragile: bool


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
        difference = (left - right)[-LOOK_BACK:]
        fragile = _is_fragile(float(difference[-1]), difference)
        self.tests[index] = TestTrace(float(left[-1]), float(right[-1]), bool(outcome[-1]), fragile)

    def record_node(self, index: int, decidable: Flags) -> None:
        """Keep whether a node is decidable."""
        self.decidable[index] = bool(decidable[-1])

    def record_series(self, candidates: Candidates, series: PriceRuns) -> None:
        """Keep how long the blocks' own series are."""
        self.series_bars[candidates] = tuple(int(age) + 1 for age in series.age[-1])

    def record_choice(self, index: int, ranked: Floats, scores: Floats, chosen: Flags) -> None:
        """Keep the ranking of a filter; `ranked` is `scores` with the best the highest."""
        last = chosen[:, -1]
        known = np.flatnonzero(~np.isnan(scores[:, -1]))
        rounded = round_significant(ranked[:, -1])
        ranking = sorted(known.tolist(), key=lambda i: (-rounded[i], i))
        margin, fragile = None, False
        taken = int(last.sum())
        if 0 < taken < len(ranking):
            gap = (scores[ranking[taken - 1]] - scores[ranking[taken]])[-LOOK_BACK:]
            tied = rounded[ranking[taken - 1]] == rounded[ranking[taken]]
            margin = 0.0 if tied else float(gap[-1])
            fragile = _is_fragile(margin, gap)
        self.choices[index] = ChoiceTrace(
            scores[:, -1].copy(), last.copy(), tuple(ranking), margin, fragile
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
