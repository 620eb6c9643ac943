"""The terms of a cycle: what is traded, when, and by which rules; everything but the ports."""

from collections.abc import Callable
from datetime import date, timedelta

from attrs import field, frozen
from returns.result import Result

from alchemiser_core.domain.alert import Alert
from alchemiser_core.domain.bars import Sessions
from alchemiser_core.domain.problem import Explainable
from alchemiser_core.domain.quote import QuoteLimits
from alchemiser_core.domain.risk.limits import RiskLimits
from alchemiser_core.domain.schedule import DaysAhead, TradingWindow
from alchemiser_core.domain.session import TradingSession
from alchemiser_core.execution import ExecutionRules
from alchemiser_core.ports.order_journal import JournalIdentity
from alchemiser_core.services.reconciliation import ReconcilePolicy
from alchemiser_core.services.trading import DecisionSource, LastCloses, Mandate


@frozen(eq=False)
class DecidingBars:
    """The bars of a cycle, as the decisions they lead to and the closes they end with."""

    sessions: Sessions
    decisions: DecisionSource
    closes: LastCloses
    alerts: tuple[Alert, ...] = ()
    """What is odd about them, and does not stand in the way."""


ReadBars = Callable[[date], Result[DecidingBars, Explainable]]
"""Completed bars for the trading day given; called when everything else allows to trade."""


@frozen(eq=False)
class Terms:
    """What one cycle is to do."""

    identity: JournalIdentity
    """Portfolio, account and broker; the journal and the broker have to be of the same."""
    mandate: Mandate
    day: date
    """The exchange's date now: the trading day where it has a session."""
    session: TradingSession | None
    """That of the day; `None` where the calendar has none."""
    window: TradingWindow | None
    """When orders may be sent; `None` where there is no session."""
    read_bars: ReadBars
    reconciling: ReconcilePolicy
    ahead: DaysAhead | None = None
    """The calendar's sessions from the day on, which a broker's are held against; `None` where the
    trading day is the broker's own."""
    execution: ExecutionRules = field(factory=ExecutionRules)
    limits: RiskLimits = field(factory=RiskLimits)
    quotes: QuoteLimits = field(factory=QuoteLimits)
    clock_skew: timedelta = timedelta(seconds=30)
    reconcile_patience: timedelta = timedelta(seconds=30)
    """How long positions that lag behind the orders are read again."""
