"""Whatever the plan, the account and the limits: what passes the risk gate keeps every limit."""

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from alchemiser_core.domain.allocation.rebalance_plan import RebalancePlan
from alchemiser_core.domain.allocation.target_weights import TargetWeights
from alchemiser_core.domain.journal.events import Valued
from alchemiser_core.domain.money import Usd, usd
from alchemiser_core.domain.orders.identifiers import CycleKey, Side
from alchemiser_core.domain.orders.intent import OrderIntent, OrderReason
from alchemiser_core.domain.risk.breach import LimitExceeded
from alchemiser_core.domain.risk.facts import AccountFacts
from alchemiser_core.domain.risk.limits import RiskLimits
from alchemiser_core.domain.risk.pre_trade import pre_trade_breaches
from alchemiser_core.domain.risk.trading_state import TradingState, reduced
from alchemiser_core.domain.symbol import Symbol

DAY = date(2026, 3, 2)

SYMBOLS = [Symbol(s) for s in ("GLD", "SPY", "SQQQ", "TLT", "TQQQ", "UVXY")]
cents = st.integers(1, 2_000_000).map(lambda n: Decimal(n) / 100)
parts = st.integers(0, 1500).map(lambda n: Decimal(n) / 1000)


def valued(equity, contributed):
    at = datetime(2026, 2, 27, 21, tzinfo=UTC)
    return Valued(at.date(), at, equity, {}, contributed)


def within(measured, limit):
    return limit is None or measured <= limit


@st.composite
def accounts(draw):
    quantities = draw(st.dictionaries(st.sampled_from(SYMBOLS), cents, max_size=4))
    values = {s: Usd(q * 100) for s, q in quantities.items()}
    cash = draw(cents) * 100
    equity = Usd(cash + sum(values.values(), start=Decimal(0)))
    earlier = draw(st.none() | st.integers(1, 3).map(lambda n: valued(Usd(n * equity / 2), equity)))
    return AccountFacts(equity, equity, quantities, values, earlier)


@st.composite
def plans(draw, facts):
    orders = []
    for symbol in draw(st.lists(st.sampled_from(SYMBOLS), unique=True)):
        side, quantity = draw(st.sampled_from(Side)), draw(cents)
        orders.append(
            OrderIntent(
                symbol,
                side,
                quantity,
                Decimal(100),
                Usd(quantity * 100),
                OrderReason.REDUCE if side is Side.SELL else OrderReason.OPEN,
                CycleKey("p", "a", DAY).order_id(symbol, side),
            )
        )
    weights = draw(st.dictionaries(st.sampled_from(SYMBOLS), parts, max_size=4))
    total = sum(weights.values(), start=Decimal(0))
    return RebalancePlan(
        as_of=DAY,
        equity=facts.equity,
        equity_after_costs=facts.equity,
        investable=facts.equity,
        target=TargetWeights(weights, total),
        orders=tuple(sorted(orders, key=lambda o: (o.side is Side.BUY, o.symbol))),
        skipped=(),
        adjusted=(),
        expected_cash=usd(0),
        expected_costs=usd(0),
    )


optional_parts = st.none() | parts.filter(lambda p: p <= 1)
limits_of_any_kind = st.builds(
    RiskLimits,
    max_turnover=st.none() | parts,
    max_order_value=st.none() | cents,
    max_order_fraction=st.none() | parts,
    max_day_value=st.none() | cents,
    max_orders=st.none() | st.integers(0, 6),
    max_weight=optional_parts,
    max_gross=parts.filter(lambda p: p <= 1),
    max_leveraged_weight=optional_parts,
    max_exposure=st.none() | parts,
    max_equity_drop=optional_parts,
    allowed=st.none() | st.frozensets(st.sampled_from(SYMBOLS)),
    denied=st.frozensets(st.sampled_from(SYMBOLS)),
)


@given(st.data(), accounts(), limits_of_any_kind, st.sampled_from(TradingState))
def test_a_plan_without_breaches_keeps_every_limit(data, facts, limits, state):
    plan = data.draw(plans(facts))
    if pre_trade_breaches(plan, {}, facts, limits, state):
        return
    values = [order.value for order in plan.orders]
    assert state is not TradingState.HALTED or not values
    assert state is not TradingState.REDUCING or not plan.buys
    assert all(within(v, limits.max_order_value) for v in values)
    assert all(within(v / facts.equity, limits.max_order_fraction) for v in values)
    assert not values or within(sum(values), limits.max_day_value)
    assert not values or within(len(values), limits.max_orders)
    assert plan.target.total <= 1 + Decimal("1E-9")
    assert not {o.symbol for o in plan.buys} & limits.denied
    after = dict(facts.values)
    for order in plan.orders:
        change = order.value if order.side is Side.BUY else -order.value
        after[order.symbol] = Usd(after.get(order.symbol, Decimal(0)) + change)
    assert min(after.values(), default=0) >= 0
    before, now = sum(facts.values.values()), sum(after.values())
    assert now <= max(before, facts.equity * (limits.max_gross + Decimal("1E-9")))


@given(st.data(), accounts(), limits_of_any_kind)
def test_sells_alone_never_raise_a_weight(data, facts, limits):
    plan = data.draw(plans(facts))
    codes_of_all = {b.code for b in pre_trade_breaches(plan, {}, facts, limits)}
    only = reduced(plan)
    found = {
        b.code for b in pre_trade_breaches(only.plan, {}, facts, limits, TradingState.REDUCING)
    }
    assert found <= codes_of_all
    assert only.left_out == plan.buys
    assert (*only.plan.orders, *only.left_out) == plan.orders


@given(st.data(), accounts(), limits_of_any_kind)
def test_limits_that_are_off_never_refuse_more(data, facts, limits):
    plan = data.draw(plans(facts))
    bare = pre_trade_breaches(plan, {}, facts, RiskLimits())
    full = pre_trade_breaches(plan, {}, facts, limits)
    gross = {b for b in bare if isinstance(b, LimitExceeded)}
    assert {b for b in bare if b not in gross} <= set(full)
    assert {b.code for b in gross} <= {b.code for b in full if isinstance(b, LimitExceeded)}
