"""Why a decision came out as it did: a tree whose leaves are the symbols held."""

from attrs import frozen

from alchemiser_core.domain.measure import Measure
from alchemiser_core.domain.symbol import Symbol


@frozen
class Measured:
    """An indicator of a symbol's own prices, which somebody else can compute as well."""

    measure: Measure
    symbol: Symbol

    def __str__(self) -> str:
        words = (self.measure.kind.value, *map(str, self.measure.windows))
        return f"{' '.join(words)} of {self.symbol}"


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
    left_of: Measured | None = None
    """What the left side is; `None` for a number, and where a strategy does not say."""
    right_of: Measured | None = None


@frozen
class Candidate:
    """One block that a filter ranked, or had to leave out."""

    label: str
    score: float | None
    chosen: bool
    left_out: str = ""
    """Why it could not be ranked; empty where it was."""
    measured: Measured | None = None
    """What its score is; `None` for a block, whose own series no symbol has."""


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
    weighed: tuple[Candidate, ...] = ()
    """The volatilities that an inverse-volatility weight goes by; empty for every other block."""


@frozen
class HoldReason:
    """A symbol that gets weight; the leaf of every path. `CASH` where a branch is empty."""

    symbol: str


@frozen
class Note:
    """A reason in free words, for strategies written by hand."""

    text: str


Reason = ConditionReason | FilterReason | ShareReason | BlockReason | HoldReason | Note
