"""What came of a rehearsal, and how it compares with the back-test of the same dates."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from attrs import frozen

from alchemiser_core.domain.alert import Alert
from alchemiser_core.domain.performance import EquityCurve, Statistics
from alchemiser_core.domain.problem import Problem
from alchemiser_core.services.backtest import BacktestResult
from alchemiser_core.services.backtest.account import AccountPath, BacktestFill
from alchemiser_core.services.cycle import Ending
from alchemiser_core.services.ledger import Ledger
from alchemiser_core.simulation.exchange import Execution


@frozen
class RehearsedCycle:
    """How the cycle of one session ended."""

    session: date
    ending: Ending
    fills: int
    found: tuple[Problem, ...] = ()
    """Why, where it did not trade to the end."""


@frozen
class AgainstBacktest:
    """Rehearsed equity beside that of the back-test."""

    largest: float
    """Largest |rehearsed / back-test − 1| of any session."""
    session: date
    """Where that is."""
    bound: float
    """What rounding of quantities and cents can make of it in this run."""

    @property
    def within(self) -> bool:
        """Whether rounding explains the whole difference."""
        return self.largest <= self.bound


@frozen(eq=False)
class Rehearsal:
    """A rehearsal, session by session."""

    account: AccountPath
    curve: EquityCurve
    """Equity at each close; the first is the cash before the first trade."""
    statistics: Statistics
    cycles: tuple[RehearsedCycle, ...]
    executions: tuple[Execution, ...]
    """Every fill of the exchange, in order."""
    alerts: tuple[tuple[date, Alert], ...]
    ledger: Ledger
    """What the journal adds up to at the end."""
    backtest: BacktestResult
    against: AgainstBacktest
    synthetic: bool

    @property
    def endings(self) -> Mapping[Ending, int]:
        """How many cycles ended in which way."""
        return Counter(cycle.ending for cycle in self.cycles)

    @property
    def forced(self) -> tuple[BacktestFill, ...]:
        """Fills at a last price because the symbol had none of its own that session."""
        return tuple(fill for fill in self.account.fills if fill.forced)
