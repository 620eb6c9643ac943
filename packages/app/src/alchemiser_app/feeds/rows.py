"""The rows of one file as they were read: nothing sorted yet, nothing judged."""

from typing import Literal

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from alchemiser_app.feeds.columns import Field
from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.domain.problem import Problem

Days = NDArray[np.datetime64]
"""Days, `datetime64[D]`."""

ABSENT = ("", "null", "NULL", "None", "NA", "N/A")
"""What a cell without a price holds."""

FIRST_DAY = np.datetime64("0001-01-01", "D")
"""The first day that Python's dates can hold."""

SHOWN = 5
"""Problems of one kind that are listed for one file; the others are counted."""


@frozen(eq=False)
class Rows:
    """Columns of one file, in the file's order."""

    days: Days
    values: dict[Field, NDArray[np.float64]]
    """NaN where a cell is empty, and where it says so: `absent` tells the two apart."""
    absent: dict[Field, NDArray[np.bool_]]
    places: NDArray[np.int64]
    """Line or row of each in the file; empty where rows are in order and none can be at fault."""
    counted_in: Literal["line", "row"]
    basis: PriceBasis

    @property
    def ordered(self) -> bool:
        """Whether every row is of a later day than the one before it."""
        return bool((self.days[1:] > self.days[:-1]).all())


def shortened(problems: list[Problem]) -> tuple[Problem, ...]:
    """The first few problems of every code, and how many more there are."""
    seen: dict[str, int] = {}
    kept = []
    for problem in problems:
        seen[problem.code] = seen.get(problem.code, 0) + 1
        if seen[problem.code] <= SHOWN:
            kept.append(problem)
    file = problems[0].where.split(":")[0] if problems else ""
    for code, count in seen.items():
        if count > SHOWN:
            more = f"{count - SHOWN} more of the kind {code}"
            kept.append(Problem(code=code, what=more, where=file))
    return tuple(kept)
