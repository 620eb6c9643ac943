"""Lays stored columns out along the sessions asked for, each value copied once.

The matrices are stored column after column: so a symbol is written in one piece, and the rules,
which walk a symbol's prices along time, need no other copy of them.
"""

from collections.abc import Sequence

import numpy as np
from attrs import define, field, frozen

from alchemiser_app.bar_store.series import Column
from alchemiser_app.feeds.axis import rows_on
from alchemiser_core.domain.bars import Prices, Sessions


@frozen
class Piece:
    """Rows of a series that are neighbours on the axis, too."""

    row: int
    """On the axis, of the series' row `start`."""
    start: int
    stop: int


def piece_on(axis: Sessions, days: Sessions) -> Piece | None:
    """Where days from the first session on lie on the axis; `None` where they have gaps there,
    or are no sessions, and have to be looked up one by one.
    """
    start = int(np.searchsorted(days, axis[0]))
    if start == len(days):
        return None
    row = int(np.searchsorted(axis, days[start]))
    count = len(days) - start
    if row + count > len(axis) or not np.array_equal(axis[row : row + count], days[start:]):
        return None
    return Piece(row, start, len(days))


@define
class LaidOut:
    """Matrices of sessions x symbols that are filled symbol by symbol."""

    axis: Sessions
    """All sessions there are."""
    first: int
    last: int
    """Rows of the axis that are asked for: `first` to before `last`."""
    names: Sequence[str]
    symbols: int
    matrices: dict[str, Prices] = field(init=False)

    def __attrs_post_init__(self) -> None:
        shape = (self.last - self.first, self.symbols)
        self.matrices = {name: np.full(shape, np.nan, order="F") for name in self.names}

    def take(self, column: int, days: Sessions, values: dict[str, Column]) -> bool:
        """Fill the column of a symbol; whether all its rows from the first session on are
        sessions without a gap between them.
        """
        piece = piece_on(self.axis, days)
        if piece is None:
            self._look_up(column, days, values)
            return False
        into = slice(
            max(piece.row, self.first) - self.first,
            max(min(piece.row + piece.stop - piece.start, self.last), self.first) - self.first,
        )
        if into.start < into.stop:
            start = piece.start + into.start + self.first - piece.row
            for name, matrix in self.matrices.items():
                matrix[into, column] = values[name][start : start + into.stop - into.start]
        return True

    def _look_up(self, column: int, days: Sessions, values: dict[str, Column]) -> None:
        wanted = self.axis[self.first : self.last]
        rows, there = rows_on(wanted, days)
        for name, matrix in self.matrices.items():
            matrix[rows[there], column] = values[name][there]
