"""Indicators by plain formulas, and not by those of the core: the stand-in is the other side."""

from collections.abc import Callable, Mapping, Sequence

Values = list[float | None]
"""One for each bar; `None` where there are not enough bars yet."""


def simple(closes: Sequence[float], period: int) -> Values:
    """The mean of the last `period` closes."""
    return [
        sum(closes[place - period + 1 : place + 1]) / period if place >= period - 1 else None
        for place in range(len(closes))
    ]


def exponential(closes: Sequence[float], period: int) -> Values:
    """Weights that fall by `2 / (period + 1)`, begun with the mean of the first `period` closes."""
    values: Values = []
    last: float | None = None
    for place, close in enumerate(closes):
        if place == period - 1:
            last = sum(closes[:period]) / period
        elif last is not None:
            last += 2 / (period + 1) * (close - last)
        values.append(last)
    return values


def strength(closes: Sequence[float], period: int) -> Values:
    """Wilder's relative strength index, 0 to 100, begun with the means of the first changes."""
    values: Values = [None] * min(period, len(closes))
    gain = loss = 0.0
    for place in range(1, len(closes)):
        change = closes[place] - closes[place - 1]
        up, down = max(change, 0.0), max(-change, 0.0)
        if place <= period:
            gain, loss = gain + up / period, loss + down / period
        else:
            gain = (gain * (period - 1) + up) / period
            loss = (loss * (period - 1) + down) / period
        if place >= period:
            whole = gain + loss
            values.append(50.0 if whole == 0 else 100 * gain / whole)
    return values


FORMULAS: Mapping[str, tuple[str, Callable[[Sequence[float], int], Values]]] = {
    "rsi": ("RSI - Relative Strength Index", strength),
    "sma": ("SMA - Simple Moving Average", simple),
    "ema": ("EMA - Exponential Moving Average", exponential),
}
"""By the names of the paths: how the vendor calls it, and how it is computed."""
