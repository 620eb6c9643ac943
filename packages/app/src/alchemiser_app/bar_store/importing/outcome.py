"""What came of an import, file by file and altogether."""

from enum import StrEnum

from attrs import frozen

from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol


class Done(StrEnum):
    """What was done with a file."""

    NEW = "new"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    """The store has exactly this file already."""
    REFUSED = "refused"
    """Nothing of it was written; the problems say why."""


@frozen
class FileOutcome:
    """What came of one file."""

    symbol: Symbol
    done: Done
    sessions: int = 0
    basis: PriceBasis | None = None
    """`None` where nothing was written."""
    bad_prices: int = 0
    warnings: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()
    ends_all: bool = False
    """The store cannot be written, as on a full disk: the next file would not be better off."""


@frozen
class ImportOutcome:
    """What came of a folder."""

    files: tuple[FileOutcome, ...]
    """In the order of their symbols."""
    unclear: tuple[Problem, ...]
    """Of symbols that have several files: none of these was read."""
    unreached: int = 0
    """Files that were not got to, as the store could not be written any more."""

    def having(self, done: Done) -> tuple[FileOutcome, ...]:
        """The files of which one thing was done."""
        return tuple(each for each in self.files if each.done is done)

    @property
    def written(self) -> tuple[FileOutcome, ...]:
        """New and replaced ones."""
        return tuple(each for each in self.files if each.done in (Done.NEW, Done.REPLACED))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Of all files."""
        return (*self.unclear, *(problem for each in self.files for problem in each.problems))

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Of all files."""
        return tuple(warning for each in self.files for warning in each.warnings)


@frozen
class ImportEnded:
    """A process that read files was ended from outside, as where memory is short."""

    where: str
    done: int
    files: int

    def problems(self) -> tuple[Problem, ...]:
        """One problem: how far it came."""
        return (
            Problem(
                code="import-ended",
                what="a process that read files was ended from outside",
                where=self.where,
                why=f"{self.done:,} of {self.files:,} files were done",
                hint="start the import again: it goes on where it was",
            ),
        )
