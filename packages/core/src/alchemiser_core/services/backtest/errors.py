"""What can stand in the way of a back-test, all of it expected and all of it data."""

from datetime import date

from attrs import frozen

from alchemiser_core.domain.allocation.blend import BadShares
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol

_SHOWN = 10


@frozen
class EmptyRange:
    """No session of the history lies in the range asked for."""

    start: date | None
    end: date | None
    first: date | None
    last: date | None
    """First and last session of the history; `None` where it has none."""

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the range asked for and the sessions there are."""
        asked = f"{self.start or 'the beginning'} to {self.end or 'the end'}"
        there = "the history is empty" if self.first is None else f"{self.first} to {self.last}"
        return (
            Problem(
                code="empty-range",
                what=f"there is no session from {asked}",
                where=asked,
                why=f"the sessions of the data: {there}",
                hint="ask for a range inside the data or load more of it",
            ),
        )


@frozen
class NothingDecidable:
    """On no session of the range can all strategies of the back-test decide."""

    start: date
    end: date
    strategies: tuple[str, ...]
    """Strategies without a single decidable session; all of them where none has a common one."""

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the range and the strategies."""
        return (
            Problem(
                code="nothing-decidable",
                what=f"no session from {self.start} to {self.end} is decidable for "
                + ", ".join(self.strategies),
                where=f"{self.start} to {self.end}",
                why="rules on the path taken lack history or prices",
                hint="load more history, choose a later range or substitute young symbols",
            ),
        )


@frozen
class NoOpens:
    """Fills at the open are wanted but the history has no open prices."""

    source: str

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the source and what to do."""
        return (
            Problem(
                code="no-opens",
                what="the data has no open prices",
                where=self.source,
                why="the fill is next-open",
                hint="use data with opens, --fill next-close or --missing-open close",
            ),
        )


@frozen
class UnpricedFills:
    """Symbols that would be traded on sessions on which they have no price to trade at."""

    fills: tuple[tuple[Symbol, date], ...]
    price: str
    """Which price is missing: `open` or `close`."""

    def problems(self) -> tuple[Problem, ...]:
        """A problem for each of the first ten fills, and one that counts the rest."""
        hint = (
            "complete the data, or use --missing-open close"
            if self.price == "open"
            else "check the data of that symbol or substitute it"
        )
        shown = tuple(
            Problem(
                code=f"missing-{self.price}",
                what=f"{symbol} has no {self.price} on {session} and would be traded there",
                where=f"{symbol} {session}",
                hint=hint,
            )
            for symbol, session in self.fills[:_SHOWN]
        )
        rest = len(self.fills) - len(shown)
        if rest == 0:
            return shown
        more = Problem(code=f"missing-{self.price}", what=f"and {rest} more fills like these")
        return (*shown, more)


@frozen
class UnknownSymbols:
    """Symbols with weight, or the benchmark, for which the history has no column."""

    symbols: tuple[Symbol, ...]

    def problems(self) -> tuple[Problem, ...]:
        """One problem for each symbol."""
        return tuple(
            Problem(
                code="unknown-symbol",
                what=f"{symbol} is not in the price history",
                where=symbol,
                hint="load its bars together with the others",
            )
            for symbol in self.symbols
        )


@frozen
class BadDecisions:
    """Decided weights that no account can hold: negative, not finite, or more than everything."""

    decisions: tuple[tuple[str, date], ...]
    """Strategy and session of each."""

    def problems(self) -> tuple[Problem, ...]:
        """A problem for each of the first ten decisions, and one that counts the rest."""
        shown = tuple(
            Problem(
                code="bad-decision",
                what=f"{strategy} decided weights on {session} that no account can hold",
                where=f"{strategy} {session}",
                why="weights are finite, not negative, and add up to 1 at most",
                hint="check the strategy that decided them",
            )
            for strategy, session in self.decisions[:_SHOWN]
        )
        rest = len(self.decisions) - len(shown)
        if rest == 0:
            return shown
        return (*shown, Problem(code="bad-decision", what=f"and {rest} more decisions like these"))


BacktestError = (
    EmptyRange
    | NothingDecidable
    | NoOpens
    | UnpricedFills
    | UnknownSymbols
    | BadShares
    | BadDecisions
)
