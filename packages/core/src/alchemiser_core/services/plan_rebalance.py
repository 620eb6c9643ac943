"""From a portfolio and its target to a plan of orders: pure, exact, and the same every time.

Targets apply to equity after costs. Sells come first and are rounded first; buys share the cash
that is then there, and never take more.
"""

from collections.abc import Iterator
from decimal import Decimal, localcontext
from typing import NamedTuple

from returns.result import Failure, Result, Success

from alchemiser_core.domain.allocation.constraints import constrain
from alchemiser_core.domain.allocation.plan_error import (
    NothingToInvest,
    PlanCause,
    PlanError,
    PlanRefused,
    UnusableMark,
)
from alchemiser_core.domain.allocation.plan_rules import MarkPolicy, PlanRules
from alchemiser_core.domain.allocation.rebalance_plan import RebalancePlan, Skipped, SkipReason
from alchemiser_core.domain.allocation.sizing import NOISE, equity_after_costs, whole_steps
from alchemiser_core.domain.allocation.target_weights import TargetWeights
from alchemiser_core.domain.instrument import Instrument
from alchemiser_core.domain.money import ARITHMETIC, NO_MONEY, ZERO, Usd
from alchemiser_core.domain.orders.identifiers import CycleKey, Side
from alchemiser_core.domain.orders.intent import OrderIntent, OrderReason
from alchemiser_core.domain.portfolio.portfolio import Portfolio
from alchemiser_core.domain.portfolio.valuation import Unvalued
from alchemiser_core.domain.quote import Mark, Marks
from alchemiser_core.domain.symbol import Symbol

_ROOM = 1 - Decimal("1E-20")
"""Quantities without increments stay this much below their target, so that the last digit of a
sum can never take cash below zero."""


class _Line(NamedTuple):
    """A symbol that can be traded in this session."""

    symbol: Symbol
    quantity: Decimal
    price: Decimal
    value: Decimal
    weight: Decimal
    instrument: Instrument
    forced: bool


class _Survey(NamedTuple):
    """What is held and wanted, sorted by symbol."""

    equity: Decimal
    lines: list[_Line]
    skipped: list[Skipped]
    causes: list[PlanCause]


class _Draft(NamedTuple):
    """The orders of one side, with the value they trade."""

    orders: list[OrderIntent]
    skipped: list[Skipped]
    traded: Decimal


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
        lower, higher = _differences(survey.lines, base, rules, survey.skipped)
        sells = _draft_sells(lower, rules, cycle)
        cash = portfolio.cash + sells.traded * (1 - rate)
        kept = reserve + rules.constraints.cash_buffer * base
        buys = _draft_buys(higher, cash - kept, rules, cycle)
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
            _Line(symbol, quantity, mark.price, value, weight, instrument, mark.age > 0)
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


_Wish = tuple[_Line, Decimal]
"""A line and the value to trade, US dollars, positive."""


def _differences(
    lines: list[_Line], base: Decimal, rules: PlanRules, skipped: list[Skipped]
) -> tuple[list[_Wish], list[_Wish]]:
    """What is to be sold and what is to be bought; full exits pass the drift band."""
    lower: list[_Wish] = []
    higher: list[_Wish] = []
    band, noise = rules.drift_band * base, NOISE * base
    for line in lines:
        if not line.weight:
            lower.append((line, line.value))
            continue
        difference = line.weight * base - line.value
        size = abs(difference)
        if size <= noise:
            continue
        if size <= band:
            skipped.append(Skipped(line.symbol, SkipReason.WITHIN_BAND, Usd(difference)))
        elif difference > 0:
            higher.append((line, difference))
        else:
            lower.append((line, size))
    return lower, higher


def _too_small(
    line: _Line, quantity: Decimal, value: Decimal, rules: PlanRules
) -> SkipReason | None:
    if not quantity:
        return SkipReason.BELOW_INCREMENT
    if value < line.instrument.minimum_order_value:
        return SkipReason.BELOW_MINIMUM_ORDER
    if value < rules.minimum_trade and line.weight:
        return SkipReason.BELOW_MINIMUM
    return None


def _draft_sells(wishes: list[_Wish], rules: PlanRules, cycle: CycleKey) -> _Draft:
    """Sells in the instruments' steps; what left the target goes with its exact quantity."""
    orders: list[OrderIntent] = []
    skipped: list[Skipped] = []
    traded = ZERO
    for line, wanted in wishes:
        if line.weight:
            reason = OrderReason.REDUCE
            quantity = whole_steps(wanted / line.price, line.instrument.quantity_increment)
            quantity = min(quantity, line.quantity)
        else:
            reason = OrderReason.FORCED_EXIT if line.forced else OrderReason.EXIT
            quantity = line.quantity
        value = quantity * line.price
        small = _too_small(line, quantity, value, rules)
        if small is not None:
            skipped.append(Skipped(line.symbol, small, Usd(-wanted)))
            continue
        traded += value
        orders.append(_order(line, Side.SELL, quantity, value, reason, cycle))
    return _Draft(orders, skipped, traded)


def _sized_buys(
    wishes: list[_Wish], available: Decimal, rate: Decimal
) -> Iterator[tuple[_Line, Decimal, Decimal]]:
    """Line, wanted value and quantity of each buy; together with costs never above `available`.

    Where cash is short every buy is lowered by the same factor before rounding; then, in the order
    of the symbols, each takes at most the cash that is left.
    """
    needed = sum((wanted for _, wanted in wishes), start=ZERO) * (1 + rate)
    factor = available / needed if needed > available else None
    left = available
    for line, wanted in wishes:
        increment = line.instrument.quantity_increment
        quantity = (wanted if factor is None else wanted * factor) / line.price
        quantity = quantity * _ROOM if increment is None else whole_steps(quantity, increment)
        price = line.price * (1 + rate)
        if increment is not None and quantity * price > left:
            quantity = left // (price * increment) * increment
        left -= quantity * price
        yield line, wanted, quantity


def _draft_buys(
    wishes: list[_Wish], available: Decimal, rules: PlanRules, cycle: CycleKey
) -> _Draft:
    """Buys in the instruments' steps, from the cash that is there when all sells have filled."""
    if available <= 0:
        short = [Skipped(line.symbol, SkipReason.NO_CASH, Usd(wanted)) for line, wanted in wishes]
        return _Draft([], short, ZERO)
    orders: list[OrderIntent] = []
    skipped: list[Skipped] = []
    traded = ZERO
    for line, wanted, quantity in _sized_buys(wishes, available, rules.costs.rate):
        value = quantity * line.price
        small = _too_small(line, quantity, value, rules)
        if small is not None:
            skipped.append(Skipped(line.symbol, small, Usd(wanted)))
            continue
        traded += value
        reason = OrderReason.INCREASE if line.quantity else OrderReason.OPEN
        orders.append(_order(line, Side.BUY, quantity, value, reason, cycle))
    return _Draft(orders, skipped, traded)


def _order(
    line: _Line,
    side: Side,
    quantity: Decimal,
    value: Decimal,
    reason: OrderReason,
    cycle: CycleKey,
) -> OrderIntent:
    identifier = cycle.order_id(line.symbol, side)
    return OrderIntent(line.symbol, side, quantity, line.price, Usd(value), reason, identifier)
