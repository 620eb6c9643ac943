"""What can stand in the way of a decision, each case with the words that a person is told."""

from datetime import date

from attrs import frozen
from returns.result import Success

from alchemiser_core.domain.decision import LeftOut
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol, parse_symbol


@frozen
class InsufficientHistory:
    """A rule on the path taken lacks bars."""

    symbol: str
    """A symbol, or the label of a block that is measured by its own series."""
    indicator: str
    needed: int
    available: int
    """Bars of the unbroken run that ends on the decision date; 0 without a price on that date."""

    def problems(self) -> tuple[Problem, ...]:
        """One problem: which rule, how many bars it needs and has."""
        why = "a rule on the path taken has too little history"
        hint = "load more history, decide on a later date or substitute the symbol"
        if not self.available:
            why = f"{self.symbol} has no price of its own on the decision date"
            hint = "see where the bars of its symbols end, or substitute them"
            if isinstance(parse_symbol(self.symbol), Success):
                hint = (
                    f"see where its bars end (alchemiser data info {self.symbol}), or replace it "
                    f"(--substitute {self.symbol}=OTHER)"
                )
        return (
            Problem(
                code="insufficient-history",
                what=f"{self.indicator} of {self.symbol} needs {self.needed} bars, "
                f"{self.available} are there",
                where=self.symbol,
                why=why,
                hint=hint,
            ),
        )


@frozen
class NoPrice:
    """A symbol would get weight but has no price at the decision date."""

    symbol: Symbol
    session: date

    def problems(self) -> tuple[Problem, ...]:
        """One problem: which symbol, which session."""
        return (
            Problem(
                code="no-price",
                what=f"{self.symbol} would get weight but has no price on {self.session}",
                where=f"{self.symbol} {self.session}",
                why="a symbol without a price on the decision date cannot be chosen",
                hint="check the data of that symbol or substitute it",
            ),
        )


@frozen
class AllLeftOut:
    """Every candidate of a filter on the path lacks history or is undecidable."""

    measure: str
    candidates: tuple[LeftOut, ...]

    def problems(self) -> tuple[Problem, ...]:
        """One problem that names the filter and every candidate."""
        names = ", ".join(f"{c.label}: {c.reason}" for c in self.candidates[:10])
        more = f" and {len(self.candidates) - 10} more" if len(self.candidates) > 10 else ""
        return (
            Problem(
                code="all-left-out",
                what=f"no candidate of the filter by {self.measure} can be ranked",
                why=names + more,
                hint="load more history or decide on a later date",
            ),
        )


@frozen
class ZeroVolatility:
    """An inverse-volatility weight over a block whose volatility is exactly zero."""

    block: str
    window: int

    def problems(self) -> tuple[Problem, ...]:
        """One problem: which block."""
        return (
            Problem(
                code="zero-volatility",
                what=f"the {self.window}-day volatility of {self.block} is exactly 0",
                where=self.block,
                why="an inverse-volatility weight divides by it",
                hint="check the data of the block's symbols",
            ),
        )


@frozen
class NotDecided:
    """A strategy that decides all sessions at once left this one out and does not say why."""

    session: date

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the session."""
        return (
            Problem(
                code="not-decided",
                what=f"the strategy has no decision for {self.session}",
                where=str(self.session),
                why="it decides all sessions at once and does not say why it leaves one out",
                hint="check its requirements against the data, or decide on another date",
            ),
        )


@frozen
class NoSession:
    """The history has no session on or before the asked date."""

    as_of: date

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the date."""
        return (
            Problem(
                code="no-session",
                what=f"there is no session on or before {self.as_of}",
                where=str(self.as_of),
                why="a decision needs the completed bar of its date",
                hint="ask for a later date or load earlier data",
            ),
        )


@frozen
class StrategyFailed:
    """A strategy written by hand could not decide, in its own words."""

    strategy: str
    message: str

    def problems(self) -> tuple[Problem, ...]:
        """One problem: strategy and message."""
        return (Problem(code="strategy-failed", what=self.message, where=self.strategy),)


@frozen
class Undecidable:
    """A session on which a strategy cannot decide, with every reason on its path."""

    session: date
    causes: tuple["Cause", ...]

    def problems(self) -> tuple[Problem, ...]:
        """The problems of all causes."""
        return tuple(p for cause in self.causes for p in cause.problems())


Cause = InsufficientHistory | NoPrice | AllLeftOut | ZeroVolatility | NotDecided
StrategyError = Undecidable | NoSession | StrategyFailed
