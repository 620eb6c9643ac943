"""From settings to the rules of the core: how orders are worked, and what reconciling accepts."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from alchemiser_app.paper.factory import PAPER
from alchemiser_core.config import trading_settings
from alchemiser_core.config.settings import Settings
from alchemiser_core.config.trading_settings import Adoption, ExecutionSettings, TacticName
from alchemiser_core.domain.quote import QuoteLimits
from alchemiser_core.domain.schedule import Slot
from alchemiser_core.execution import ExecutionRules, Market, ProgressiveLimit, Tactic
from alchemiser_core.execution.rules import Finish, OnHalt
from alchemiser_core.ports.broker import BrokerCapabilities
from alchemiser_core.services.reconciliation import ReconcilePolicy
from alchemiser_core.services.slots import slot_of


def slot(settings: Settings) -> Slot:
    """When a cycle trades: the slot that is set, or the one that fits the bars that decide."""
    return slot_of(settings.trading.slot, settings.trading_decide_on)


def stands_on_bars(settings: Settings) -> bool:
    """Whether the account keeps the time of the bars, so that they say which session it is."""
    is_paper = settings.broker.name == PAPER.name
    return is_paper and settings.trading.clock is not trading_settings.ClockChoice.SYSTEM


def quote_limits(settings: ExecutionSettings) -> QuoteLimits:
    """What a quote must satisfy to be planned with and traded on."""
    age = timedelta(seconds=settings.quote_age_seconds)
    return QuoteLimits(widest_spread=settings.widest_spread, oldest=age)


def execution_rules(settings: Settings, capabilities: BrokerCapabilities) -> ExecutionRules:
    """How a plan is executed at a broker."""
    own, on_halt = settings.execution, settings.trading.on_halt
    leave = on_halt is trading_settings.OnHalt.LEAVE
    return ExecutionRules(
        tactic=_tactic(own),
        market_collar=capabilities.market_collar,
        duration=timedelta(seconds=own.deadline_seconds),
        sell_patience=timedelta(seconds=own.sell_seconds),
        cash_tolerance=settings.trading.cash_tolerance,
        poll=timedelta(seconds=own.poll_seconds),
        grace=timedelta(seconds=own.grace_seconds),
        on_halt=OnHalt.LEAVE if leave else OnHalt.CANCEL,
    )


def _tactic(settings: ExecutionSettings) -> Tactic:
    match settings.tactic:
        case TacticName.MARKET:
            return Market()
        case TacticName.PROGRESSIVE_LIMIT:
            nothing = settings.finish is trading_settings.Finish.NOTHING
            return ProgressiveLimit(
                steps=settings.steps,
                wait=timedelta(seconds=settings.step_seconds),
                finish=Finish.NOTHING if nothing else Finish.MARKET,
                collar=settings.price_collar,
                quotes=quote_limits(settings),
            )


def reconcile_policy(
    settings: Settings, shares: Mapping[str, Decimal], *, confirmed: bool = False
) -> ReconcilePolicy:
    """What a reconciliation accepts; `confirmed` is a person's word that the broker is right."""
    return ReconcilePolicy(
        shares=shares,
        adopt=settings.trading.adopt is Adoption.ADOPT,
        cash_tolerance=settings.trading.cash_tolerance,
        unmanaged=settings.planning.unmanaged,
        confirmed=confirmed,
    )
