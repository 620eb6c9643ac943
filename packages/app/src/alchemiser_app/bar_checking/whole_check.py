"""All checks of everything that a feed holds: what a decision would find, and what was earlier."""

from datetime import date
from typing import Protocol, runtime_checkable

from attrs import evolve, frozen
from returns.result import Failure, Result, Success

from alchemiser_app.bar_checking.checker import BarChecker
from alchemiser_app.feeds.inspection import Inspectable
from alchemiser_core.config.check_settings import CheckPolicy
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.problem import Explainable, Problem
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.plugins.contained_bars import contained_bars, contained_read
from alchemiser_core.ports.market_data import BarRequest, MarketData, MarketDataUnavailable
from alchemiser_core.ports.symbol_listing import SymbolListing
from alchemiser_core.services.bar_checks import (
    BarFacts,
    Finding,
    earlier_oddities,
    findings_of,
)


@runtime_checkable
class Verifiable(Protocol):
    """A feed that keeps what it has in files, and can say whether they are sound."""

    def verify(self) -> tuple[Problem, ...]:
        """Everything that is broken."""
        ...


@frozen(eq=False)
class WholeCheck:
    """What all checks say of a feed."""

    history: BarHistory
    findings: tuple[Finding, ...]
    """What a decision by the newest session would find."""
    earlier: tuple[Finding, ...]
    """Bad prices and jumps of earlier sessions, from which nothing follows."""
    broken: tuple[Problem, ...]
    """Files that are not sound."""

    def refusing(self) -> tuple[Problem, ...]:
        """For what a decision would be refused, and what is broken."""
        found = (f.problem for f in self.findings if f.policy is CheckPolicy.REFUSE)
        return (*self.broken, *found)


@frozen
class SymbolsNeeded:
    """The feed does not say what it has, so that it has to be told what to check."""

    feed: str

    def problems(self) -> tuple[Problem, ...]:
        """One problem: the feed."""
        return (
            Problem(
                code="symbols-needed",
                what=f"the feed {self.feed} does not list its symbols",
                where="SYMBOL",
                hint="name those to check: alchemiser data check SPY TQQQ",
            ),
        )


def symbols_of(feed: MarketData) -> Result[tuple[Symbol, ...], Explainable]:
    """Every symbol that a feed has. Failure: it does not say, or cannot."""
    if isinstance(feed, SymbolListing):
        listed = contained_read(feed.name, feed.listed, lambda answer: isinstance(answer, tuple))
        return listed.alt(_explainable)
    if isinstance(feed, Inspectable):
        found = feed.inspect()
        if isinstance(found, Failure):
            return Failure(found.failure())
        return Success(tuple(report.symbol for report in found.unwrap().symbols))
    return Failure(SymbolsNeeded(feed.name))


def check_all(
    checker: BarChecker, symbols: tuple[Symbol, ...], carry: int, completed: date | None
) -> Result[WholeCheck, Explainable]:
    """Every check of these symbols, over everything that the feed has of them.

    `completed`: the last session that is over, which the bars must reach; `None` where they say it
    themselves. Failure: the bars cannot be had.
    """
    feed = checker.feed
    bars = contained_bars(feed, BarRequest(symbols, closes_only=False))
    if isinstance(bars, Failure):
        return Failure(bars.failure())
    history = evolve(bars.unwrap(), carry=carry)
    facts = checker.known_of(history, BarFacts(completed, completed, source=feed.name))
    return Success(
        WholeCheck(
            history=history,
            findings=findings_of(history, checker.settings, facts),
            earlier=tuple(earlier_oddities(history, checker.settings, facts)),
            broken=feed.verify() if isinstance(feed, Verifiable) else (),
        )
    )


def _explainable(error: MarketDataUnavailable) -> Explainable:
    return error
