"""What a synchronisation did, symbol by symbol."""

from collections.abc import Mapping
from datetime import date

from attrs import define, field, frozen

from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.bar_sync import Restatement


@frozen
class Renewed:
    """A whole history that took the place of a stored one."""

    symbol: Symbol
    why: str
    """In words, e.g. `closes have changed`."""
    sessions: int
    lost: int = 0
    """Sessions that the old one had and the new one has not."""
    restatement: Restatement | None = None
    """Where old closes changed."""


@frozen(kw_only=True)
class SyncOutcome:
    """What there is after a synchronisation, and what came of each symbol."""

    store: str
    source: str
    basis: PriceBasis
    through: date
    """The last session that was over."""
    symbols: int
    extended: Mapping[Symbol, int]
    """Sessions appended, or filled in."""
    new: Mapping[Symbol, int]
    """Sessions of symbols that the store did not have."""
    renewed: tuple[Renewed, ...]
    corrected: tuple[Restatement, ...]
    """Closes of the newest sessions that were changed, what is older not."""
    kept: tuple[Problem, ...]
    """Why a history that was fetched anew was not stored."""
    behind: Mapping[Symbol, date]
    """Last bar of symbols that the source has no bar of `through` of."""
    without_data: tuple[Symbol, ...]
    unreached: tuple[Symbol, ...]
    """Symbols that were not got to; the next run goes on with them."""
    problems: tuple[Problem, ...]
    """What ended the run early, or left every symbol without the last session."""
    running: tuple[date, ...]
    """Days whose bars were left out, as their session is not over."""
    bad_prices: int
    warnings: tuple[str, ...]
    """Of the source, such as rows that are on no session."""
    requests: int

    @property
    def current(self) -> int:
        """Symbols with a bar of the last session."""
        return self.symbols - len({*self.behind, *self.without_data, *self.unreached})

    @property
    def is_complete(self) -> bool:
        """Whether everything was asked for, and nothing suspicious came back."""
        return not (self.problems or self.kept or self.unreached)


@define
class Tally:
    """The outcome in the making."""

    extended: dict[Symbol, int] = field(factory=dict)
    new: dict[Symbol, int] = field(factory=dict)
    renewed: list[Renewed] = field(factory=list)
    corrected: list[Restatement] = field(factory=list)
    kept: list[Problem] = field(factory=list)
    running: set[date] = field(factory=set)
    bad_prices: int = 0
    warnings: dict[str, None] = field(factory=dict)
    """In the order in which they came, each once."""
