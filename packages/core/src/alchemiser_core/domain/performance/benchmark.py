"""A symbol bought with the same cash on the same day and held, to compare with."""

from attrs import frozen

from alchemiser_core.domain.performance.equity_curve import EquityCurve
from alchemiser_core.domain.performance.statistics import Statistics
from alchemiser_core.domain.symbol import Symbol


@frozen(eq=False)
class Benchmark:
    """The curve and the figures of the symbol held, with the same costs and fill timing."""

    symbol: Symbol
    curve: EquityCurve
    statistics: Statistics
