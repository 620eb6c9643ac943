"""What a strategy decides: target weights for a session, and the reasons for them."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from alchemiser_core.domain.bars import Sessions
from alchemiser_core.domain.problem import Problem
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


class Frequency(StrEnum):
    """When the difference to the decided weights is traded."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    NONE = "none"
    """Only when the outcome of an `if` or the choice of a filter on the active path changed."""


@frozen
class RebalancePolicy:
    """A frequency, or a drift threshold that governs in its place wherever it is given."""

    frequency: Frequency = Frequency.DAILY
    threshold: float | None = None
    """Absolute drift of a weight (0.1 is ten points) that has to be exceeded."""


# --- reasons -----------------------------------------------------------------------------------


@frozen
class ConditionReason:
    """A condition on the path taken, and the branch that it chose."""

    left: str
    left_value: float
    comparator: str
    right: str
    right_value: float
    outcome: bool
    margin: float
    """`left_value - right_value`."""
    fragile: bool
    """The margin is under 5 % of the deviation that left - right had over the last 60 sessions."""
    because: tuple["Reason", ...]
    """The branch taken."""


@frozen
class Candidate:
    """One block that a filter ranked, or had to leave out."""

    label: str
    score: float | None
    chosen: bool
    left_out: str = ""
    """Why it could not be ranked; empty where it was."""


@frozen
class FilterReason:
    """A filter on the path taken: the ranking, best first, and what follows from the chosen."""

    measure: str
    select: str
    """`top` or `bottom`."""
    count: int
    ranking: tuple[Candidate, ...]
    margin: float | None
    """Score of the last chosen minus that of the first rejected; `None` where none was rejected."""
    fragile: bool
    because: tuple["Reason", ...]


@frozen
class ShareReason:
    """One share of a split, e.g. half of the weight or the inverse-volatility share."""

    share: float
    because: tuple["Reason", ...]


@frozen
class BlockReason:
    """A named or weighted block: `group`, `weight-equal`, … with what is inside it."""

    label: str
    because: tuple["Reason", ...]


@frozen
class HoldReason:
    """A symbol that gets weight; the leaf of every path. `CASH` where a branch is empty."""

    symbol: str


@frozen
class Note:
    """A reason in free words, for strategies written by hand."""

    text: str


Reason = ConditionReason | FilterReason | ShareReason | BlockReason | HoldReason | Note


# --- decisions ---------------------------------------------------------------------------------


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


# --- what can stand in the way -----------------------------------------------------------------


@frozen
class InsufficientHistory:
    """A rule on the path taken lacks bars."""

    symbol: str
    """A symbol, or the label of a block that is measured by its own series."""
    indicator: str
    needed: int
    available: int

    def problems(self) -> tuple[Problem, ...]:
        """One problem: which rule, how many bars it needs and has."""
        return (
            Problem(
                code="insufficient-history",
                what=f"{self.indicator} of {self.symbol} needs {self.needed} bars, "
                f"{self.available} are there",
                where=self.symbol,
                why="a rule on the path taken has too little history",
                hint="load more history, decide on a later date or substitute the symbol",
            ),
        )


@frozen
class NoPrice:
    """A symbol would get weight but has no price at the decision date."""

    symbol: Symbol
    session: date

    def problems(self) -> tuple[Problem, ...]:
        """One problem: which symbol, which session."""
        return (
            Problem(
                code="no-price",
                what=f"{self.symbol} would get weight but has no price on {self.session}",
                where=f"{self.symbol} {self.session}",
                why="a symbol without a price on the decision date cannot be chosen",
                hint="check the data of that symbol or substitute it",
            ),
        )


@frozen
class AllLeftOut:
    """Every candidate of a filter on the path lacks history or is undecidable."""

    measure: str
    candidates: tuple[LeftOut, ...]

    def problems(self) -> tuple[Problem, ...]:
        """One problem that names the filter and every candidate."""
        names = ", ".join(f"{c.label}: {c.reason}" for c in self.candidates[:10])
        more = f" and {len(self.candidates) - 10} more" if len(self.candidates) > 10 else ""
        return (
            Problem(
                code="all-left-out",
                what=f"no candidate of the filter by {self.measure} can be ranked",
                why=names + more,
                hint="load more history or decide on a later date",
            ),
        )


@frozen
class ZeroVolatility:
    """An inverse-volatility weight over a block whose volatility is exactly zero."""

    block: str
    window: int

    def problems(self) -> tuple[Problem, ...]:
        """One problem: which block."""
        return (
            Problem(
                code="zero-volatility",
                what=f"the {self.window}-day volatility of {self.block} is exactly 0",
                where=self.block,
                why="an inverse-volatility weight divides by it",
                hint="check the data of the block's symbols",
            ),
        )


@frozen
class NoSession:
    """The history has no session on or before the asked date."""

    as_of: date

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the date."""
        return (
            Problem(
                code="no-session",
                what=f"there is no session on or before {self.as_of}",
                where=str(self.as_of),
                why="a decision needs the completed bar of its date",
                hint="ask for a later date or load earlier data",
            ),
        )


@frozen
class StrategyFailed:
    """A strategy written by hand could not decide, in its own words."""

    strategy: str
    message: str

    def problems(self) -> tuple[Problem, ...]:
        """One problem: strategy and message."""
        return (Problem(code="strategy-failed", what=self.message, where=self.strategy),)


@frozen
class Undecidable:
    """A session on which a strategy cannot decide, with every reason on its path."""

    session: date
    causes: tuple["Cause", ...]

    def problems(self) -> tuple[Problem, ...]:
        """The problems of all causes."""
        return tuple(p for cause in self.causes for p in cause.problems())


Cause = InsufficientHistory | NoPrice | AllLeftOut | ZeroVolatility
StrategyError = Undecidable | NoSession | StrategyFailed
