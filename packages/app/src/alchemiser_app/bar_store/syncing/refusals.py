"""Why a synchronisation is refused or ends early, beyond what the store and the feed say."""

from datetime import date

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


@frozen
class SessionNotThere:
    """No symbol at all has a bar of the last session: the source is late, or not what was meant."""

    source: str
    through: date
    newest: date | None
    """The last bar of all symbols; `None` where none has any."""

    def problems(self) -> tuple[Problem, ...]:
        """One problem: which session, and what there is instead."""
        there = "there is no bar at all" if self.newest is None else f"the newest is {self.newest}"
        return (
            Problem(
                code="session-not-there",
                what=f"no symbol has a bar of {self.through}, the last session that is over",
                where=self.source,
                why=there,
                hint="a vendor may be late: run it again; or look at what the bars are taken from",
            ),
        )


SyncError = OtherSource | OtherBasis | NotWhole | SessionNotThere
