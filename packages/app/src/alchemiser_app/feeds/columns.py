"""Which column of a file holds what, told from its header whatever the spelling."""

import re
from collections.abc import Sequence
from enum import StrEnum

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.domain.problem import Problem


class Field(StrEnum):
    """What a column stands for."""

    DAY = "date"
    ADJUSTED = "adjusted close"
    CLOSE = "close"
    OPEN = "open"
    HIGH = "high"
    LOW = "low"
    VOLUME = "volume"


_SPELLINGS = {
    "date": Field.DAY,
    "timestamp": Field.DAY,
    "datetime": Field.DAY,
    "adj close": Field.ADJUSTED,
    "adjclose": Field.ADJUSTED,
    "adjusted close": Field.ADJUSTED,
    "adjustedclose": Field.ADJUSTED,
    "close": Field.CLOSE,
    "open": Field.OPEN,
    "high": Field.HIGH,
    "low": Field.LOW,
    "volume": Field.VOLUME,
}

BAR_FIELDS = (Field.OPEN, Field.HIGH, Field.LOW, Field.VOLUME)


@frozen
class Columns:
    """Position of each field in a file."""

    names: tuple[str, ...]
    """All columns as the file spells them."""
    positions: dict[Field, int]

    @property
    def basis(self) -> PriceBasis:
        """Adjusted where the file has an adjusted close, which is then the one used."""
        return PriceBasis.ADJUSTED if Field.ADJUSTED in self.positions else PriceBasis.AS_GIVEN

    def only(self, closes: bool) -> "Columns":
        """The same file with the fields that are read: of closes only the one that is used."""
        if not closes:
            return self
        close = Field.ADJUSTED if Field.ADJUSTED in self.positions else Field.CLOSE
        kept = {f: i for f, i in self.positions.items() if f in (Field.DAY, close)}
        return Columns(self.names, kept)


_DECORATION = re.compile(r"^\s*\d+\.|[\s_.*-]+")
"""A leading number, as in `5. adjusted close`, and what stands between words."""


def _plain(name: str) -> str:
    return _DECORATION.sub(" ", name.lower()).strip()


def recognise_columns(names: Sequence[str], where: str) -> Result[Columns, tuple[Problem, ...]]:
    """The fields of a header; failures name what is not there or stands there twice."""
    positions: dict[Field, int] = {}
    problems: list[Problem] = []
    for position, name in enumerate(names):
        meaning = _SPELLINGS.get(_plain(name))
        if meaning is None:
            continue
        if meaning in positions:
            first = names[positions[meaning]]
            problems.append(_stands_twice(meaning, first, name, where))
        else:
            positions[meaning] = position
    if Field.DAY not in positions:
        problems.append(_absent("date", "date, datetime or timestamp", names, where))
    if Field.CLOSE not in positions and Field.ADJUSTED not in positions:
        problems.append(_absent("close", "close or adj close", names, where))
    if problems:
        return Failure(tuple(problems))
    return Success(Columns(tuple(names), positions))


def _stands_twice(meaning: Field, first: str, second: str, where: str) -> Problem:
    return Problem(
        code="ambiguous-column",
        what=f"columns {first.strip()!r} and {second.strip()!r} both hold the {meaning.value}",
        where=where,
        why="it is not clear which one counts",
        hint="rename or remove one of them",
    )


def _absent(what: str, spelled: str, names: Sequence[str], where: str) -> Problem:
    shown = ", ".join(repr(name.strip()[:24]) for name in names[:8])
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return Problem(
        code="no-usable-column",
        what=f"no {what} column",
        where=where,
        why=f"the columns are {shown}{more}",
        hint=f"name the column {spelled}, in upper or lower case",
    )
