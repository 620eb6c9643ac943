"""How many bars an indicator needs before it has a value."""

from alchemiser_core.domain.measure import IndicatorKind, Measure

_CHANGES = frozenset(
    {
        IndicatorKind.RSI,
        IndicatorKind.CUMULATIVE_RETURN,
        IndicatorKind.MOVING_AVERAGE_RETURN,
        IndicatorKind.STDEV_RETURN,
    }
)
"""Kinds over N changes, which need one bar more than N."""


def windows_of(measure: Measure) -> tuple[int, ...]:
    """The windows of a plain measure; a parameter left in one is a programming error."""
    windows = tuple(window for window in measure.windows if isinstance(window, int))
    if len(windows) != len(measure.windows) or any(window < 1 for window in windows):
        raise ValueError(f"windows of {measure} are not plain positive whole numbers")
    return windows


def bars_needed(measure: Measure) -> int:
    """Bars of an unbroken run that a plain measure needs, the decision's own bar included."""
    windows = windows_of(measure)
    match measure.kind:
        case IndicatorKind.CURRENT_PRICE:
            return 1
        case IndicatorKind.PPO:
            short, long = windows
            return max(short, long)
        case IndicatorKind.PPO_SIGNAL:
            short, long, smooth = windows
            return max(short, long) + smooth - 1
        case _:
            (window,) = windows
            return window + (measure.kind in _CHANGES)
