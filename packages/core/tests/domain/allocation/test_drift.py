from decimal import Decimal

import numpy as np

from alchemiser_core.domain.allocation.drift import drift, largest_drift
from alchemiser_core.domain.symbol import Symbol

SPY, TLT, GLD = Symbol("SPY"), Symbol("TLT"), Symbol("GLD")


def test_drift_is_held_minus_decided_of_every_symbol_in_either():
    held = {SPY: Decimal("0.5"), GLD: Decimal("0.1")}
    decided = {SPY: Decimal("0.6"), TLT: Decimal("0.4")}
    assert list(drift(held, decided).items()) == [
        (GLD, Decimal("0.1")),
        (SPY, Decimal("-0.1")),
        (TLT, Decimal("-0.4")),
    ]


def test_the_largest_drift_counts_in_either_direction():
    assert largest_drift(np.array([0.5, 0.2]), np.array([0.25, 0.3])) == 0.25
    assert largest_drift(np.array([0.25, 0.3]), np.array([0.5, 0.2])) == 0.25


def test_nothing_held_and_nothing_decided_has_no_drift():
    assert largest_drift(np.array([]), np.array([])) == 0.0
