"""Brings the bars of a store up to date before an account is traded by them.

What goes wrong with it is told and ends nothing: whether the bars are fit to be decided by is for
the checks to say, which look at what is there.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from attrs import define, frozen
from returns.result import Failure, Result

from alchemiser_app.bar_store.feed import StoreFeed
from alchemiser_app.bar_store.syncing.outcome import SyncOutcome
from alchemiser_app.bar_store.syncing.refusals import OtherBasis
from alchemiser_app.bar_store.syncing.source import Source
from alchemiser_app.bar_store.syncing.updating import Update, bring_up_to_date, only
from alchemiser_app.bar_store.syncing.writing_turn import PATIENCE
from alchemiser_app.reports.bar_sync import sync_lines
from alchemiser_app.trading.closing import closing
from alchemiser_core.config.settings import Settings
from alchemiser_core.domain.bar_rows import REFERENCE
from alchemiser_core.domain.problem import Explainable, Problem
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.clock import Clock
from alchemiser_core.ports.market_data import MarketData
from alchemiser_core.ports.trading_calendar import TradingCalendar
from alchemiser_core.services.desk import never

Problems = tuple[Problem, ...]

SourceFeed = Callable[[], Result[MarketData, Explainable]]
"""Builds the feed that the store is filled from."""

_OF_THE_WINDOW = 0.5
"""Share of what is left of the trading window that the bars may take; the rest is for orders."""


def nothing_to_refresh() -> Problems:
    """Bars that are read as they are."""
    return ()


@frozen(eq=False, kw_only=True)
class Refreshing:
    """From where a store is brought up to date, of which symbols, and how long it may take."""

    feed: StoreFeed
    source: SourceFeed
    calendar: TradingCalendar
    symbols: tuple[Symbol, ...]
    limit: timedelta
    tell: Callable[[str], None]

    def run(
        self, clock: Clock, until: datetime | None, interrupted: Callable[[], bool]
    ) -> Problems:
        """Bring the symbols up to date; everything that did not work."""
        built = self.source()
        if isinstance(built, Failure):
            return _problems(built.failure())
        feed = built.unwrap()
        with closing(feed):
            refusal = self._refusal(feed)
            if refusal:
                return refusal
            done = bring_up_to_date(self._update(feed, clock, until, interrupted))
        if isinstance(done, Failure):
            return _problems(done.failure())
        return self._told(done.unwrap())

    def _update(
        self,
        feed: MarketData,
        clock: Clock,
        until: datetime | None,
        interrupted: Callable[[], bool],
    ) -> Update:
        now = clock.now()
        limit = self.limit if until is None else min(self.limit, (until - now) * _OF_THE_WINDOW)
        deadline = now + limit

        def left() -> timedelta:
            return timedelta(0) if interrupted() else deadline - clock.now()

        return Update(
            store=self.feed.store,
            source=Source(feed, left),
            wanted=only({*self.symbols, REFERENCE}),
            calendar=self.calendar,
            now=now,
            clock=clock,
            patience=min(PATIENCE, limit),
            tell=self.tell,
        )

    def _refusal(self, feed: MarketData) -> Problems:
        """Made-up prices do not come into a store that an account is about to be traded by."""
        if feed.synthetic is self.feed.synthetic:
            return ()
        kinds = {True: "made up", False: "those of a market"}
        what = f"prices of {feed.name} are {kinds[feed.synthetic]}, and the store's are not"
        hint = "fill a store of its own by `alchemiser data sync`"
        return (Problem("store-mixed", what, "data.source", "", hint),)

    def _told(self, outcome: SyncOutcome) -> Problems:
        if outcome.requests:
            for line in sync_lines(outcome):
                self.tell(line)
        found = (*outcome.problems, *outcome.kept)
        if outcome.basis is not self.feed.basis:
            found += OtherBasis(outcome.source, self.feed.basis, outcome.basis).problems()
        return found


def _problems(why: Explainable) -> Problems:
    return why.problems()


@define(eq=False)
class Refresh:
    """Done once for everything that is read of the store; later calls have the same answer."""

    refreshing: Refreshing | None
    """`None` where bars are read as they are."""
    _found: Problems | None = None

    def once(
        self,
        clock: Clock,
        until: datetime | None = None,
        interrupted: Callable[[], bool] = never,
    ) -> Problems:
        """What did not work, by `clock`; `until`: when the trading window ends. It ends early where
        the process was asked to end, with what is stored until then.
        """
        if self._found is None:
            refreshing = self.refreshing
            self._found = () if refreshing is None else refreshing.run(clock, until, interrupted)
        return self._found


def refresh_of(
    feed: MarketData,
    source: SourceFeed,
    calendar: TradingCalendar,
    symbols: tuple[Symbol, ...],
    settings: Settings,
    tell: Callable[[str], None],
) -> Refresh:
    """By the settings of `data.source`; nothing where the feed is no store, or none is named."""
    chosen = settings.data.source
    if not isinstance(feed, StoreFeed) or chosen.feed is None or not chosen.before_trading:
        return Refresh(None)
    return Refresh(
        Refreshing(
            feed=feed,
            source=source,
            calendar=calendar,
            symbols=symbols,
            limit=timedelta(seconds=chosen.seconds),
            tell=tell,
        )
    )
