"""Why a decision came out as it did: a tree whose leaves are the symbols held."""

from attrs import frozen


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
