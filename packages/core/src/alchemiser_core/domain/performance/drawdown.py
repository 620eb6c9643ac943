"""How far an account fell from its peaks, and when."""

from datetime import date

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from alchemiser_core.domain.performance.equity_curve import EquityCurve


@frozen
class Drawdown:
    """One fall from a peak: how deep, and from when to when."""

    depth: float
    """Fraction of the peak, positive."""
    peak: date
    trough: date
    recovered: date | None
    """First session at or above the peak again; `None` where there is none yet."""


def drawdowns(curve: EquityCurve) -> NDArray[np.float64]:
    """Fall from the highest equity so far, as a positive fraction, shape (sessions,)."""
    return 1.0 - curve.equity / np.maximum.accumulate(curve.equity)


def max_drawdown(curve: EquityCurve) -> float:
    """The deepest fall, as a positive fraction; 0 for a curve that never falls."""
    return float(drawdowns(curve).max())


def worst_drawdown(curve: EquityCurve) -> Drawdown | None:
    """The deepest fall with its dates, the earliest of equals; `None` where nothing fell."""
    falls = drawdowns(curve)
    trough = int(falls.argmax())
    if falls[trough] == 0:
        return None
    peak = int(curve.equity[: trough + 1].argmax())
    back = np.flatnonzero(curve.equity[trough:] >= curve.equity[peak])
    return Drawdown(
        depth=float(falls[trough]),
        peak=curve.sessions[peak].item(),
        trough=curve.sessions[trough].item(),
        recovered=curve.sessions[trough + int(back[0])].item() if len(back) else None,
    )
