"""Why a synchronisation is refused or ends early, beyond what the store and the feed say."""

from attrs import frozen

from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol

_NAMED = 5


@frozen
class OtherSource:
    """Stored bars come from another feed; two vendors' prices in one history make false jumps."""

    store: str
    source: str
    others: tuple[tuple[Symbol, str], ...]
    """Symbols, and where their bars are from."""

    def problems(self) -> tuple[Problem, ...]:
        """One problem: which symbols, and of which feed."""
        shown = ", ".join(f"{symbol} from {other}" for symbol, other in self.others[:_NAMED])
        more = f" and {len(self.others) - _NAMED} more" if len(self.others) > _NAMED else ""
        return (
            Problem(
                code="other-source",
                what=f"the store has bars of another feed than {self.source}: {shown}{more}",
                where=self.store,
                why="prices of two vendors in one history make false jumps",
                hint="name only other symbols, replace the bars with --full, or use another store",
            ),
        )


@frozen
class OtherBasis:
    """A source answered with prices that stand for something else."""

    source: str
    expected: PriceBasis
    found: PriceBasis

    def problems(self) -> tuple[Problem, ...]:
        """One problem: both bases."""
        return (
            Problem(
                code="other-basis",
                what=f"the feed {self.source} gave prices that are {self.found}",
                where=self.source,
                why=f"what was stored before is {self.expected}; both are kept apart",
                hint="synchronise symbols of one kind at a time, or use `alchemiser data import`",
            ),
        )


@frozen
class NotWhole:
    """A history that was fetched anew does not have what is stored: what is stored stays."""

    symbol: Symbol
    source: str
    why: str

    def problems(self) -> tuple[Problem, ...]:
        """One problem: in what it falls short."""
        return (
            Problem(
                code="history-not-whole",
                what=f"the new history of {self.symbol} is not stored; the old one stays, as it is",
                where=self.source,
                why=self.why,
                hint=f"look at it, then replace it: alchemiser data sync {self.symbol} --full",
            ),
        )


SyncError = OtherSource | OtherBasis | NotWhole
