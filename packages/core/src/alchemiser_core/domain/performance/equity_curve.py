"""The value of an account session by session, and its returns.

A curve starts with the cash before the first trade, so that the cost of getting in is part of the
first return.
"""

from functools import cached_property

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from alchemiser_core.domain.bars import Sessions

SESSIONS_A_YEAR = 252
"""Sessions that count as one year in every annual figure."""


@frozen(eq=False, slots=False)
class EquityCurve:
    """Equity in account currency at the close of each session, after that session's trades."""

    sessions: Sessions
    """Shape (sessions,)."""
    equity: NDArray[np.float64] = field()
    """Shape (sessions,), positive; the first value is the starting cash."""

    @equity.validator
    def _one_value_a_session(self, attribute: object, value: NDArray[np.float64]) -> None:
        if value.shape != self.sessions.shape or len(value) == 0:
            raise ValueError(f"{len(self.sessions)} sessions but equity of shape {value.shape}")

    @property
    def final(self) -> float:
        """Equity at the end."""
        return float(self.equity[-1])

    @cached_property
    def returns(self) -> NDArray[np.float64]:
        """Return of each session after the first, shape (sessions - 1,)."""
        return self.equity[1:] / self.equity[:-1] - 1.0

    @property
    def years(self) -> float:
        """Number of returns over 252."""
        return (len(self.equity) - 1) / SESSIONS_A_YEAR
