"""Sums, deviations and falls over the last N values, computed by doubling shifted arrays.

A block that covers 2k sessions is made of two that cover k, so that a window of N sessions takes
about log2(N) passes over the array, and N = 200 is put together from blocks of 8, 64 and 128. The
order of the additions depends on N alone: neither on where the window lies, nor on how long the
array is, nor on what came before the window.

All functions take series laid end to end in one contiguous array, and write to `out` the value of
the window that ends at each position. Positions whose window reaches over the start of its series
get a meaningless number; the caller blanks them. `scratch` has `SCRATCH_ROWS` rows as long as the
series and is overwritten; the last of them is left to the caller.
"""

from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Series = NDArray[np.float64]

SCRATCH_ROWS = 9
"""Rows of scratch that a caller of any function here provides, its own row included."""


@frozen
class _Step:
    """One size of blocks on the way to a window."""

    size: int
    taken: bool
    """Whether a block of this size is part of the window."""
    done: int
    """Sessions at the window's end that smaller blocks cover already."""
    last: bool


def _steps(window: int) -> Iterator[_Step]:
    """The powers of two up to a window, smallest first."""
    size, done = 1, 0
    while done < window:
        taken = bool(window & size)
        yield _Step(size, taken, done, done + size == window)
        done += size if taken else 0
        size *= 2


def trailing_sum(x: Series, window: int, out: Series, scratch: Series) -> None:
    """Sum of the last `window` values."""
    block, spare, other = x, scratch[0], scratch[1]
    for step in _steps(window):
        size, done = step.size, step.done
        if step.taken and done:
            np.add(out[done:], block[:-done], out=out[done:])
        elif step.taken:
            np.copyto(out, block)
        if not step.last:
            np.add(block[size:], block[:-size], out=spare[size:])
            block, spare, other = spare, other, spare


def trailing_deviation(x: Series, window: int, out: Series, scratch: Series) -> None:
    """Sample standard deviation (ddof 1) of the last `window` values, exactly 0 if they are equal.

    Sums of squares about the mean are merged pairwise (Chan, Golub and LeVeque, 1979). Sums of
    2**k equal values are exact, and so are the means made of them.
    """
    mean, change, total, total_spare, squares, squares_spare = scratch[:6]
    np.copyto(total, x)
    squares.fill(0.0)
    for step in _steps(window):
        size, done = step.size, step.done
        if step.taken and done:
            _merge(mean, out, total, squares, step, change, total_spare)
        elif step.taken:
            np.multiply(total, 1.0 / size, out=mean)
            np.copyto(out, squares)
        if not step.last:
            _double_squares(total, squares, size, change, squares_spare)
            np.add(total[size:], total[:-size], out=total_spare[size:])
            total, total_spare = total_spare, total
            squares, squares_spare = squares_spare, squares
    out /= window - 1
    np.sqrt(out, out=out)


def _double_squares(
    total: Series, squares: Series, size: int, change: Series, doubled: Series
) -> None:
    """Squares about the mean of two neighbouring blocks of a size together."""
    here = change[size:]
    np.subtract(total[size:], total[:-size], out=here)
    here *= here
    here *= 0.5 / size
    np.add(squares[size:], squares[:-size], out=doubled[size:])
    doubled[size:] += here


def _merge(
    mean: Series,
    merged: Series,
    total: Series,
    squares: Series,
    step: _Step,
    change: Series,
    spare: Series,
) -> None:
    """Merge a block into the mean and the squares of the `step.done` sessions behind it."""
    size, done = step.size, step.done
    now = done + size
    here, shift = change[done:], spare[done:]
    np.multiply(total[:-done], 1.0 / size, out=here)
    here -= mean[done:]
    np.multiply(here, size / now, out=shift)
    mean[done:] += shift
    here *= here
    here *= done * size / now
    merged[done:] += here
    merged[done:] += squares[:-done]


def trailing_worst_ratio(x: Series, window: int, out: Series, scratch: Series) -> None:
    """Least later-to-earlier ratio within the last `window` values; 1 where they never fall."""
    lowest, ratio, worst, high, low, worst_spare, high_spare, low_spare = scratch[:8]
    high[:] = low[:] = x
    worst.fill(1.0)
    for step in _steps(window):
        size, done = step.size, step.done
        if step.taken and done:
            across = ratio[done:]
            np.divide(lowest[done:], high[:-done], out=across)
            np.minimum(across, worst[:-done], out=across)
            np.minimum(out[done:], across, out=out[done:])
            np.minimum(lowest[done:], low[:-done], out=lowest[done:])
        elif step.taken:
            lowest[:], out[:] = low, worst
        if not step.last:
            across = ratio[size:]
            np.divide(low[size:], high[:-size], out=across)
            np.minimum(across, worst[size:], out=across)
            np.minimum(across, worst[:-size], out=worst_spare[size:])
            np.maximum(high[size:], high[:-size], out=high_spare[size:])
            np.minimum(low[size:], low[:-size], out=low_spare[size:])
            worst, worst_spare = worst_spare, worst
            high, high_spare = high_spare, high
            low, low_spare = low_spare, low
