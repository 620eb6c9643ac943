"""What holds for any portfolio, any target and any rules."""

from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st
from returns.result import Failure, Success

from alchemiser_core.domain.allocation.blend import blend
from alchemiser_core.domain.allocation.book_wishes import book_wishes
from alchemiser_core.domain.allocation.constraints import Constraints
from alchemiser_core.domain.allocation.plan_rules import PlanRules, TradingCosts
from alchemiser_core.domain.allocation.target_weights import target_weights
from alchemiser_core.domain.instrument import Instrument
from alchemiser_core.domain.money import ARITHMETIC, CENT, Usd, usd
from alchemiser_core.domain.orders.fill import Fill
from alchemiser_core.domain.orders.identifiers import CycleKey, Side
from alchemiser_core.domain.portfolio.book import open_books
from alchemiser_core.domain.portfolio.crossing import settle
from alchemiser_core.domain.portfolio.portfolio import holding
from alchemiser_core.domain.quote import Mark
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.plan_rebalance import plan_rebalance

SYMBOLS = tuple(Symbol(f"S{i}") for i in range(6))
DAY = date(2026, 3, 2)
CYCLE = CycleKey("main", "PA123", DAY)

some_symbols = st.frozensets(st.sampled_from(SYMBOLS), max_size=2)
prices = st.decimals("0.0001", 5000, places=4)
good_or_bad_prices = st.one_of(prices, prices, st.sampled_from([Decimal("NaN"), Decimal(0)]))
six_prices = st.lists(prices, min_size=6, max_size=6)
rates = st.builds(
    TradingCosts,
    st.decimals(0, 100, places=2),
    st.decimals(0, 100, places=2),
)


@st.composite
def marks_(draw):
    """A mark for most symbols, some of an earlier session, some without a usable price."""
    found = {}
    for symbol in SYMBOLS:
        age = draw(st.sampled_from([0, 0, 0, 0, 1, 7]))
        price = draw(
            st.one_of(prices, prices, prices, st.sampled_from([Decimal("NaN"), Decimal(0)]))
        )
        if draw(st.integers(0, 9)):
            found[symbol] = Mark(symbol, price, DAY, age)
    return found


@st.composite
def targets_(draw):
    raw = draw(st.lists(st.floats(0, 1), min_size=len(SYMBOLS), max_size=len(SYMBOLS)))
    raw = [w if w > 0.2 else 0.0 for w in raw]
    invested = draw(st.sampled_from([1.0, 1.0, 0.999, 0.5]))
    whole = sum(raw) or 1.0
    return target_weights(
        {s: w / whole * invested for s, w in zip(SYMBOLS, raw, strict=True)}
    ).unwrap()


@st.composite
def portfolios_(draw):
    quantities = st.one_of(st.just(Decimal(0)), st.decimals(0, 10_000, places=9))
    amounts = draw(st.lists(quantities, min_size=len(SYMBOLS), max_size=len(SYMBOLS)))
    cash = draw(st.decimals(-100, 100_000, places=2))
    return holding(Usd(cash), dict(zip(SYMBOLS, amounts, strict=True))).unwrap()


@st.composite
def instruments_(draw):
    found = {}
    for symbol in SYMBOLS:
        increment = draw(st.sampled_from([None, Decimal(1), Decimal("1E-9"), Decimal("0.25")]))
        minimum = usd(draw(st.sampled_from([0, 0, 1])))
        tradable = draw(st.integers(0, 9)) > 0
        fractionable = increment != 1
        found[symbol] = Instrument(
            symbol, increment, Decimal("0.01"), fractionable, tradable, minimum
        )
    return found


@st.composite
def rules_(draw):
    return PlanRules(
        instruments=draw(instruments_()),
        costs=draw(rates),
        constraints=Constraints(
            caps=dict.fromkeys(draw(some_symbols), Decimal("0.3")),
            denied=draw(some_symbols),
            unmanaged=draw(some_symbols),
            cash_buffer=draw(st.sampled_from([Decimal(0), Decimal("0.02")])),
            reserve_cash=usd(draw(st.sampled_from([0, 0, 500]))),
        ),
        minimum_trade=usd(draw(st.sampled_from([0, 0, 50]))),
        drift_band=draw(st.sampled_from([Decimal(0), Decimal("0.01")])),
        exit_at_last_price=draw(st.booleans()),
    )


@given(portfolios_(), targets_(), marks_(), rules_())
def test_a_plan_never_oversells_never_overspends_and_keeps_all_limits(
    portfolio, targets, marks, rules
):
    limits = rules.constraints
    match plan_rebalance(portfolio, targets, marks, rules, CYCLE):
        case Failure(refused):
            assert refused.problems()
            return
        case Success(plan):
            pass
    rate = Fraction(rules.costs.rate)
    cash = Fraction(portfolio.cash)
    sides = [o.side for o in plan.orders]
    assert sides == sorted(sides, reverse=True)
    assert len({o.symbol for o in plan.orders}) == len(plan.orders)
    bought, noise = False, Decimal("1E-11")
    for order in plan.orders:
        instrument, mark = rules.instruments[order.symbol], marks[order.symbol]
        assert order.quantity > 0
        assert mark.usable
        assert order.price == mark.price
        assert instrument.tradable
        assert order.symbol not in limits.unmanaged
        value = Fraction(order.quantity) * Fraction(order.price)
        assert value >= instrument.minimum_order_value
        left = portfolio.quantity(order.symbol) - order.quantity
        wanted = plan.target.of(order.symbol) * plan.investable
        if order.side is Side.SELL:
            assert left >= 0
            assert left == 0 or left * order.price >= wanted - order.value * noise
            assert mark.age == 0 or (rules.exit_at_last_price and left == 0)
            cash += value * (1 - rate)
        else:
            bought = True
            assert mark.age == 0
            assert order.symbol not in limits.denied
            held_value = portfolio.quantity(order.symbol) * order.price
            assert held_value + order.value <= wanted + order.value * noise
            cash -= value * (1 + rate)
        exact = left == 0 or instrument.quantity_increment is None
        assert exact or order.quantity % instrument.quantity_increment == 0
        assert left == 0 or value >= rules.minimum_trade
    if bought:
        assert cash >= limits.reserve_cash + limits.cash_buffer * plan.investable
    assert abs(cash - Fraction(plan.expected_cash)) < Fraction(1, 10**18)
    for symbol, weight in plan.target.weights.items():
        assert weight <= targets.of(symbol)
        cap = limits.cap_of(symbol)
        assert cap is None or weight <= cap


@given(portfolios_(), targets_(), six_prices, rates)
def test_with_increments_off_and_no_limits_the_target_is_hit(portfolio, targets, prices_now, costs):
    # Twenty decimals of a share cannot hit the target of an account of less than a cent.
    marks = {s: Mark(s, p, DAY) for s, p in zip(SYMBOLS, prices_now, strict=True)}
    instruments = {s: Instrument(s, None, fractionable=True) for s in SYMBOLS}
    rules = PlanRules(instruments, costs)
    match plan_rebalance(portfolio, targets, marks, rules, CYCLE):
        case Failure():
            return
        case Success(plan):
            assume(plan.equity_after_costs > CENT)
    with localcontext(ARITHMETIC):
        rate = costs.rate
        after = portfolio.apply_all(
            Fill(o.symbol, o.side, o.quantity, o.price, DAY, Usd(o.value * rate))
            for o in plan.orders
        ).unwrap()
        values = {s: after.quantity(s) * marks[s].price for s in SYMBOLS}
        equity = after.cash + sum(values.values())
        # A debt is paid by sells that are rounded down; buys never make one.
        assert after.cash >= (0 if portfolio.cash >= 0 else Decimal("-1E-15"))
        assert abs(equity - plan.equity_after_costs) <= equity * Decimal("1E-12")
        for symbol in SYMBOLS:
            assert abs(values[symbol] - targets.of(symbol) * equity) <= equity * Decimal("1E-12")
    again = plan_rebalance(after, targets, marks, rules, CYCLE).unwrap()
    assert again.orders == ()


@given(portfolios_(), targets_(), marks_(), rules_())
def test_the_same_inputs_give_the_same_plan(portfolio, targets, marks, rules):
    first = plan_rebalance(portfolio, targets, marks, rules, CYCLE)
    shuffled = evolve(portfolio, positions=dict(reversed(portfolio.positions.items())))
    again = plan_rebalance(shuffled, targets, dict(reversed(marks.items())), rules, CYCLE)
    assert str(again) == str(first)


@given(
    st.lists(st.tuples(targets_(), targets_()), min_size=1, max_size=4),
    six_prices,
    instruments_(),
    rates,
    st.sampled_from([Decimal(1), Decimal("0.5"), Decimal(0)]),
)
def test_books_add_up_to_the_account_whatever_the_strategies_decide(
    decisions, prices_now, instruments, costs, filled
):
    marks = {s: Mark(s, p, DAY) for s, p in zip(SYMBOLS, prices_now, strict=True)}
    rules = PlanRules(instruments, costs)
    books = open_books(usd(100_000), {"a": Decimal("0.7"), "b": Decimal("0.3")})
    account = books.combined()
    for pair in decisions:
        targets = dict(zip("ab", pair, strict=True))
        equity = books.equity(marks).unwrap()
        blended = blend(targets, equity).unwrap()
        plan = plan_rebalance(books.combined(), blended, marks, rules, CYCLE).unwrap()
        with localcontext(ARITHMETIC):
            fills = [
                Fill(o.symbol, o.side, o.quantity * filled, o.price, DAY, Usd(o.value * costs.rate))
                for o in plan.orders
                if filled
            ]
        account = account.apply_all(fills).unwrap()
        for symbol, wanted in book_wishes(books, targets, equity, plan, marks).items():
            own = [f for f in fills if f.symbol == symbol]
            books = books.apply(settle(wanted, own, marks[symbol]).unwrap()).unwrap()
        for difference in books.differences(account):
            assert abs(difference.books - difference.account) < Decimal("1E-15")
