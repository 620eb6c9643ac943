"""Drafting orders from differences: sells in exact steps, buys from the cash that is then there."""

from decimal import Decimal
from typing import NamedTuple

from alchemiser_core.domain.allocation.plan_rules import PlanRules
from alchemiser_core.domain.allocation.rebalance_plan import Skipped, SkipReason
from alchemiser_core.domain.allocation.sizing import FINEST, NOISE, whole_steps
from alchemiser_core.domain.instrument import Instrument
from alchemiser_core.domain.money import ZERO, Usd
from alchemiser_core.domain.orders.identifiers import CycleKey, Side
from alchemiser_core.domain.orders.intent import OrderIntent, OrderReason
from alchemiser_core.domain.symbol import Symbol


class Line(NamedTuple):
    """A symbol that can be traded in this session."""

    symbol: Symbol
    quantity: Decimal
    price: Decimal
    value: Decimal
    weight: Decimal
    instrument: Instrument
    forced: bool


class Draft(NamedTuple):
    """The orders of one side, with the value they trade."""

    orders: list[OrderIntent]
    skipped: list[Skipped]
    traded: Decimal


Wish = tuple[Line, Decimal]
"""A line and the value to trade, US dollars, positive."""


def differences(
    lines: list[Line], base: Decimal, rules: PlanRules, skipped: list[Skipped]
) -> tuple[list[Wish], list[Wish]]:
    """What is to be sold and what is to be bought; full exits pass the drift band."""
    lower: list[Wish] = []
    higher: list[Wish] = []
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
    line: Line, quantity: Decimal, value: Decimal, rules: PlanRules
) -> SkipReason | None:
    if not quantity:
        return SkipReason.BELOW_INCREMENT
    if value < line.instrument.minimum_order_value:
        return SkipReason.BELOW_MINIMUM_ORDER
    if value < rules.minimum_trade and line.weight:
        return SkipReason.BELOW_MINIMUM
    return None


def draft_sells(wishes: list[Wish], rules: PlanRules, cycle: CycleKey) -> Draft:
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
    return Draft(orders, skipped, traded)


def _steps_paid_by(cash: Decimal, price: Decimal, increment: Decimal | None) -> Decimal:
    """The largest quantity that an amount of cash pays; `price` with costs."""
    step = increment or FINEST
    return cash // (price * step) * step


def _buy_quantities(wishes: list[Wish], available: Decimal, rate: Decimal) -> list[Decimal]:
    """A quantity for each wish; together with costs they never take more than `available`.

    Where cash is short every buy is lowered by the same factor before rounding. What rounding
    leaves over then buys further steps, in the order of the symbols, up to what was wanted.
    """
    needed = sum((wanted for _, wanted in wishes), start=ZERO) * (1 + rate)
    short = needed > available
    factor = available / needed if short else 1
    left = available
    quantities: list[Decimal] = []
    for line, wanted in wishes:
        increment, price = line.instrument.quantity_increment, line.price * (1 + rate)
        quantity = whole_steps(wanted * factor / line.price, increment)
        if quantity * price > left:
            # `whole_steps` forgives noise; cash does not.
            quantity = _steps_paid_by(left, price, increment)
        left -= quantity * price
        quantities.append(quantity)
    return _with_further_steps(wishes, quantities, left, rate) if short else quantities


def _with_further_steps(
    wishes: list[Wish], quantities: list[Decimal], left: Decimal, rate: Decimal
) -> list[Decimal]:
    larger: list[Decimal] = []
    for (line, wanted), quantity in zip(wishes, quantities, strict=True):
        price = line.price * (1 + rate)
        room = wanted * (1 + rate) - quantity * price
        further = _steps_paid_by(min(room, left), price, line.instrument.quantity_increment)
        left -= further * price
        larger.append(quantity + further)
    return larger


def draft_buys(wishes: list[Wish], available: Decimal, rules: PlanRules, cycle: CycleKey) -> Draft:
    """Buys in the instruments' steps, from the cash that is there when all sells have filled."""
    if available <= 0:
        short = [Skipped(line.symbol, SkipReason.NO_CASH, Usd(wanted)) for line, wanted in wishes]
        return Draft([], short, ZERO)
    orders: list[OrderIntent] = []
    skipped: list[Skipped] = []
    traded = ZERO
    quantities = _buy_quantities(wishes, available, rules.costs.rate)
    for (line, wanted), quantity in zip(wishes, quantities, strict=True):
        value = quantity * line.price
        small = _too_small(line, quantity, value, rules)
        if small is not None:
            skipped.append(Skipped(line.symbol, small, Usd(wanted)))
            continue
        traded += value
        reason = OrderReason.INCREASE if line.quantity else OrderReason.OPEN
        orders.append(_order(line, Side.BUY, quantity, value, reason, cycle))
    return Draft(orders, skipped, traded)


def _order(
    line: Line,
    side: Side,
    quantity: Decimal,
    value: Decimal,
    reason: OrderReason,
    cycle: CycleKey,
) -> OrderIntent:
    identifier = cycle.order_id(line.symbol, side)
    return OrderIntent(line.symbol, side, quantity, line.price, Usd(value), reason, identifier)
