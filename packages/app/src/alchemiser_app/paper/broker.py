"""The paper broker: the broker port over a paper account, whose every answer is durable before it
is given.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from attrs import define
from returns.result import Failure, Result, Success

from alchemiser_app.paper.account import PaperAccount
from alchemiser_app.paper.prices import BarPrices, LivePrices
from alchemiser_app.paper.refusals import PaperRefused
from alchemiser_core.domain.account import Account, Activity, BrokerTime, HeldPosition
from alchemiser_core.domain.instrument import Instruments
from alchemiser_core.domain.orders.order import OrderRequest
from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.domain.orders.submission import (
    OutcomeUnknown,
    Rejected,
    RejectionKind,
    SubmissionFailure,
)
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.quote import Quote
from alchemiser_core.domain.session import TradingSession
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.broker import BrokerCapabilities, BrokerFailure, BrokerUnavailable
from alchemiser_core.ports.clock import Clock
from alchemiser_core.ports.quotes import QuotesUnavailable

PAPER = "paper"


@define
class PaperBroker:
    """Broker, quotes and time of a paper account; `close` lets go of its file."""

    stored: PaperAccount
    prices: BarPrices | LivePrices
    clock: Clock
    capabilities: BrokerCapabilities
    name: str = PAPER

    @property
    def session(self) -> TradingSession:
        """The session that it stands at, or stood at last."""
        session = self.stored.exchange.session
        if session is None:
            raise RuntimeError("a paper broker is built at a session")
        return session

    def time(self) -> Result[BrokerTime, BrokerFailure]:
        """Of its own clock on bars, of the system's on quotes."""
        at = self.clock.now()
        moved = self._moved()
        if isinstance(moved, Failure):
            return moved
        return Success(BrokerTime(at, self.stored.exchange.is_open(at)))

    def account(self) -> Result[Account, BrokerFailure]:
        """Number and cash."""
        return self._moved().map(lambda _: self.stored.exchange.account())

    def positions(self) -> Result[tuple[HeldPosition, ...], BrokerFailure]:
        """What is held."""
        return self._moved().map(lambda _: self.stored.exchange.positions())

    def instruments(self, symbols: Collection[Symbol]) -> Result[Instruments, BrokerFailure]:
        """Those of the symbols that the feed has prices of."""
        return Success(self.stored.exchange.instruments(symbols))

    def submit(self, request: OrderRequest) -> Result[OrderReport, SubmissionFailure]:
        """The order and what was filled of it, durable; refused where no price can be had."""
        at = self.clock.now()
        exchange = self.stored.exchange
        fetched = self.prices.refresh({request.symbol, *self._open_symbols()}, at)
        if isinstance(fetched, Failure):
            words = "; ".join(str(p) for p in fetched.failure().problems())
            return Failure(Rejected(RejectionKind.OTHER, words))
        outcome = exchange.submit(request, at)
        saved = self.stored.save(at)
        if isinstance(saved, Failure):
            # Whether a transaction that failed is on the disk can only be seen by opening it anew.
            return Failure(OutcomeUnknown(_words(saved.failure())))
        return Failure(outcome.failure()) if isinstance(outcome, Failure) else outcome

    def order(self, client_order_id: str) -> Result[OrderReport | None, BrokerFailure]:
        """The order of that id."""
        return self._moved().map(lambda _: self.stored.exchange.order(client_order_id))

    def orders(self, since: date) -> Result[tuple[OrderReport, ...], BrokerFailure]:
        """Open orders, and those of sessions from `since` on."""
        return self._moved().map(lambda _: self.stored.exchange.orders(since))

    def cancel(self, broker_order_id: str) -> Result[None, BrokerFailure]:
        """Cancel what is left of an order, at once; an order that does not exist is a failure."""
        moved = self._moved()
        if isinstance(moved, Failure):
            return moved
        at = self.clock.now()
        if self.stored.exchange.cancel(broker_order_id, at) is None:
            problem = Problem("unknown-order", f"there is no order {broker_order_id}", PAPER)
            return Failure(BrokerUnavailable((problem,)))
        return self._saved(at)

    def activities(self, since: date) -> Result[tuple[Activity, ...], BrokerFailure]:
        """Deposits, withdrawals, splits and dividends."""
        return self._moved().map(lambda _: self.stored.exchange.activities(since))

    def quotes(
        self, symbols: Collection[Symbol]
    ) -> Result[Mapping[Symbol, Quote], QuotesUnavailable]:
        """The prices that orders would be filled at now."""
        at = self.clock.now()
        fetched = self.prices.refresh(symbols, at)
        if isinstance(fetched, Failure):
            return Failure(fetched.failure())
        market = self.stored.exchange.market
        found = {s: market.quote(s, at) for s in symbols}
        return Success({s: quote for s, quote in found.items() if quote is not None})

    def close(self) -> None:
        """Let go of the account's file."""
        self.stored.close()

    def _open_symbols(self) -> set[Symbol]:
        return {order.symbol for order in self.stored.exchange.state.open.values()}

    def _moved(self) -> Result[None, BrokerFailure]:
        """Do what is due by now, and write it."""
        at = self.clock.now()
        fetched = self.prices.refresh(self._open_symbols(), at)
        if isinstance(fetched, Failure):
            return Failure(BrokerUnavailable(fetched.failure().problems()))
        self.stored.exchange.advance(at)
        return self._saved(at)

    def _saved(self, at: datetime) -> Result[None, BrokerFailure]:
        saved = self.stored.save(at)
        if isinstance(saved, Failure):
            return Failure(BrokerUnavailable(saved.failure().problems()))
        return Success(None)


def _words(refusal: PaperRefused) -> str:
    return "; ".join(str(problem) for problem in refusal.problems())
