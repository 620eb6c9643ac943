"""What a strategy decides: target weights for a session, and the reasons for them."""

from collections.abc import Mapping
from datetime import date

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from alchemiser_core.domain.bars import Sessions
from alchemiser_core.domain.reasons import Reason
from alchemiser_core.domain.symbol import Symbol


@frozen
class Requirements:
    """What a strategy needs before it can decide."""

    traded: tuple[Symbol, ...]
    """Symbols that may get weight."""
    watched: tuple[Symbol, ...]
    """Symbols that only conditions and rankings look at."""
    warm_up: int
    """Bars of history, the decision's own included, that every rule needs at most."""

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """All symbols, each once, sorted."""
        return tuple(sorted({*self.traded, *self.watched}))


@frozen
class Carried:
    """A symbol whose last price was carried over sessions without one, inside a window used."""

    symbol: Symbol
    sessions: tuple[date, ...]


@frozen
class LeftOut:
    """A candidate that a filter on the active path could not rank."""

    label: str
    reason: str


def _ordered(weights: Mapping[Symbol, float]) -> dict[Symbol, float]:
    return {symbol: weights[symbol] for symbol in sorted(weights) if weights[symbol] != 0}


@frozen
class Decision:
    """Target weights of one session, fractions of equity; what they leave to 1 is cash."""

    as_of: date
    weights: Mapping[Symbol, float] = field(converter=_ordered)
    reasons: tuple[Reason, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    carried: tuple[Carried, ...] = ()

    @property
    def cash(self) -> float:
        """1 minus the weights, summed in the order of the symbols."""
        return 1.0 - sum(self.weights.values())


@frozen(eq=False)
class Decisions:
    """Target weights of every decidable session of a history.

    Rows are the decidable sessions only; `rows` says where each stands in the history.
    """

    sessions: Sessions
    """Decidable sessions, shape (decided,)."""
    rows: NDArray[np.intp]
    """Row of each in the history, shape (decided,), strictly increasing."""
    symbols: tuple[Symbol, ...]
    """Columns, sorted."""
    weights: NDArray[np.float64]
    """Shape (decided, symbols), fractions of equity, no NaN."""
    path_changed: NDArray[np.bool_]
    """Shape (decided,): an outcome on the active path differs from the decidable session before."""
