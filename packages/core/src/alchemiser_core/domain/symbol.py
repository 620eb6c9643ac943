"""Ticker symbols, in one spelling: `BRK/B`, `BRK.B` and `BRK-B` are the same thing.

Inside Alchemiser a symbol is upper case with a dot before the share class; adapters spell it
as their vendor does.
"""

import re
from typing import NewType

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.problem import Problem

Symbol = NewType("Symbol", str)
"""A ticker in canonical spelling (`SPY`, `BRK.B`); made by `parse_symbol` alone."""

CASH = "CASH"
"""How cash is written where a column or row needs a name; never a ticker."""

_SHAPE = re.compile(r"[A-Z0-9]{1,12}(?:\.[A-Z0-9]{1,6})?")
_SEPARATORS = str.maketrans({"/": ".", "-": "."})


@frozen
class BadSymbol:
    """A text that cannot be a ticker."""

    text: str

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the text and the form that is expected."""
        shown = self.text if len(self.text) <= 24 else self.text[:24] + "…"
        return (
            Problem(
                code="bad-symbol",
                what=f"{shown!r} is not a ticker symbol",
                why="letters and digits, with an optional share class after '.', '/' or '-'",
                hint="write it like SPY or BRK.B",
            ),
        )


def parse_symbol(text: str) -> Result[Symbol, BadSymbol]:
    """The canonical spelling of a ticker; `BadSymbol` where it cannot be one."""
    candidate = text.strip().upper().translate(_SEPARATORS)
    if not _SHAPE.fullmatch(candidate) or candidate == CASH:
        return Failure(BadSymbol(text))
    return Success(Symbol(candidate))
