"""From a portfolio and its target to a plan of orders: pure, exact, and the same every time.

Targets apply to equity after costs. Sells come first and are rounded first; buys share the cash
that is then there, and never take more.
"""

from decimal import Decimal, localcontext
from typing import NamedTuple

from returns.result import Failure, Result, Success

from alchemiser_core.domain.allocation.constraints import constrain
from alchemiser_core.domain.allocation.drafting import (
    Line,
    differences,
    draft_buys,
    draft_sells,
)
from alchemiser_core.domain.allocation.plan_error import (
    NothingToInvest,
    PlanCause,
    PlanError,
    PlanRefused,
    UnusableMark,
)
from alchemiser_core.domain.allocation.plan_rules import MarkPolicy, PlanRules
from alchemiser_core.domain.allocation.rebalance_plan import RebalancePlan, Skipped, SkipReason
from alchemiser_core.domain.allocation.sizing import equity_after_costs
from alchemiser_core.domain.allocation.target_weights import TargetWeights
from alchemiser_core.domain.instrument import Instrument
from alchemiser_core.domain.money import ARITHMETIC, NO_MONEY, ZERO, Usd
from alchemiser_core.domain.orders.identifiers import CycleKey
from alchemiser_core.domain.portfolio.portfolio import Portfolio
from alchemiser_core.domain.portfolio.valuation import Unvalued
from alchemiser_core.domain.quote import Mark, Marks
from alchemiser_core.domain.symbol import Symbol


class _Survey(NamedTuple):
    """What is held and wanted, sorted by symbol."""

    equity: Decimal
    lines: list[Line]
    skipped: list[Skipped]
    causes: list[PlanCause]


def plan_rebalance(
    portfolio: Portfolio,
    targets: TargetWeights,
    marks: Marks,
    rules: PlanRules,
    cycle: CycleKey,
) -> Result[RebalancePlan, PlanError]:
    """The orders that take a portfolio to its target.

    A mark with an age above 0 values a holding but does not trade it. What is held without any
    price, equity that does not exceed the reserve and, where the rules say so, a target without a
    usable price refuse the plan (`PlanRefused`, with all causes); everything else that cannot be
    traded is skipped with its reason.
    """
    with localcontext(ARITHMETIC):
        allowed, adjusted = constrain(targets, rules.constraints)
        survey = _survey(portfolio, allowed, marks, rules)
        rate, reserve = rules.costs.rate, rules.constraints.reserve_cash
        base = equity_after_costs(
            survey.equity - reserve,
            [line.value for line in survey.lines],
            [line.weight for line in survey.lines],
            rate,
        )
        if base <= 0 and not any(isinstance(cause, Unvalued) for cause in survey.causes):
            survey.causes.append(NothingToInvest(Usd(survey.equity), reserve))
        if survey.causes:
            return Failure(PlanRefused(tuple(survey.causes)))
        lower, higher = differences(survey.lines, base, rules, survey.skipped)
        sells = draft_sells(lower, rules, cycle)
        cash = portfolio.cash + sells.traded * (1 - rate)
        kept = reserve + rules.constraints.cash_buffer * base
        buys = draft_buys(higher, cash - kept, rules, cycle)
        skipped = sorted(survey.skipped + sells.skipped + buys.skipped, key=lambda s: s.symbol)
        return Success(
            RebalancePlan(
                as_of=cycle.trading_day,
                equity=Usd(survey.equity),
                equity_after_costs=Usd(base + reserve),
                investable=Usd(base),
                target=allowed,
                orders=(*sells.orders, *buys.orders),
                skipped=tuple(skipped),
                adjusted=adjusted,
                expected_cash=Usd(cash - buys.traded * (1 + rate)),
                expected_costs=Usd((sells.traded + buys.traded) * rate),
            )
        )


def _survey(
    portfolio: Portfolio, targets: TargetWeights, marks: Marks, rules: PlanRules
) -> _Survey:
    """Value what is held and find what can be traded; collects, never stops at the first."""
    found = _Survey(portfolio.cash, [], [], [])
    equity: Decimal = portfolio.cash
    unmanaged = rules.constraints.unmanaged
    positions, weights = portfolio.positions, targets.weights
    unvalued: list[Symbol] = []
    for symbol in sorted({*positions, *weights}):
        if symbol in unmanaged:
            continue
        position = positions.get(symbol)
        quantity = position.quantity if position is not None else ZERO
        weight = weights.get(symbol, ZERO)
        mark = marks.get(symbol)
        if mark is None or not mark.usable:
            if quantity:
                unvalued.append(symbol)
            else:
                _leave(found, symbol, SkipReason.NO_PRICE, rules)
            continue
        value = quantity * mark.price
        equity += value
        instrument = rules.instruments.get(symbol)
        obstacle = _obstacle(mark, instrument, weight, rules)
        if obstacle is not None or instrument is None:
            _leave(found, symbol, obstacle or SkipReason.UNKNOWN_INSTRUMENT, rules)
            continue
        found.lines.append(
            Line(symbol, quantity, mark.price, value, weight, instrument, mark.age > 0)
        )
    if unvalued:
        found.causes.append(Unvalued(tuple(unvalued)))
    return found._replace(equity=equity)


def _obstacle(
    mark: Mark, instrument: Instrument | None, weight: Decimal, rules: PlanRules
) -> SkipReason | None:
    """Why a symbol with a usable price cannot be traded; `None` where it can."""
    if instrument is None:
        return SkipReason.UNKNOWN_INSTRUMENT
    if not instrument.tradable:
        return SkipReason.NOT_TRADABLE
    if mark.age and (weight or not rules.exit_at_last_price):
        return SkipReason.NO_PRICE_TODAY
    return None


def _leave(survey: _Survey, symbol: Symbol, reason: SkipReason, rules: PlanRules) -> None:
    about_price = reason in (SkipReason.NO_PRICE, SkipReason.NO_PRICE_TODAY)
    if about_price and rules.bad_marks is MarkPolicy.REFUSE:
        survey.causes.append(UnusableMark(symbol, reason.value))
    else:
        survey.skipped.append(Skipped(symbol, reason, NO_MONEY))
