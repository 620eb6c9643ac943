"""Prices that a plan may use: marks that value a holding, quotes of a market, and what is wrong
with them.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from attrs import evolve, field, frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.continuity import CARRY_SESSIONS
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol


@frozen
class Mark:
    """The price at which a symbol is valued, and planned if it is of the running session."""

    symbol: Symbol
    price: Decimal
    """US dollars a share."""
    session: date
    """The session that the price is of."""
    age: int = 0
    """Sessions that have passed since; 0 on the session of the price itself."""

    @property
    def usable(self) -> bool:
        """Whether the price is finite and positive."""
        return self.price.is_finite() and self.price > 0

    @property
    def stale(self) -> bool:
        """Whether more sessions have passed than a last price may stand in for."""
        return self.age > CARRY_SESSIONS


Marks = Mapping[Symbol, Mark]


def marks_of(session: date, prices: Iterable[tuple[Symbol, Decimal]]) -> dict[Symbol, Mark]:
    """Marks of one session from prices in US dollars."""
    return {symbol: Mark(symbol, price, session) for symbol, price in prices}


def carry_marks(last: Marks, today: Marks) -> dict[Symbol, Mark]:
    """Today's marks, and for symbols without a usable one the last, a session older."""
    carried = {s: evolve(mark, age=mark.age + 1) for s, mark in last.items() if s not in today}
    for symbol, mark in today.items():
        if mark.usable:
            carried[symbol] = mark
        elif symbol in last:
            carried[symbol] = evolve(last[symbol], age=last[symbol].age + 1)
    return carried


class QuoteFault(StrEnum):
    """Why a quote is not used."""

    NO_PRICE = "bid or ask is missing, zero, negative or not finite"
    CROSSED = "the bid is above the ask"
    WIDE = "the spread is wider than allowed"
    OLD = "the quote is older than allowed"
    FUTURE = "the quote is dated in the future"


@frozen
class BadQuote:
    """A quote that is not used, with everything that is wrong with it."""

    symbol: Symbol
    faults: tuple[QuoteFault, ...]

    def problems(self) -> tuple[Problem, ...]:
        """One problem for each fault."""
        return tuple(
            Problem(
                code="bad-quote",
                what=f"the quote of {self.symbol} is not usable: {fault}",
                where=self.symbol,
                why="nothing is traded on a price that cannot be trusted",
                hint="check the data feed, or wait until the market quotes properly",
            )
            for fault in self.faults
        )


@frozen
class QuoteLimits:
    """What a quote must satisfy to be traded on."""

    widest_spread: Decimal = Decimal("0.02")
    """Spread as a fraction of the mid."""
    oldest: timedelta = timedelta(seconds=60)
    clock_tolerance: timedelta = timedelta(seconds=5)
    """How far a quote may be ahead of the own clock."""


def _aware(_: object, attribute: object, value: datetime) -> None:
    if value.tzinfo is None:
        raise ValueError("the time of a quote needs a time zone")


@frozen
class Quote:
    """Best bid and ask of a market, US dollars a share, at an aware time."""

    symbol: Symbol
    bid: Decimal
    ask: Decimal
    at: datetime = field(validator=_aware)

    @property
    def mid(self) -> Decimal:
        """The mean of bid and ask."""
        return (self.bid + self.ask) / 2

    @property
    def spread(self) -> Decimal:
        """Ask minus bid as a fraction of the mid."""
        return (self.ask - self.bid) / self.mid

    def faults(self, now: datetime, limits: QuoteLimits) -> tuple[QuoteFault, ...]:
        """Everything that is wrong with the quote at `now`; empty where it may be used."""
        found = []
        if not all(price.is_finite() and price > 0 for price in (self.bid, self.ask)):
            found.append(QuoteFault.NO_PRICE)
        elif self.bid > self.ask:
            found.append(QuoteFault.CROSSED)
        elif self.spread > limits.widest_spread:
            found.append(QuoteFault.WIDE)
        if now - self.at > limits.oldest:
            found.append(QuoteFault.OLD)
        if self.at - now > limits.clock_tolerance:
            found.append(QuoteFault.FUTURE)
        return tuple(found)

    def mark(
        self, session: date, now: datetime, limits: QuoteLimits | None = None
    ) -> Result[Mark, BadQuote]:
        """The mid as the mark of `session`; `BadQuote` where the quote may not be used."""
        found = self.faults(now, limits or QuoteLimits())
        if found:
            return Failure(BadQuote(self.symbol, found))
        return Success(Mark(self.symbol, self.mid, session))
