"""The real trading cycle in a simulated world: its terms of a day, its operator, its last look."""

from datetime import date, timedelta
from decimal import Decimal

from attrs import define, evolve, field
from numpy.random import PCG64, Generator, SeedSequence
from returns.result import Result, Success

from alchemiser_core.config.settings import CostSettings, PlanningSettings
from alchemiser_core.domain.allocation.policy import BookRebalance
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.journal.events import Resumed
from alchemiser_core.domain.problem import Explainable
from alchemiser_core.domain.schedule import TradingWindow
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.order_journal import JournalIdentity
from alchemiser_core.services.cycle import DecidingBars, Ended, Known, Terms, recover, trade
from alchemiser_core.services.journalling import write
from alchemiser_core.services.ledger import Ledger
from alchemiser_core.services.reconciliation import ReconcilePolicy
from alchemiser_core.services.trading import Entrusted, LastCloses, LiveDecisions, Mandate
from alchemiser_core.testing.faults.harness import Closing
from alchemiser_core.testing.faults.weights import random_weights
from alchemiser_core.testing.faults.world import ACCOUNT, PORTFOLIO, SLOT, World
from alchemiser_core.testing.strategies import FakeStrategy

_STREAM = 4
_MARGIN = timedelta(minutes=1)
_NAMES = ("calm", "eager")
_NOT_WRITTEN = frozenset({"journal-not-written", "journal-blocked"})


@define
class Trading:
    """The program that is put to the test: `trade`, with an operator who looks every morning."""

    world: World
    mandate: Mandate = field(init=False)
    adopt: bool = field(init=False)
    _last: Ended | None = field(default=None, init=False)
    """The last process that ended by itself."""
    _known: Known = field(factory=Known, init=False)
    """What a process that was neither killed nor left without its journal goes on with."""

    def __attrs_post_init__(self) -> None:
        chance = Generator(PCG64(SeedSequence((self.world.plan.seed, _STREAM))))
        self.adopt = bool(chance.random() < 0.5)
        share = Decimal(int(chance.integers(2, 9))) / 10
        moves = BookRebalance.MONTHLY if chance.random() < 0.5 else BookRebalance.NEVER
        costs = self.world.drawn.costs
        self.mandate = Mandate(
            PORTFOLIO,
            tuple(
                Entrusted(self._strategy(n, chance), part)
                for n, part in enumerate((share, 1 - share))
            ),
            rebalance_books=moves,
            planning=PlanningSettings(whole_shares=self.world.drawn.whole),
            costs=CostSettings(cost_bps=costs.cost_bps, slippage_bps=costs.slippage_bps),
        )

    def _strategy(self, number: int, chance: Generator) -> FakeStrategy:
        """Other weights every session, and now and then none."""

        def rule(known: BarHistory) -> dict[Symbol, float]:
            return random_weights(self.world, len(known), _STREAM + 1 + number)

        undecidable = {
            self.world.session(day).day
            for day in range(self.world.plan.days)
            if chance.random() < 0.03
        }
        symbols = self.world.drawn.symbols
        return FakeStrategy(symbols, rule, name=_NAMES[number], undecidable=frozenset(undecidable))

    def terms(self, day: int) -> Terms:
        """The terms of the cycle of a trading day."""
        session, bars = self.world.session(day), self.world.bars(day)
        known = DecidingBars(bars.sessions, LiveDecisions(bars), LastCloses(bars))

        def read(_: date) -> Result[DecidingBars, Explainable]:
            return Success(known)

        return Terms(
            identity=JournalIdentity(PORTFOLIO, ACCOUNT, self.world.broker.name, is_live=False),
            mandate=self.mandate,
            day=session.day,
            session=session,
            window=TradingWindow(session.closes - SLOT, session.closes - _MARGIN),
            read_bars=read,
            reconciling=ReconcilePolicy(self.mandate.shares, adopt=self.adopt),
            execution=self.world.rules,
        )

    def process(self, day: int) -> str | None:
        """One process on a day; in words how it ended, `None` where the journal failed."""
        known, self._known = self._known, Known()
        ended = self._last = trade(self.world.desk(), self.terms(day), known=known)
        said = _said(ended)
        if said is not None:
            self._remember(ended)
        return said

    def _remember(self, ended: Ended) -> None:
        """The next process goes on with what this one knows."""
        read = len(self.world.storage.kept)
        self._known = Known(read, ended.run.ledger, ended.run.traded)

    def _look(self, terms: Terms) -> Ended:
        """Recover while nothing goes wrong."""
        ended = recover(self.world.quiet_desk(), terms, known=self._known)
        self._remember(ended)
        return ended

    def operate(self, day: int) -> None:
        """Where the last process had trouble a person looks in the morning: a halt is lifted, and
        what blocks trading is accepted.
        """
        last = self._last
        if last is not None and not last.problems() and last.run.ledger.halt is None:
            return
        terms = self.terms(day)
        looked = self._look(terms)
        if looked.problems():
            accepted = evolve(terms.reconciling, confirmed=True)
            looked = self._look(evolve(terms, reconciling=accepted))
        if looked.run.ledger.halt is not None:
            write(self.world.quiet_desk(), (Resumed("looked at"),)).unwrap()

    def last_look(self, day: int) -> Closing:
        """After the last day: two recoveries, of which the second has nothing to write."""
        self._last = None
        self.operate(day)
        first = self._look(self.terms(day))
        kept = self.world.storage.kept
        before = len(kept)
        second = self._look(self.terms(day))
        words = [str(problem) for problem in first.problems()]
        ledger = Ledger().fold(entry.event for entry in kept)
        if ledger != second.run.ledger:
            words.append("the ledger that was kept in memory is not the fold of the journal")
        return Closing(ledger, len(kept) - before, tuple(words))


def _said(ended: Ended) -> str | None:
    codes = [problem.code for problem in ended.problems()]
    if _NOT_WRITTEN.intersection(codes):
        return None
    return f"{ended.ending} {', '.join(codes)}".rstrip()
