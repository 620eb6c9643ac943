"""The price series of a block: what a portfolio that follows the block alone would be worth.

Weights decided at the close of t earn the return from t to t+1, rebalanced daily, without costs.
The index lives on the dates on which the block is decidable: it starts at 1 on the first date of
each unbroken run, and also where the price of something held was neither there nor carried.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from alchemiser_core.domain.continuity import PriceRuns

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def block_series(decidable: Sequence[Flags], returns: Sequence[Floats]) -> PriceRuns:
    """The index of several blocks, one column each.

    `decidable` and `returns` hold one array of shape (sessions,) a block; `returns[b][t]` is what
    the weights decided at t earn from t to t+1, NaN where a held price is not there at t+1.
    """
    alive = np.stack(decidable)
    earned = np.stack(returns)
    starts = alive.copy()
    starts[:, 1:] &= ~alive[:, :-1] | np.isnan(earned[:, :-1])
    age = _age(alive, starts)
    growth = np.ones(alive.shape)
    np.add(earned[:, :-1], 1.0, out=growth[:, 1:])
    growth[starts] = 1.0
    return PriceRuns(values=_index(growth, age).T, age=age.T, present=alive.T)


def _index(growth: Floats, age: NDArray[np.int32]) -> Floats:
    """The running product of every run; NaN outside runs."""
    values = np.full(growth.shape, np.nan)
    factors, products = growth.reshape(-1), values.reshape(-1)
    for start, stop in _segments(age):
        np.multiply.accumulate(factors[start:stop], out=products[start:stop])
    return values


def _age(alive: Flags, starts: Flags) -> NDArray[np.int32]:
    position = np.arange(alive.shape[1], dtype=np.int32)
    began = np.maximum.accumulate(np.where(starts, position, np.int32(-1)), axis=1)
    return np.where(alive, position - began, np.int32(-1))


def _segments(age: NDArray[np.int32]) -> list[tuple[int, int]]:
    """Start and stop of every run in the flattened array."""
    ends = age >= 0
    ends[:, :-1] &= age[:, 1:] <= 0
    last = np.flatnonzero(ends)
    first = last - age.reshape(-1)[last]
    return list(zip(first.tolist(), (last + 1).tolist(), strict=True))
