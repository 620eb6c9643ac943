"""Indicators over the last N sessions, computed by doubling shifted arrays.

A block that covers 2k sessions is made of two that cover k, so that a window of N sessions takes
about log2(N) passes over the array, and N = 200 is put together from blocks of 8, 64 and 128. The
order of the additions depends on N alone: neither on where the window lies, nor on how long the
array is, nor on what came before the window.

All functions take series laid end to end in one contiguous array, and write to `out` the value of
the window that ends at each position. Positions whose window reaches over the start of its series
get a meaningless number; the caller blanks them.
"""

import numpy as np
from numpy.typing import NDArray

Series = NDArray[np.float64]


def _pair(x: Series) -> tuple[Series, Series]:
    return np.empty_like(x), np.empty_like(x)


def _sum(x: Series, window: int, out: Series) -> None:
    """Sum of the last `window` values."""
    block, spare = x, np.empty_like(x)
    other = np.empty_like(x)
    size, done = 1, 0
    while True:
        if window & size:
            if done:
                np.add(out[done:], block[:-done], out=out[done:])
            else:
                np.copyto(out, block)
            done += size
        if done == window:
            return
        np.add(block[size:], block[:-size], out=spare[size:])
        block, spare = spare, (other if block is x else block)
        size *= 2


def _deviation(x: Series, window: int, out: Series) -> None:
    """Sample standard deviation (ddof 1) of the last `window` values, exactly 0 if they are equal.

    Sums of squares about the mean are merged pairwise (Chan, Golub and LeVeque, 1979). Sums of
    2**k equal values are exact, and so are the means made of them.
    """
    total, total_spare = _pair(x)
    squares, squares_spare = _pair(x)
    mean, difference = _pair(x)
    np.copyto(total, x)
    squares.fill(0.0)
    size, done = 1, 0
    while True:
        if window & size:
            if done:
                here = difference[done:]
                np.multiply(total[:-done], 1.0 / size, out=here)
                here -= mean[done:]
                now = done + size
                np.multiply(here, size / now, out=total_spare[done:])
                mean[done:] += total_spare[done:]
                here *= here
                here *= done * size / now
                out[done:] += here
                out[done:] += squares[:-done]
            else:
                np.multiply(total, 1.0 / size, out=mean)
                np.copyto(out, squares)
            done += size
        if done == window:
            break
        here = difference[size:]
        np.subtract(total[size:], total[:-size], out=here)
        here *= here
        here *= 0.5 / size
        np.add(squares[size:], squares[:-size], out=squares_spare[size:])
        squares_spare[size:] += here
        np.add(total[size:], total[:-size], out=total_spare[size:])
        total, total_spare = total_spare, total
        squares, squares_spare = squares_spare, squares
        size *= 2
    out /= window - 1
    np.sqrt(out, out=out)


def _worst_ratio(x: Series, window: int, out: Series) -> None:
    """Least later-to-earlier ratio within the last `window` values; 1 where they never fall."""
    high, high_spare = _pair(x)
    low, low_spare = _pair(x)
    worst, worst_spare = _pair(x)
    lowest, ratio = _pair(x)
    np.copyto(high, x)
    np.copyto(low, x)
    worst.fill(1.0)
    size, done = 1, 0
    while True:
        if window & size:
            if done:
                across = ratio[done:]
                np.divide(lowest[done:], high[:-done], out=across)
                np.minimum(across, worst[:-done], out=across)
                np.minimum(out[done:], across, out=out[done:])
                np.minimum(lowest[done:], low[:-done], out=lowest[done:])
            else:
                np.copyto(lowest, low)
                np.copyto(out, worst)
            done += size
        if done == window:
            return
        across = ratio[size:]
        np.divide(low[size:], high[:-size], out=across)
        np.minimum(across, worst[size:], out=across)
        np.minimum(across, worst[:-size], out=worst_spare[size:])
        np.maximum(high[size:], high[:-size], out=high_spare[size:])
        np.minimum(low[size:], low[:-size], out=low_spare[size:])
        worst, worst_spare = worst_spare, worst
        high, high_spare = high_spare, high
        low, low_spare = low_spare, low
        size *= 2


def _returns(prices: Series) -> Series:
    """Daily returns; the first has no meaning."""
    returns = np.empty_like(prices)
    returns[:1] = np.nan
    np.divide(prices[1:], prices[:-1], out=returns[1:])
    returns -= 1.0
    return returns


def moving_average_price(prices: Series, window: int, out: Series) -> None:
    """Mean of the last `window` closes."""
    _sum(prices, window, out)
    out /= window


def cumulative_return(prices: Series, window: int, out: Series) -> None:
    """Return over `window` sessions, in percent."""
    out[:window] = np.nan
    np.divide(prices[window:], prices[:-window], out=out[window:])
    out -= 1.0
    out *= 100.0


def moving_average_return(prices: Series, window: int, out: Series) -> None:
    """Mean of the last `window` daily returns, in percent."""
    _sum(_returns(prices), window, out)
    out /= window
    out *= 100.0


def stdev_return(prices: Series, window: int, out: Series) -> None:
    """Sample standard deviation of the last `window` daily returns, in daily percent."""
    _deviation(_returns(prices), window, out)
    out *= 100.0


def stdev_price(prices: Series, window: int, out: Series) -> None:
    """Sample standard deviation of the last `window` closes, in the unit of the price."""
    _deviation(prices, window, out)


def max_drawdown(prices: Series, window: int, out: Series) -> None:
    """Largest fall from a peak within the last `window` closes, as a positive percentage."""
    _worst_ratio(prices, window, out)
    np.subtract(1.0, out, out=out)
    out *= 100.0
