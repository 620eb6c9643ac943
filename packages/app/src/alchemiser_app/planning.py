"""The plan of a decision for an account: marks at the closes of its session, rules, orders."""

from decimal import Decimal

import numpy as np
from returns.result import Failure, Result

from alchemiser_core.config import Settings
from alchemiser_core.domain.allocation.plan_error import PlanError
from alchemiser_core.domain.allocation.rebalance_plan import RebalancePlan
from alchemiser_core.domain.allocation.target_weights import BadWeights, target_weights
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.decision import Decision
from alchemiser_core.domain.instrument import fractional_shares, whole_shares
from alchemiser_core.domain.orders.identifiers import CycleKey
from alchemiser_core.domain.portfolio.portfolio import Portfolio
from alchemiser_core.domain.quote import Mark
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.plan_rebalance import plan_rebalance

ACCOUNT = "plan"
"""The account in the client order ids of a plan that belongs to no account."""


def plan_decision(
    target: str,
    decision: Decision,
    history: BarHistory,
    portfolio: Portfolio,
    settings: Settings,
) -> Result[RebalancePlan, BadWeights | PlanError]:
    """Orders that take `portfolio` to what was decided, at the closes of that session.

    Whether the policy of the strategy trades on that session is not asked.
    """
    weights = target_weights(decision.weights)
    if isinstance(weights, Failure):
        return Failure(weights.failure())
    known = history.at(decision.as_of)
    symbols = sorted({*decision.weights, *portfolio.positions})
    marks = closing_marks(known, symbols)
    make = whole_shares if settings.planning.whole_shares else fractional_shares
    equity = _managed_equity(portfolio, marks, settings)
    rules = settings.planning.rules(make(symbols), settings.costs, equity)
    cycle = CycleKey(portfolio=target, account=ACCOUNT, trading_day=decision.as_of)
    return plan_rebalance(portfolio, weights.unwrap(), marks, rules, cycle).alt(_as_error)


def _as_error(error: PlanError) -> BadWeights | PlanError:
    return error


def closing_marks(history: BarHistory, symbols: list[Symbol]) -> dict[Symbol, Mark]:
    """The last close of each symbol and its age in sessions; none where it never had a price."""
    last = len(history) - 1
    marks = {}
    for symbol in symbols:
        if symbol not in history.columns:
            continue
        close = history.close[:, history.columns[symbol]]
        with np.errstate(invalid="ignore"):
            rows = np.flatnonzero(np.isfinite(close) & (close > 0))
        if rows.size:
            row = int(rows[-1])
            price = Decimal(repr(float(close[row])))
            marks[symbol] = Mark(symbol, price, history.session(row), last - row)
    return marks


def _managed_equity(portfolio: Portfolio, marks: dict[Symbol, Mark], settings: Settings) -> Decimal:
    """Cash and managed holdings at their marks; what has no mark is refused by the planner."""
    unmanaged = settings.planning.unmanaged
    return portfolio.cash + sum(
        (
            position.quantity * marks[symbol].price
            for symbol, position in portfolio.positions.items()
            if symbol in marks and symbol not in unmanaged
        ),
        start=Decimal(0),
    )
