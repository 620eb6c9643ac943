"""The data feed: completed daily bars and latest quotes of Alpaca."""

from collections.abc import Callable, Collection, Mapping
from datetime import date

from attrs import define
from returns.result import Failure, Result, Success

from alchemiser_alpaca.connection.connection import Connection
from alchemiser_alpaca.connection.failures import WHERE, beside_the_broker
from alchemiser_alpaca.data.bar_pages import BarPages
from alchemiser_alpaca.data.completed import last_completed
from alchemiser_alpaca.data.corporate_actions import ActionSource
from alchemiser_alpaca.data.plan import data_problem
from alchemiser_alpaca.quotes import AlpacaQuotes
from alchemiser_alpaca.settings import Adjustment
from alchemiser_core.domain.bar_rows import CLOSES, Labels, history_of
from alchemiser_core.domain.bars import FIELDS, BarHistory, PriceBasis
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.quote import Quote
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.corporate_actions import CorporateAction
from alchemiser_core.ports.market_data import BarRequest, MarketDataUnavailable
from alchemiser_core.ports.quotes import QuotesUnavailable

EARLIEST = date(1970, 1, 2)
"""Nothing is asked for that is older; the vendor's bars begin in 2016."""

_BASES = {Adjustment.ALL: PriceBasis.ADJUSTED, Adjustment.RAW: PriceBasis.RAW}


@define(eq=False)
class AlpacaFeed:
    """`MarketData` and `Quotes`. Bars of the running session are left out until it is completed,
    by the broker's clock.
    """

    trading: Connection
    data: Connection
    pages: BarPages
    live_quotes: AlpacaQuotes
    today: Callable[[], date]
    """The computer's date in New York."""
    is_local: bool
    """The server is one of this machine: its prices are made up, and its date may be any."""
    name: str = "alpaca"

    @property
    def synthetic(self) -> bool:
        """Prices of a server on this machine are its own: nobody can trade at them."""
        return self.is_local

    @property
    def basis(self) -> PriceBasis:
        """By the configured adjustment."""
        return _BASES.get(self.pages.adjustment, PriceBasis.AS_GIVEN)

    def bars(self, request: BarRequest) -> Result[BarHistory, MarketDataUnavailable]:
        """Full bars, or closes. Failures: no answer, an answer that cannot be read or is not whole,
        a plan that does not have the prices, a range without a session.
        """
        end = self._end(request.end)
        if isinstance(end, Failure):
            return Failure(end.failure())
        start = max(request.start or EARLIEST, EARLIEST)
        if start > end.unwrap():
            return Failure(_no_session(request, end.unwrap()))
        found = self.pages.bars(request.symbols, start, end.unwrap(), request.closes_only)
        if isinstance(found, Failure):
            problem = data_problem(found.failure(), "the bars cannot be read")
            return Failure(MarketDataUnavailable((problem,)))
        history = history_of(
            request.symbols,
            found.unwrap(),
            CLOSES if request.closes_only else FIELDS,
            Labels(
                f"Alpaca, {self.pages.tape} bars, adjustment {self.pages.adjustment}",
                self.basis,
                self.synthetic,
            ),
            start,
            end.unwrap(),
        )
        if history is None:
            return Failure(_no_session(request, end.unwrap()))
        return Success(history)

    def quotes(
        self, symbols: Collection[Symbol]
    ) -> Result[Mapping[Symbol, Quote], QuotesUnavailable]:
        """The latest quotes of the configured tape."""
        return self.live_quotes.quotes(symbols)

    def close(self) -> None:
        """Let go of the servers."""
        self.live_quotes.close()
        self.trading.close()
        self.data.close()

    def _end(self, asked: date | None) -> Result[date, MarketDataUnavailable]:
        """The last session that is asked for and completed."""
        if asked is not None and not self.is_local and asked < self.today():
            return Success(asked)
        completed = last_completed(self.trading)
        if isinstance(completed, Failure):
            problems = beside_the_broker(completed.failure(), "data.settings.trading_url")
            return Failure(MarketDataUnavailable(problems))
        return Success(completed.unwrap() if asked is None else min(asked, completed.unwrap()))


@define(eq=False)
class AlpacaRawFeed(AlpacaFeed):
    """The feed of prices as they were, with the splits and dividends that are not in them."""

    def actions(
        self, symbols: Collection[Symbol], start: date, end: date
    ) -> Result[tuple[CorporateAction, ...], MarketDataUnavailable]:
        """Splits, stock dividends as splits, and cash dividends. Spin-offs, mergers and rights
        have no place in the port; the prices of such a day tell of them.
        """
        found = ActionSource(self.data).actions(symbols, start, end)
        if isinstance(found, Failure):
            problem = data_problem(found.failure(), "splits and dividends cannot be read")
            return Failure(MarketDataUnavailable((problem,)))
        return Success(found.unwrap())


def _no_session(request: BarRequest, end: date) -> MarketDataUnavailable:
    problem = Problem(
        code="no-session-in-range",
        what=f"there are no bars from {request.start or 'the first'} to {end}",
        where=WHERE,
        why="the symbols have none in this range, or no session in it is completed",
        hint="ask for another range, and check the symbols",
    )
    return MarketDataUnavailable((problem,))
