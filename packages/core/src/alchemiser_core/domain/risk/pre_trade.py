"""The risk gate: everything that is wrong with a plan, before the first order of it is sent."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, localcontext

from alchemiser_core.domain.allocation.rebalance_plan import RebalancePlan
from alchemiser_core.domain.allocation.target_weights import TOLERANCE
from alchemiser_core.domain.money import ARITHMETIC, ZERO, Usd
from alchemiser_core.domain.orders.identifiers import Side
from alchemiser_core.domain.orders.intent import OrderIntent
from alchemiser_core.domain.quote import Quote
from alchemiser_core.domain.risk.breach import (
    Breach,
    EquityDropped,
    LimitCode,
    LimitExceeded,
    NoEquity,
    OnlyReducing,
    SellsMoreThanHeld,
    SpreadUnknown,
    SymbolBarred,
    TradingHalted,
    WeightsBeyondOne,
)
from alchemiser_core.domain.risk.facts import AccountFacts
from alchemiser_core.domain.risk.limits import ONE, RiskLimits
from alchemiser_core.domain.risk.trading_state import TradingState
from alchemiser_core.domain.symbol import Symbol

Factor = Callable[[Symbol], Decimal]


def pre_trade_breaches(
    plan: RebalancePlan,
    quotes: Mapping[Symbol, Quote],
    facts: AccountFacts,
    limits: RiskLimits,
    state: TradingState = TradingState.ACTIVE,
) -> tuple[Breach, ...]:
    """Every reason to refuse a plan; empty where it may be carried out.

    Parts and weights are of the whole account's equity, which may be more than the plan's: not
    every book trades every day. `quotes` is only looked at where the limits have a spread. A limit
    may be met exactly; weights may be above theirs by 1e-9, which is what rounding can do.
    """
    with localcontext(ARITHMETIC):
        found: list[Breach] = [
            *_of_state(plan, state),
            *_of_symbols(plan, facts, limits),
            *_of_spreads(plan, quotes, limits),
            *_of_amounts(plan, facts, limits),
        ]
        if plan.target.total > ONE + TOLERANCE:
            found.append(WeightsBeyondOne(plan.target.total))
        if facts.equity <= 0:
            found.append(NoEquity(facts.equity))
        else:
            found += [*_of_fractions(plan, facts, limits), *_of_weights(plan, facts, limits)]
        found += _of_equity(facts, limits)
        return tuple(found)


def _above(
    code: LimitCode, measured: Decimal, allowed: Decimal | int | None, symbol: Symbol | None = None
) -> Iterator[LimitExceeded]:
    if allowed is not None and measured > allowed:
        yield LimitExceeded(code, measured, Decimal(allowed), symbol)


def _of_state(plan: RebalancePlan, state: TradingState) -> Iterator[Breach]:
    match state:
        case TradingState.HALTED if plan.orders:
            yield TradingHalted(len(plan.orders))
        case TradingState.REDUCING if plan.buys:
            yield OnlyReducing(tuple(order.symbol for order in plan.buys))
        case _:
            return


def _of_symbols(plan: RebalancePlan, facts: AccountFacts, limits: RiskLimits) -> Iterator[Breach]:
    for order in plan.buys:
        if order.symbol in limits.denied:
            yield SymbolBarred(order.symbol, is_denied=True)
        if limits.allowed is not None and order.symbol not in limits.allowed:
            yield SymbolBarred(order.symbol, is_denied=False)
    for symbol in sorted({order.symbol for order in plan.sells}):
        sold = sum((o.quantity for o in plan.sells if o.symbol == symbol), start=ZERO)
        if sold > facts.held(symbol):
            yield SellsMoreThanHeld(symbol, sold, facts.held(symbol))


def _of_spreads(
    plan: RebalancePlan, quotes: Mapping[Symbol, Quote], limits: RiskLimits
) -> Iterator[Breach]:
    if limits.max_spread is None:
        return
    for symbol in sorted({order.symbol for order in plan.orders}):
        quote = quotes.get(symbol)
        if quote is None or not _has_spread(quote):
            yield SpreadUnknown(symbol)
        else:
            yield from _above(LimitCode.SPREAD, quote.spread, limits.max_spread, symbol)


def _has_spread(quote: Quote) -> bool:
    """Both prices are there and not crossed; how old the quote is, is the execution's matter."""
    both = all(price.is_finite() and price > 0 for price in (quote.bid, quote.ask))
    return both and quote.bid <= quote.ask


def _traded(plan: RebalancePlan, facts: AccountFacts) -> Decimal:
    """Value of the orders of the plan and of what the day has traded before, US dollars."""
    return sum((order.value for order in plan.orders), start=facts.traded.value(plan.as_of))


def _of_amounts(plan: RebalancePlan, facts: AccountFacts, limits: RiskLimits) -> Iterator[Breach]:
    for order in plan.orders:
        yield from _above(LimitCode.ORDER_VALUE, order.value, limits.max_order_value, order.symbol)
    if plan.orders:  # what was traded before is no fault of a plan that trades nothing
        orders = facts.traded.orders(plan.as_of) + len(plan.orders)
        yield from _above(LimitCode.ORDERS, Decimal(orders), limits.max_orders)
        yield from _above(LimitCode.DAY_VALUE, _traded(plan, facts), limits.max_day_value)


def _of_fractions(plan: RebalancePlan, facts: AccountFacts, limits: RiskLimits) -> Iterator[Breach]:
    for order in plan.orders:
        part = order.value / facts.equity
        yield from _above(LimitCode.ORDER_FRACTION, part, limits.max_order_fraction, order.symbol)
    if plan.orders:
        turnover = _traded(plan, facts) / facts.equity
        yield from _above(LimitCode.TURNOVER, turnover, limits.max_turnover)


def _of_weights(plan: RebalancePlan, facts: AccountFacts, limits: RiskLimits) -> Iterator[Breach]:
    for symbol in sorted({*plan.target, *(order.symbol for order in plan.buys)}):
        part = _exposure(plan, facts, _only(symbol))
        yield from _too_much(LimitCode.WEIGHT, part, limits.max_weight, symbol)
    invested = _exposure(plan, facts, lambda _: ONE)
    yield from _too_much(LimitCode.GROSS, invested, limits.max_gross)
    leveraged = _exposure(plan, facts, lambda s: ONE if limits.is_leveraged(s) else ZERO)
    yield from _too_much(LimitCode.LEVERAGED_WEIGHT, leveraged, limits.max_leveraged_weight)
    moved = _exposure(plan, facts, limits.factor)
    yield from _too_much(LimitCode.EXPOSURE, moved, limits.max_exposure)


def _only(symbol: Symbol) -> Factor:
    return lambda other: ONE if other == symbol else ZERO


def _too_much(
    code: LimitCode, measured: Decimal, allowed: Decimal | None, symbol: Symbol | None = None
) -> Iterator[LimitExceeded]:
    if allowed is not None and measured > allowed + TOLERANCE:
        yield LimitExceeded(code, measured, allowed, symbol)


def _exposure(plan: RebalancePlan, facts: AccountFacts, factor: Factor) -> Decimal:
    """What the plan makes of the account: Σ factor times value, as a fraction of equity.

    The larger of what the target wants and of what the orders leave, the latter only where they
    raise it: an excess that a plan lowers, or leaves alone, is not the plan's.
    """
    wanted = sum((factor(s) * v for s, v in plan.target_values.items()), start=ZERO)
    before = sum((factor(s) * v for s, v in facts.values.items()), start=ZERO)
    change = sum((factor(order.symbol) * _signed(order) for order in plan.orders), start=ZERO)
    return (max(wanted, before + change) if change > 0 else wanted) / facts.equity


def _signed(order: OrderIntent) -> Decimal:
    return order.value if order.side is Side.BUY else -order.value


def _of_equity(facts: AccountFacts, limits: RiskLimits) -> Iterator[Breach]:
    """The loss since the last valuation of an earlier session, without what was paid in or out."""
    if limits.max_equity_drop is None or facts.earlier is None:
        return
    before = facts.earlier.equity + facts.contributed - facts.earlier.contributed
    if before > 0 and facts.equity < before:
        drop = (before - facts.equity) / before
        if drop > limits.max_equity_drop:
            yield EquityDropped(Usd(before), facts.equity, drop, limits.max_equity_drop)
