"""What a restated history says in words: a split, a dividend, or a correction."""

from enum import StrEnum
from fractions import Fraction

from attrs import frozen

from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.bar_sync.comparison import Change

_NEAR_A_SPLIT = 1e-3
"""Relative; a dividend on the day of the split would move it further."""

_LEAST_SPLIT = 1.18
"""New shares for an old one; what is less is a dividend: no usual split is below 6 for 5."""

_UP_TO = 3.0
"""Splits of less than this may have parts, such as 3 for 2; others are for one share."""


class Cause(StrEnum):
    """What most likely happened; the prices alone do not say."""

    SPLIT = "split"
    DIVIDEND = "dividend"
    CORRECTION = "correction"


@frozen
class Restatement:
    """A symbol whose old closes changed, so that its history is replaced."""

    symbol: Symbol
    change: Change
    cause: Cause
    words: str
    """E.g. `split 2:1`, `dividend 0.31 %`, `correction`."""

    def __str__(self) -> str:
        change = self.change
        if self.cause is Cause.CORRECTION:
            which = f"of {change.sessions} closes from {change.first} to {change.last}"
            return f"{self.words} {which}, the newest times {change.factor:.6g}"
        return f"{self.words} after {change.last}, older closes times {change.factor:.6g}"


def explained(symbol: Symbol, change: Change, basis: PriceBasis) -> Restatement:
    """A change of old closes with its likely cause.

    Raw prices know neither splits nor dividends: what changes in them is corrected.
    """
    cause, words = _cause(change, basis)
    return Restatement(symbol, change, cause, words)


def _cause(change: Change, basis: PriceBasis) -> tuple[Cause, str]:
    if basis is PriceBasis.RAW or not change.is_uniform:
        return Cause.CORRECTION, "correction"
    size = max(change.factor, 1.0 / change.factor)
    if size >= _LEAST_SPLIT:
        return _split(change.factor, size)
    if change.factor < 1.0:
        return Cause.DIVIDEND, f"dividend {(1.0 - change.factor) * 100:.2g} %"
    return Cause.CORRECTION, "correction"


def _split(factor: float, size: float) -> tuple[Cause, str]:
    """By the usual ratio that the factor is near to."""
    ratio = Fraction(size).limit_denominator(5 if size < _UP_TO else 1)
    if abs(float(ratio) / size - 1.0) > _NEAR_A_SPLIT:
        return Cause.CORRECTION, "split with dividends, or a correction"
    many, one = ratio.numerator, ratio.denominator
    return Cause.SPLIT, f"split {many}:{one}" if factor < 1.0 else f"reverse split {one}:{many}"
