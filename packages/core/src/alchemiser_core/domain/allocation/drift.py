"""Drift: how far held weights have moved from the decided ones."""

from collections.abc import Mapping
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from alchemiser_core.domain.money import ZERO
from alchemiser_core.domain.symbol import Symbol

Weights = NDArray[np.float64]
"""Fractions of equity, shape (symbols,) or (sessions, symbols)."""


def drift(
    held: Mapping[Symbol, Decimal], decided: Mapping[Symbol, Decimal]
) -> dict[Symbol, Decimal]:
    """Held minus decided weight of every symbol in either, sorted; fractions of equity."""
    return {s: held.get(s, ZERO) - decided.get(s, ZERO) for s in sorted({*held, *decided})}


def largest_drift(held: Weights, decided: Weights) -> float:
    """The largest |held − decided| of one session; both of shape (symbols,), 0 for no symbols."""
    return float(np.abs(held - decided).max(initial=0.0))
