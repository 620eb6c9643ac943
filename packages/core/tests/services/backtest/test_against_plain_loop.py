"""The vectorised simulations agree with a plain loop over days, written from the conventions."""

import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import Generator

from alchemiser_core.domain.allocation.policy import BookRebalance
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.decision import Decisions
from alchemiser_core.domain.rebalance_policy import Frequency, RebalancePolicy
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.backtest import (
    BacktestResult,
    BacktestSettings,
    FillTiming,
    MissingOpen,
    StrategyDecisions,
    backtest,
)

# --- the plain loop ----------------------------------------------------------------------------


class Book:
    """One strategy in the plain loop."""

    def __init__(self, strategy: StrategyDecisions, cash: float) -> None:
        decisions = strategy.decisions
        self.policy = strategy.policy
        self.share = float(strategy.share)
        self.decided = {
            int(row): dict(zip(decisions.symbols, weights, strict=True))
            for row, weights in zip(decisions.rows, decisions.weights.tolist(), strict=True)
        }
        self.changed = dict(
            zip(decisions.rows.tolist(), decisions.path_changed.tolist(), strict=True)
        )
        self.cash = cash
        self.shares: dict[str, float] = {}
        self.last_decided: int | None = None
        self.pending: dict[str, float] | None = None

    def equity(self, prices: dict[str, float]) -> float:
        return self.cash + sum(n * prices[s] for s, n in self.shares.items())


def period_of(day: object, frequency: str) -> object:
    if frequency == "weekly":
        return day.isocalendar()[:2]
    months = day.year * 12 + day.month - 1
    return months // {"monthly": 1, "quarterly": 3, "yearly": 12}[frequency]


def wants_to_trade(book: Book, row: int, history: BarHistory, value: dict[str, float]) -> bool:
    if book.last_decided is None:
        return True
    if book.policy.threshold is not None:
        equity = book.equity(value)
        for symbol, weight in book.decided[row].items():
            held = book.shares.get(symbol, 0.0) * value[symbol] / equity
            if abs(held - weight) > book.policy.threshold:
                return True
        return book.changed[row]
    if book.policy.frequency == "daily":
        return True
    if book.policy.frequency == "none":
        return book.changed[row]
    now, before = history.session(row), history.session(book.last_decided)
    frequency = book.policy.frequency
    return period_of(now, frequency) != period_of(before, frequency)


def trade(books: list[Book], price: dict[str, float], rate: float) -> tuple[float, float, int]:
    """Trade all pending weights; returns traded value, costs, number of net trades."""
    trading = [book for book in books if book.pending is not None]
    equity = [book.equity(price) for book in trading]
    symbols = sorted({s for book in trading for s in (*book.pending, *book.shares)})

    def wishes(kept: float, symbol: str) -> list[float]:
        return [
            book.pending.get(symbol, 0.0) * e * kept - book.shares.get(symbol, 0.0) * price[symbol]
            for book, e in zip(trading, equity, strict=True)
        ]

    low, high = 0.0, 1.0  # what costs leave of the equity, by halving
    for _ in range(60 if rate else 0):
        kept = (low + high) / 2
        net = math.fsum(abs(math.fsum(wishes(kept, symbol))) for symbol in symbols)
        left = math.fsum(equity) * (1 - kept) - rate * net
        low, high = (kept, high) if left > 0 else (low, kept)
    kept = (low + high) / 2 if rate else 1.0
    costs = [0.0] * len(trading)
    net_by_symbol = {}
    for symbol in symbols:
        own = wishes(kept, symbol)
        net = net_by_symbol[symbol] = math.fsum(own)
        payers = [max(0.0, wish if net > 0 else -wish) for wish in own]
        for i, part in enumerate(payers):
            costs[i] += rate * abs(net) * part / sum(payers) if part else 0.0
    for book, e, cost in zip(trading, equity, costs, strict=True):
        book.shares = {s: w * e * kept / price[s] for s, w in book.pending.items() if w}
        book.cash = e - cost - sum(w * e * kept for w in book.pending.values())
        book.pending = None
    total = sum(book.equity(price) for book in books)
    count = sum(1 for v in net_by_symbol.values() if abs(v) > 1e-12 * total)
    return math.fsum(map(abs, net_by_symbol.values())), math.fsum(costs), count


def plain_loop(
    history: BarHistory, strategies: list[StrategyDecisions], asked: BacktestSettings, rows: range
) -> dict[str, object]:
    cash, rate = float(asked.cash), float(asked.cost_fraction)
    books = [Book(s, cash * float(s.share)) for s in strategies]
    moved_in: object = None
    move = False
    curve, book_curves, traded, costs, trades = [], [], 0.0, 0.0, 0
    value: dict[str, float] = dict.fromkeys(history.symbols, 1.0)  # before the first price
    for row in range(rows.stop):
        opens, closes = dict(value), {}
        for column, symbol in enumerate(history.symbols):
            close = history.close[row, column]
            if close > 0 and math.isfinite(close):
                closes[symbol] = value[symbol] = opens[symbol] = close
            if asked.fill == "next-open" and history.open is not None:
                price = history.open[row, column]
                if price > 0 and math.isfinite(price):
                    opens[symbol] = price
        if row not in rows:
            continue

        def fill(price: dict[str, float]) -> None:
            nonlocal traded, costs, trades, move
            if not any(book.pending is not None for book in books):
                return
            if move:
                total = sum(book.equity(price) for book in books)
                for book in books:
                    book.cash += book.share * total - book.equity(price)
                move = False
            value_traded, cost, count = trade(books, price, rate)
            traded, costs, trades = traded + value_traded, costs + cost, trades + count

        if asked.fill == "next-open":
            fill(opens)
        if asked.fill == "next-close":
            fill(value)
        if row < rows.stop - asked.fill_delay:
            if len(books) > 1 and all(row in book.decided for book in books):
                how_often = asked.rebalance_books
                now = None
                if how_often != "never":
                    now = period_of(history.session(row), how_often)
                move = moved_in is not None and now != moved_in
                moved_in = now
            for book in books:
                if row not in book.decided:
                    continue
                if wants_to_trade(book, row, history, value) or move:
                    book.pending = dict(book.decided[row])
                book.last_decided = row
        if asked.fill == "close":
            fill(value)
        curve.append(sum(book.equity(value) for book in books))
        book_curves.append([book.equity(value) for book in books])
    curve[0] = cash
    return {
        "curve": curve,
        "books": book_curves,
        "traded": traded,
        "costs": costs,
        "trades": trades,
    }


# --- random markets ----------------------------------------------------------------------------


def random_market(rng: Generator, sessions: int, symbols: int, gaps: bool) -> BarHistory:
    days = np.busday_offset("2019-11-18", np.arange(sessions), roll="forward")
    returns = rng.normal(0.0003, 0.02, (sessions, symbols))
    close = 100 * np.exp(np.cumsum(returns, axis=0))
    opens = close * np.exp(rng.normal(0, 0.005, (sessions, symbols)))
    if gaps:
        for column in range(symbols):
            for _ in range(rng.integers(0, 4)):
                start = int(rng.integers(0, sessions))
                length = int(rng.choice([1, 2, 5, 6, 9, 20]))
                close[start : start + length, column] = rng.choice([np.nan, 0.0, -1.0, np.inf])
                opens[start : start + length, column] = np.nan
        close[: rng.integers(0, sessions // 2), 0] = np.nan
        close[rng.integers(sessions // 2, sessions) :, symbols - 1] = np.nan
        opens[rng.random((sessions, symbols)) < 0.05] = np.nan
    names = tuple(Symbol(f"S{column}") for column in range(symbols))
    return BarHistory(sessions=days, symbols=names, close=close, open=opens)


def random_decisions(rng: Generator, history: BarHistory, holes: bool) -> Decisions:
    good = np.isfinite(history.close) & (history.close > 0)
    calm = bool(rng.random() < 0.5)
    lines, rows, changed = [], [], []
    favourites = rng.random(len(history.symbols))
    for row in range(len(history)):
        new_path = bool(rng.random() < (0.05 if calm else 0.3))
        if new_path:
            favourites = rng.random(len(history.symbols)) * (rng.random(len(history.symbols)) < 0.7)
        is_last = row == len(history) - 1  # decided always, so that something is decidable
        if not is_last and (not good[row].any() or (holes and rng.random() < 0.1)):
            continue
        wanted = np.where(good[row], favourites, 0.0)
        total = wanted.sum()
        exposure = 1.0 if rng.random() < 0.8 else rng.random()
        lines.append(wanted / total * exposure if total else wanted)
        rows.append(row)
        changed.append(new_path)
    at = np.array(rows, dtype=np.intp)
    return Decisions(
        sessions=history.sessions[at],
        rows=at,
        symbols=history.symbols,
        weights=np.array(lines).reshape(len(rows), len(history.symbols)),
        path_changed=np.array(changed, dtype=bool),
    )


POLICIES = [RebalancePolicy(frequency) for frequency in Frequency] + [
    RebalancePolicy(threshold=x) for x in (0.005, 0.03, 0.2)
]


def run_both(
    seed: int,
    policies: list[RebalancePolicy],
    fill: FillTiming,
    gaps: bool,
    cost_bps: str,
    rebalance_books: BookRebalance,
    start: int | None,
) -> tuple[BacktestResult, dict[str, object]]:
    rng = np.random.default_rng(seed)
    history = random_market(rng, int(rng.integers(20, 160)), int(rng.integers(1, 6)), gaps)
    shares = [Decimal(1)] if len(policies) == 1 else [Decimal("0.6"), Decimal("0.4")]
    strategies = [
        StrategyDecisions(f"s{i}", random_decisions(rng, history, gaps), policy, share)
        for i, (policy, share) in enumerate(zip(policies, shares, strict=True))
    ]
    asked = BacktestSettings(
        start=None if start is None else history.session(start),
        cost_bps=Decimal(cost_bps),
        fill=fill,
        missing_open=MissingOpen.CLOSE,
        rebalance_books=rebalance_books,
    )
    result = backtest(history, tuple(strategies), asked).unwrap()
    rows = range(result.period.first, result.period.last + 1)
    return result, plain_loop(history, strategies, asked, rows)


def assert_same(result: BacktestResult, plain: dict[str, object]) -> None:
    np.testing.assert_allclose(result.curve.equity, plain["curve"], rtol=1e-11)
    assert result.costs == pytest.approx(plain["costs"], rel=1e-9)
    assert float(result.account.traded.sum()) == pytest.approx(plain["traded"], rel=1e-9)
    assert result.trades == plain["trades"]
    assert len(result.fills) == plain["trades"]
    assert float(result.fills.cost.sum()) == pytest.approx(plain["costs"], rel=1e-9)


scenarios = settings(max_examples=120, deadline=None, derandomize=True)


@scenarios
@given(
    seed=st.integers(0, 2**32 - 1),
    policy=st.sampled_from(POLICIES),
    fill=st.sampled_from(FillTiming),
    gaps=st.booleans(),
    cost_bps=st.sampled_from(["0", "1", "25", "1000"]),
    start=st.sampled_from([None, 0, 7]),
)
def test_one_strategy_agrees_with_the_plain_loop(
    seed: int,
    policy: RebalancePolicy,
    fill: FillTiming,
    gaps: bool,
    cost_bps: str,
    start: int | None,
) -> None:
    result, plain = run_both(seed, [policy], fill, gaps, cost_bps, BookRebalance.NEVER, start)
    assert_same(result, plain)


@settings(max_examples=70, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 2**32 - 1),
    policies=st.lists(st.sampled_from(POLICIES), min_size=2, max_size=2),
    fill=st.sampled_from(FillTiming),
    gaps=st.booleans(),
    cost_bps=st.sampled_from(["0", "1", "25", "1000"]),
    how_often=st.sampled_from(BookRebalance),
)
def test_a_blend_agrees_with_the_plain_loop_and_its_books_add_up(
    seed: int,
    policies: list[RebalancePolicy],
    fill: FillTiming,
    gaps: bool,
    cost_bps: str,
    how_often: BookRebalance,
) -> None:
    result, plain = run_both(seed, policies, fill, gaps, cost_bps, how_often, None)
    assert_same(result, plain)
    books = np.array([book.curve.equity for book in result.books]).T
    np.testing.assert_allclose(books[1:], np.array(plain["books"])[1:], rtol=1e-11)
    np.testing.assert_allclose(books.sum(axis=1), result.curve.equity, rtol=1e-12)
    assert sum(book.costs for book in result.books) == pytest.approx(result.costs, rel=1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_positions_follow_from_the_fills_alone(seed: int) -> None:
    policy = POLICIES[seed % len(POLICIES)]
    fill = list(FillTiming)[seed % 3]
    result, _ = run_both(seed, [policy], fill, True, "10", BookRebalance.NEVER, None)
    shares = dict.fromkeys(result.account.prices.symbols, 0.0)
    cash = float(result.settings.cash)
    fills = iter(result.fills)
    upcoming = next(fills, None)
    for row, day in enumerate(result.positions.sessions.tolist()):
        while upcoming is not None and upcoming.session == day:
            sign = 1 if upcoming.side == "buy" else -1
            assert upcoming.value == pytest.approx(upcoming.quantity * upcoming.price)
            shares[upcoming.symbol] += sign * upcoming.quantity
            cash -= sign * upcoming.value + upcoming.cost
            upcoming = next(fills, None)
        worth = np.array(list(shares.values())) * result.account.prices.value[row]
        equity = cash + worth.sum()
        np.testing.assert_allclose(result.positions.weights[row], worth / equity, atol=1e-9)
        if row:
            assert result.curve.equity[row] == pytest.approx(equity, rel=1e-9)
    assert upcoming is None
