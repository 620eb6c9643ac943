"""What holds for any books, any decisions and any settings of planning."""

from decimal import Decimal, localcontext

from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Success

from alchemiser_core.config.settings import CostSettings, PlanningSettings
from alchemiser_core.domain.allocation.target_weights import target_weights
from alchemiser_core.domain.decision import Decision
from alchemiser_core.domain.instrument import fractional_shares
from alchemiser_core.domain.journal.account_events import (
    BooksOpened,
    OpeningBook,
    OpeningPosition,
)
from alchemiser_core.domain.journal.events import (
    BooksSettled,
    CycleClosed,
    CycleOpened,
    CycleOutcome,
    StrategyDecided,
)
from alchemiser_core.domain.money import ARITHMETIC, NO_MONEY, ZERO, Usd
from alchemiser_core.domain.orders.fill import Fill
from alchemiser_core.domain.orders.identifiers import CycleKey, Side
from alchemiser_core.domain.portfolio.crossing import settle
from alchemiser_core.domain.portfolio.lot import Lot
from alchemiser_core.domain.quote import Mark
from alchemiser_core.domain.rebalance_policy import Frequency, RebalancePolicy
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.domain.undecidable import NotDecided, Undecidable
from alchemiser_core.services.ledger import Ledger
from alchemiser_core.services.trading import (
    Considered,
    CycleFacts,
    Entrusted,
    Mandate,
    draft_cycle,
)
from alchemiser_core.testing.bars import weekdays
from alchemiser_core.testing.strategies import FakeStrategy

SYMBOLS = tuple(Symbol(f"S{i}") for i in range(4))
NAMES = ("a", "b", "c")
BEFORE, AS_OF, DAY = weekdays(3).tolist()
KEY = CycleKey("main", "PA1", DAY)
SHARES = {1: ("1",), 2: ("0.7", "0.3"), 3: ("0.5", "0.25", "0.25")}
PRICES = st.decimals("0.01", 900, places=3)


@st.composite
def books_(draw, names):
    """Opening books: some in debt, some empty."""
    books = {}
    for name in names:
        amounts = draw(
            st.lists(
                st.one_of(st.just(ZERO), st.decimals(0, 500, places=9)),
                min_size=len(SYMBOLS),
                max_size=len(SYMBOLS),
            )
        )
        cash = Usd(draw(st.decimals(-200, 20_000, places=2)))
        positions = {
            s: OpeningPosition(q, (Lot(q, Usd(q), BEFORE),))
            for s, q in zip(SYMBOLS, amounts, strict=True)
            if q
        }
        books[name] = OpeningBook(cash, positions, NO_MONEY, NO_MONEY, cash, NO_MONEY)
    return books


@st.composite
def considered_(draw):
    """A decision to trade or not to trade; sometimes none at all."""
    if draw(st.integers(0, 5)) == 0:
        return Failure(Undecidable(AS_OF, (NotDecided(AS_OF),)))
    drawn = draw(st.lists(st.integers(0, 5), min_size=len(SYMBOLS), max_size=len(SYMBOLS)))
    whole = sum(drawn) + draw(st.sampled_from([0, 0, 3])) or 1
    weights = {s: n / whole for s, n in zip(SYMBOLS, drawn, strict=True)}
    policy = RebalancePolicy(draw(st.sampled_from([Frequency.DAILY, Frequency.MONTHLY])))
    targets = target_weights(weights).unwrap()
    return Success(Considered(Decision(AS_OF, weights), targets, policy, path_changed=False))


@st.composite
def planning_(draw):
    return PlanningSettings(
        reserve_cash=Usd(draw(st.sampled_from([ZERO, ZERO, Decimal(500)]))),
        cash_buffer=draw(st.sampled_from([ZERO, Decimal("0.05")])),
        cap=draw(st.sampled_from([None, None, Decimal("0.4")])),
        denied=draw(st.sampled_from([frozenset(), frozenset(SYMBOLS[:1])])),
        whole_shares=draw(st.booleans()),
        minimum_trade=Usd(draw(st.sampled_from([ZERO, Decimal(20)]))),
        drift_band=draw(st.sampled_from([ZERO, Decimal("0.02")])),
    )


@st.composite
def cycles_(draw):
    count = draw(st.integers(1, 3))
    names = NAMES[:count]
    decided = {name: draw(considered_()) for name in names}
    mandate = Mandate(
        "main",
        tuple(
            Entrusted(FakeStrategy(SYMBOLS, name=name), Decimal(share))
            for name, share in zip(names, SHARES[count], strict=True)
        ),
        planning=draw(planning_()),
        costs=CostSettings(cost_bps=Decimal(draw(st.sampled_from([0, 1, 50])))),
    )
    left = draw(st.sampled_from([(), (), ("z-left",)]))
    known = draw(st.sampled_from([(), names]))
    ledger = Ledger().fold(
        [
            BooksOpened(draw(books_((*names, *left))), "a test"),
            *(StrategyDecided(name, BEFORE, {}, None) for name in known),
        ]
    )
    marks = {}
    for symbol in SYMBOLS:
        age = draw(st.sampled_from([0, 0, 0, 0, 2]))
        marks[symbol] = Mark(symbol, draw(PRICES), DAY, age)
    facts = CycleFacts(
        key=KEY,
        as_of=AS_OF,
        considered=decided,
        instruments=fractional_shares(SYMBOLS),
        marks=marks,
        closes={s: Mark(s, m.price, AS_OF) for s, m in marks.items()},
        account_cash=ledger.opened_books.combined().cash,
    )
    return ledger, mandate, facts


def executed(plan, marks, rate, part):
    """Fills of a part of every order, and what is booked of it."""
    fills = {
        o.symbol: [Fill(o.symbol, o.side, o.quantity * part, o.price, DAY, Usd(o.value * rate))]
        for o in plan.plan.orders
        if part
    }
    settled = [
        BooksSettled(s, settle(plan.wishes.get(s, {}), fills.get(s, []), marks[s]).unwrap())
        for s in sorted({*plan.wishes, *fills})
    ]
    return [fill for found in fills.values() for fill in found], settled


@given(cycles_(), st.sampled_from([Decimal(1), Decimal("0.5"), ZERO]))
def test_no_cycle_oversells_or_overspends_and_the_books_add_up_to_the_account(cycle, part) -> None:
    ledger, mandate, facts = cycle
    match draft_cycle(ledger, mandate, facts):
        case Failure(error):
            assert error.problems()
            return
        case Success(draft):
            pass
    account = ledger.opened_books.combined()
    planned = ledger.fold([CycleOpened(KEY, "a test", "market"), *draft.events])
    assert planned.opened_books.differences(account) == ()
    plan = draft.plan
    if plan is None:
        return
    trading = {
        e.strategy for e in draft.events if isinstance(e, StrategyDecided) and e.reason is not None
    }
    with localcontext(ARITHMETIC):
        rate = mandate.costs.trading_costs().rate
        spent, gained = ZERO, ZERO
        own = planned.opened_books.only(trading)
        rules = mandate.rules(facts.instruments, ZERO)
        for order in plan.plan.orders:
            step = rules.instruments[order.symbol].quantity_increment
            assert not order.quantity % step or account.quantity(order.symbol) % step
            if order.side is Side.SELL:
                assert order.quantity <= own.combined().quantity(order.symbol)
                gained += order.value * (1 - rate)
            else:
                spent += order.value * (1 + rate)
        assert spent == 0 or plan.cash + gained - spent >= plan.kept_cash
        assert spent == 0 or account.cash + gained - spent >= 0
        fills, settled = executed(plan, facts.marks, rate, part)
    closed = CycleClosed(KEY, CycleOutcome.COMPLETE, None)
    after = planned.fold([*settled, closed])
    for difference in after.opened_books.differences(account.apply_all(fills).unwrap()):
        assert abs(difference.books - difference.account) < Decimal("1E-15")
    for name, book in after.opened_books.books.items():
        if name not in trading:
            # At most what others could not sell in whole increments.
            was = planned.opened_books.books[name].portfolio
            for symbol in SYMBOLS:
                moved = book.portfolio.quantity(symbol) - was.quantity(symbol)
                assert 0 <= moved < rules.instruments[symbol].quantity_increment
