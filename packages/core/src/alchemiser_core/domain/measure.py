"""Which indicator over which windows: the words that rules and indicators share."""

from enum import StrEnum

from attrs import frozen


class IndicatorKind(StrEnum):
    """The indicators, by their EDN names."""

    CURRENT_PRICE = "current-price"
    MOVING_AVERAGE_PRICE = "moving-average-price"
    EXPONENTIAL_MOVING_AVERAGE_PRICE = "exponential-moving-average-price"
    RSI = "rsi"
    CUMULATIVE_RETURN = "cumulative-return"
    MOVING_AVERAGE_RETURN = "moving-average-return"
    STDEV_RETURN = "stdev-return"
    STDEV_PRICE = "stdev-price"
    MAX_DRAWDOWN = "max-drawdown"
    PPO = "percentage-price-oscillator"
    PPO_SIGNAL = "percentage-price-oscillator-signal"


@frozen
class Parameter:
    """`#param name` where a number, a window or a symbol stands."""

    name: str


Window = int | Parameter
"""A number of bars, or the parameter that stands for it until it is put in."""


@frozen(cache_hash=True)  # a key of many tables
class Measure:
    """An indicator without its symbol: what a filter ranks by."""

    kind: IndicatorKind
    windows: tuple[Window, ...] = ()
    """`()` for the current price, `(N,)`, `(short, long)` or `(short, long, smooth)`."""
