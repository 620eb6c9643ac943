"""Why a bar store is not opened, read or written, each with a code that stays the same."""

from typing import TypeAlias

from attrs import frozen

from alchemiser_core.domain.problem import Problem


@frozen
class NotAStore:
    """The folder is no bar store."""

    where: str
    why: str
    hint: str = "`alchemiser data sync` and `alchemiser data import` make a store"

    def problems(self) -> tuple[Problem, ...]:
        """One problem: which folder, and what it lacks."""
        return (Problem("no-store", "there is no bar store", self.where, self.why, self.hint),)


@frozen
class NewerStore:
    """The store was written by a newer version of the program."""

    where: str
    found: int
    known: int

    def problems(self) -> tuple[Problem, ...]:
        """One problem: both versions."""
        return (
            Problem(
                code="store-newer",
                what=f"the bar store has format {self.found}",
                where=self.where,
                why=f"this version reads up to format {self.known}",
                hint="upgrade, or fill another store by `alchemiser data sync`",
            ),
        )


@frozen
class StoreUnavailable:
    """The operating system refuses to read or write."""

    where: str
    why: str

    def problems(self) -> tuple[Problem, ...]:
        """One problem: which file, and what the system says."""
        what = "the bar store cannot be read or written"
        hint = "check the disk, and the permissions of the folder and its files"
        return (Problem("store-unavailable", what, self.where, self.why, hint),)


@frozen
class BrokenStoreFile:
    """A file of the store does not hold what it was written with."""

    where: str
    why: str

    def problems(self) -> tuple[Problem, ...]:
        """One problem: which file, and what is wrong with it."""
        what = "a file of the bar store is damaged"
        hint = "remove it, and fetch it again by `alchemiser data sync` or `data import`"
        return (Problem("store-broken", what, self.where, self.why, hint),)


@frozen
class StoreLocked:
    """Another process writes the store."""

    where: str
    holder: str
    """Who has it, as far as that is known."""

    def problems(self) -> tuple[Problem, ...]:
        """One problem: who holds it."""
        return (
            Problem(
                code="store-locked",
                what=f"the bar store is being written by {self.holder}",
                where=self.where,
                why="one process at a time writes a store",
                hint="wait until the other one ends, or end it",
            ),
        )


@frozen
class MixedStore:
    """Made-up prices and those of a market would stand in one store."""

    where: str
    symbol: str
    synthetic: bool
    """Whether the series that is refused is made up."""

    def problems(self) -> tuple[Problem, ...]:
        """One problem: which series does not belong there."""
        kinds = ("of a market", "made up")
        return (
            Problem(
                code="store-mixed",
                what=f"the prices of {self.symbol} are {kinds[self.synthetic]}, those of the "
                f"store are {kinds[not self.synthetic]}",
                where=self.where,
                why="nobody could tell which decision rests on which",
                hint="use another store for them",
            ),
        )


StoreError: TypeAlias = (
    NotAStore | NewerStore | StoreUnavailable | BrokenStoreFile | StoreLocked | MixedStore
)
