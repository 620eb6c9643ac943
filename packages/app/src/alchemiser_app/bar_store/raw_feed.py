"""The `store` feed of raw prices, which knows the splits and dividends that belong to them."""

from collections.abc import Collection
from datetime import date

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.bar_store.feed import StoreFeed, unavailable
from alchemiser_app.bar_store.labels import Label
from alchemiser_app.bar_store.stored_actions import StoredActions
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.corporate_actions import CorporateAction, Split
from alchemiser_core.ports.market_data import MarketDataUnavailable


@frozen
class RawStoreFeed(StoreFeed):
    """Prices as they were traded, and what happened to the shares meanwhile."""

    def actions(
        self, symbols: Collection[Symbol], start: date, end: date
    ) -> Result[tuple[CorporateAction, ...], MarketDataUnavailable]:
        """The actions with an ex-date from `start` to `end`, oldest first, splits first on a day.

        Failures: files that cannot be believed, and symbols of which the store has bars in that
        time and does not know what happened: nothing would be the wrong answer.
        """
        found: list[CorporateAction] = []
        problems: list[Problem] = []
        for symbol in symbols:
            own = self._actions_of(symbol, start, end)
            if isinstance(own, Failure):
                problems += own.failure().problems()
            else:
                found += own.unwrap()
        if problems:
            return Failure(MarketDataUnavailable(tuple(problems)))
        return Success(tuple(sorted(found, key=lambda a: (a.ex_date, not isinstance(a, Split)))))

    def _actions_of(
        self, symbol: Symbol, start: date, end: date
    ) -> Result[tuple[CorporateAction, ...], MarketDataUnavailable]:
        stored = self.store.actions(symbol)
        if isinstance(stored, Failure):
            return Failure(unavailable(stored.failure()))
        label = self.store.label(symbol, self.basis)
        if isinstance(label, Failure):
            return Failure(unavailable(label.failure()))
        known, bars = stored.unwrap(), label.unwrap()
        if bars is not None and not _covered(known, bars, start, end):
            return Failure(MarketDataUnavailable((_unknown(symbol, known, bars),)))
        happened = () if known is None else known.actions
        return Success(tuple(action for action in happened if start <= action.ex_date <= end))


def _covered(known: StoredActions | None, bars: Label, start: date, end: date) -> bool:
    """Whether it is known what happened on all days of the range that have bars."""
    first = max(start, date.fromisoformat(bars.first))
    last = min(end, date.fromisoformat(bars.last))
    return first > last or (known is not None and known.first <= first and last <= known.last)


def _unknown(symbol: Symbol, known: StoredActions | None, bars: Label) -> Problem:
    there = "nothing" if known is None else f"what happened from {known.first} to {known.last}"
    return Problem(
        code="no-actions",
        what=f"it is not known which splits and dividends belong to the raw prices of {symbol}",
        where=symbol,
        why=f"the store knows {there}; its bars are of {bars.first} to {bars.last}",
        hint=f"fetch them from a feed that has them: alchemiser data sync {symbol} --full",
    )
