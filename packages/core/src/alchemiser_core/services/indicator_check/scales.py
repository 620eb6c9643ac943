"""How two vendors' numbers are compared: free of scale, so that it is no difference by how much a
vendor's prices were adjusted since.

RSI is compared in points. An average of prices is compared as the gap of the close over it, and a
price as its change since the close before, in percent and each by the vendor's own prices. Returns,
drawdowns and oscillators are percent already; deviations are compared relative to each other.
"""

from math import nan

from attrs import frozen

from alchemiser_core.domain.measure import IndicatorKind, Measure
from alchemiser_core.indicators.requirement import windows_of

_AVERAGES = (
    IndicatorKind.MOVING_AVERAGE_PRICE,
    IndicatorKind.EXPONENTIAL_MOVING_AVERAGE_PRICE,
)
_DEVIATIONS = (IndicatorKind.STDEV_RETURN, IndicatorKind.STDEV_PRICE)
_LEVELS = (IndicatorKind.CURRENT_PRICE, IndicatorKind.STDEV_PRICE, *_AVERAGES)
"""Kinds in US dollars, which move with the adjustment of the prices."""


CALM = 0.5
"""Percent that a symbol moves by in a day, below which the cents of its price weigh more."""
_BY_MOVES = (IndicatorKind.RSI, *_DEVIATIONS)
"""Kinds that are made of the day's moves alone, so that what a price is rounded to counts in them.
"""


@frozen
class Tolerances:
    """By how much two vendors may differ before it is told.

    Two closes that are 0.05 % apart make 1 point of RSI and 5 % of a deviation in a fund that moves
    by 1 % a day, and 35 points and 80 % in one of T-bills. So what is made of moves alone is given
    more room in proportion, where a symbol moves by less than `CALM` a day.
    """

    rsi_points: float = 2.0
    price_percent: float = 0.5
    """Of prices and their averages: the gap of close and average, the day's change of a price."""
    return_percent: float = 0.5
    """Of returns over a whole window, and of drawdowns, in percentage points."""
    deviation_percent: float = 5.0
    """Of deviations, relative to the larger."""
    oscillator_percent: float = 0.25
    """Of price oscillators, in percentage points."""

    def for_moves(self, measure: Measure, move: float) -> float:
        """The tolerance for a symbol whose daily returns deviate by `move` percent."""
        if measure.kind not in _BY_MOVES or not 0.0 < move < CALM:
            return self.of(measure)
        return self.of(measure) * CALM / move

    def of(self, measure: Measure) -> float:
        """The tolerance of an indicator, in the unit that it is compared in."""
        match measure.kind:
            case IndicatorKind.RSI:
                return self.rsi_points
            case IndicatorKind.PPO | IndicatorKind.PPO_SIGNAL:
                return self.oscillator_percent
            case kind if kind in _DEVIATIONS:
                return self.deviation_percent
            case kind if kind in _LEVELS:
                return self.price_percent
            case _:
                return self.return_percent


@frozen
class Reading:
    """An indicator by one vendor, and the closes that it is seen against, US dollars."""

    value: float
    """In the units of the indicator."""
    close: float
    """Of the session."""
    previous: float
    """Of the session before; NaN where it is not known."""


def is_level(measure: Measure) -> bool:
    """Whether the indicator is in US dollars."""
    return measure.kind in _LEVELS


def unit(measure: Measure) -> str:
    """What the numbers compared are, in words."""
    match measure.kind:
        case IndicatorKind.RSI:
            return "points"
        case IndicatorKind.CURRENT_PRICE:
            return "% on the day"
        case IndicatorKind.STDEV_PRICE:
            return "% of the close"
        case IndicatorKind.MOVING_AVERAGE_RETURN:
            return "% over the window"
        case kind if kind in _AVERAGES:
            return "% close over average"
        case _:
            return "%"


def comparable(measure: Measure, reading: Reading) -> float:
    """The number that is compared, in the unit of `unit`; NaN where a close is missing."""
    match measure.kind:
        case IndicatorKind.CURRENT_PRICE:
            return 100.0 * (_ratio(reading.close, reading.previous) - 1.0)
        case IndicatorKind.STDEV_PRICE:
            return 100.0 * _ratio(reading.value, reading.close)
        case IndicatorKind.MOVING_AVERAGE_RETURN:
            return reading.value * windows_of(measure)[0]
        case kind if kind in _AVERAGES:
            return 100.0 * (_ratio(reading.close, reading.value) - 1.0)
        case _:
            return reading.value


def difference(measure: Measure, ours: float, theirs: float) -> float:
    """Theirs minus ours, both `comparable`, in the unit of the tolerance."""
    if measure.kind in _DEVIATIONS:
        return _relative(ours, theirs)
    return theirs - ours


def distance(measure: Measure, one: float, other: float) -> float:
    """How far two values in the units of an indicator are apart, in the unit of its tolerance."""
    if measure.kind in _LEVELS or measure.kind in _DEVIATIONS:
        return abs(_relative(one, other))
    if measure.kind is IndicatorKind.MOVING_AVERAGE_RETURN:
        return abs(other - one) * windows_of(measure)[0]
    return abs(other - one)


def _ratio(one: float, other: float) -> float:
    """NaN where a vendor gives an average of 0."""
    return one / other if other else nan


def _relative(one: float, other: float) -> float:
    """Percent of the larger, so that nothing is divided by zero."""
    larger = max(abs(one), abs(other))
    return 100.0 * (other - one) / larger if larger else 0.0
