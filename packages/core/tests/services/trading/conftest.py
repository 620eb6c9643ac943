"""Trading days without a broker: every order of a draft fills whole, at once, at its mark."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from attrs import define, field

from alchemiser_core.config.settings import CostSettings, DecideOn, PlanningSettings
from alchemiser_core.domain.allocation.plan_rules import TradingCosts
from alchemiser_core.domain.allocation.policy import BookRebalance
from alchemiser_core.domain.instrument import Instruments, fractional_shares
from alchemiser_core.domain.journal.account_events import BooksOpened, OpeningBook
from alchemiser_core.domain.journal.events import (
    BooksSettled,
    CycleClosed,
    CycleOpened,
    CycleOutcome,
)
from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.orders.fill import Fill
from alchemiser_core.domain.orders.identifiers import CycleKey
from alchemiser_core.domain.portfolio.book import open_books
from alchemiser_core.domain.portfolio.crossing import settle
from alchemiser_core.domain.quote import Marks
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.strategy import Strategy
from alchemiser_core.services.ledger import Ledger
from alchemiser_core.services.trading import (
    CycleDraft,
    CycleFacts,
    DecisionSource,
    Entrusted,
    LastCloses,
    Mandate,
    draft_cycle,
)
from alchemiser_core.simulation import SimulatedMarket


def opened(cash: Usd, shares: Mapping[str, Decimal]) -> Ledger:
    """A ledger whose books hold their shares of the cash."""
    books = {
        name: OpeningBook(own.cash, {}, own.realised, own.costs, own.contributed, own.income)
        for name, own in ((n, b.portfolio) for n, b in open_books(cash, shares).books.items())
    }
    return Ledger().fold([BooksOpened(books, "a test")])


@define
class PerfectAccount:
    """An account at a market that fills every order at its mark."""

    mandate: Mandate
    closes: LastCloses
    ledger: Ledger
    instruments: Instruments
    fills: list[Fill] = field(factory=list)
    drafts: dict[date, CycleDraft] = field(factory=dict)

    def draft(self, day: date, as_of: date, source: DecisionSource, marks: Marks):
        """The draft of one cycle."""
        considered = {}
        for entry in self.mandate.strategies:
            memory = self.ledger.decided.get(entry.strategy.name)
            since = memory.as_of if memory else None
            considered[entry.strategy.name] = source.consider(entry.strategy, as_of, since)
        facts = CycleFacts(
            key=CycleKey(self.mandate.portfolio, "PA1", day),
            as_of=as_of,
            considered=considered,
            instruments=self.instruments,
            marks=marks,
            closes=self.closes.marks(as_of, self.closes.history.symbols),
            account_cash=self.ledger.opened_books.combined().cash,
        )
        return draft_cycle(self.ledger, self.mandate, facts)

    def trade(self, day: date, as_of: date, source: DecisionSource, marks: Marks) -> CycleDraft:
        """One cycle from its draft to its end."""
        draft = self.draft(day, as_of, source, marks).unwrap()
        key = CycleKey(self.mandate.portfolio, "PA1", day)
        settled = self._settled(draft, marks, day)
        closed = CycleClosed(key, CycleOutcome.COMPLETE, None)
        begun = CycleOpened(key, "a test", "market")
        self.ledger = self.ledger.fold([begun, *draft.events, *settled, closed])
        self.drafts[day] = draft
        return draft

    def _settled(self, draft: CycleDraft, marks: Marks, day: date) -> list[BooksSettled]:
        if draft.plan is None:
            return []
        costs = self.mandate.costs
        market = SimulatedMarket(TradingCosts(costs.cost_bps, costs.slippage_bps))
        fills = market.execute(draft.plan.plan.orders, day)
        self.fills.extend(fills)
        traded = {fill.symbol for fill in fills} | draft.plan.wishes.keys()
        return [
            BooksSettled(
                symbol,
                settle(
                    draft.plan.wishes.get(symbol, {}),
                    [fill for fill in fills if fill.symbol == symbol],
                    marks[symbol],
                ).unwrap(),
            )
            for symbol in sorted(traded)
        ]

    def equity(self, prices: Mapping[Symbol, float]) -> float:
        """What all books are worth."""
        own = self.ledger.opened_books.combined()
        held = own.positions.values()
        return float(own.cash) + sum(float(p.quantity) * prices[p.symbol] for p in held)


@pytest.fixture
def make_account() -> Callable[..., PerfectAccount]:
    """`make_account(history, [(strategy, "0.5"), ...], cash, **of_the_mandate)`."""

    def make(
        history,
        strategies: Sequence[tuple[Strategy, str]],
        cash: str = "100000",
        instruments: Instruments | None = None,
        decide_on: DecideOn = DecideOn.PREVIOUS_CLOSE,
        rebalance_books: BookRebalance = BookRebalance.QUARTERLY,
        planning: PlanningSettings | None = None,
        costs: CostSettings | None = None,
    ) -> PerfectAccount:
        mandate = Mandate(
            "main",
            tuple(Entrusted(strategy, Decimal(share)) for strategy, share in strategies),
            decide_on,
            rebalance_books,
            planning or PlanningSettings(),
            costs or CostSettings(),
        )
        return PerfectAccount(
            mandate,
            LastCloses(history),
            opened(Usd(Decimal(cash)), mandate.shares),
            instruments or fractional_shares(history.symbols),
        )

    return make


@pytest.fixture
def switching() -> Callable[..., Callable]:
    """`switching(symbols, seed)`: weights by the last close, that change now and then."""

    def make(symbols: Iterable[str], seed: int = 0, calm: int = 7):
        names = [Symbol(s) for s in symbols]

        def rule(known):
            rng = np.random.default_rng([seed, (len(known) - 1) // calm])
            close = known.close[-1]
            drawn = rng.dirichlet(np.full(len(names), 0.4)) * rng.choice([1.0, 1.0, 0.8])
            return {
                symbol: float(weight)
                for symbol, weight in zip(names, drawn, strict=True)
                if np.isfinite(close[known.columns[symbol]]) and weight > 0.05
            }

        return rule

    return make
