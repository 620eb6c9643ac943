"""The back-test of single orders: the real planner, a simulated market and exact decimals.

It trades when the closed form trades, so that what differs between the two is only what rounding
of quantities does. With increments switched off they agree to the last digits of a float; with them
they differ by no more than `rounding_bound`.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from alchemiser_core.domain.allocation.blend import blend
from alchemiser_core.domain.allocation.book_wishes import book_wishes
from alchemiser_core.domain.allocation.plan_rules import PlanRules, TradingCosts
from alchemiser_core.domain.allocation.target_weights import TargetWeights, target_weights
from alchemiser_core.domain.instrument import Instruments
from alchemiser_core.domain.money import Usd, decimal_from_float
from alchemiser_core.domain.orders.fill import Fill
from alchemiser_core.domain.orders.identifiers import CycleKey
from alchemiser_core.domain.portfolio.book import Books, open_books
from alchemiser_core.domain.portfolio.crossing import BookFills, settle
from alchemiser_core.domain.portfolio.portfolio import Portfolio, funded
from alchemiser_core.domain.portfolio.transfer import Transfer, transfers_to_shares
from alchemiser_core.domain.quote import Mark, Marks
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.backtest.books_path import BooksPath, BooksRecord, books_path
from alchemiser_core.services.backtest.preparation import PreparedBacktest
from alchemiser_core.services.backtest.schedule import TradingSchedule
from alchemiser_core.services.backtest.settings import BacktestSettings
from alchemiser_core.services.plan_rebalance import plan_rebalance
from alchemiser_core.simulation import SimulatedMarket


def plan_rules(settings: BacktestSettings, instruments: Instruments) -> PlanRules:
    """The rules of planning that mean the same as the settings of a back-test."""
    return PlanRules(
        instruments=instruments,
        costs=TradingCosts(settings.cost_bps, settings.slippage_bps),
    )


def simulate_orders(
    prepared: PreparedBacktest, schedules: Sequence[TradingSchedule], instruments: Instruments
) -> BooksPath:
    """Simulate one strategy or a blend order by order, trading on the sessions of `schedules`."""
    rules = plan_rules(prepared.settings, instruments)
    record = BooksRecord()
    if len(prepared.books) == 1:
        _trade_single(prepared, schedules[0], rules, record)
    else:
        _trade_blend(prepared, schedules, rules, record)
    return books_path(prepared, record, schedules)


def _trade_single(
    prepared: PreparedBacktest, schedule: TradingSchedule, rules: PlanRules, record: BooksRecord
) -> None:
    """A single strategy needs no books: its portfolio is the account."""
    market, symbols = SimulatedMarket(rules.costs), prepared.prices.symbols
    weights = prepared.books[0].traded_weights(schedule)
    portfolio = funded(Usd(prepared.settings.cash))
    for trade, row in enumerate(schedule.fills.tolist()):
        targets = targets_of(symbols, weights[trade])
        marks = session_marks(prepared, row, {*portfolio.positions, *targets.weights})
        cycle = cycle_of(prepared, row)
        plan = plan_rebalance(portfolio, targets, marks, rules, cycle).unwrap()
        fills = market.execute(plan.orders, cycle.trading_day)
        for fill in fills:
            portfolio = portfolio.apply(fill).unwrap()
        note_session(record, row, symbols, [portfolio], [fills], fills)


def _trade_blend(
    prepared: PreparedBacktest,
    schedules: Sequence[TradingSchedule],
    rules: PlanRules,
    record: BooksRecord,
) -> None:
    """Every strategy in its book; the account trades the net of the books that trade."""
    market, symbols = SimulatedMarket(rules.costs), prepared.prices.symbols
    names = [book.strategy.name for book in prepared.books]
    shares = {book.strategy.name: book.strategy.share for book in prepared.books}
    books = open_books(Usd(prepared.settings.cash), shares)
    moving = set(prepared.transfers.tolist())
    for row, weights in sorted(_weights_by_session(prepared, schedules).items()):
        targets = {name: targets_of(symbols, chosen) for name, chosen in weights.items()}
        wanted = {symbol for target in targets.values() for symbol in target.weights}
        held = {s for book in books.books.values() for s in book.portfolio.positions}
        marks, cycle = session_marks(prepared, row, held | wanted), cycle_of(prepared, row)
        if row in moving:
            equity = books.equity(marks).unwrap()
            transfers = transfers_to_shares(equity, shares, cycle.trading_day)
            books = books.transfer(transfers)
            record.moved_rows.append(row)
            record.moved.append(_moved(names, transfers))
        booked, fills = _cycle(books.only(targets), targets, marks, rules, market, cycle)
        for by_book in booked:
            books = books.apply(by_book).unwrap()
        portfolios = [books.books[name].portfolio for name in names]
        by_name = [[f for part in booked for f in part.get(name, ())] for name in names]
        note_session(record, row, symbols, portfolios, by_name, fills)


def _cycle(
    books: Books,
    targets: Mapping[str, TargetWeights],
    marks: Marks,
    rules: PlanRules,
    market: SimulatedMarket,
    cycle: CycleKey,
) -> tuple[list[BookFills], tuple[Fill, ...]]:
    """One session of the books that trade: what is booked to each, and the net fills."""
    equity = books.equity(marks).unwrap()
    target = blend(targets, equity).unwrap()
    plan = plan_rebalance(books.combined(), target, marks, rules, cycle).unwrap()
    fills = market.execute(plan.orders, cycle.trading_day)
    wishes = book_wishes(books, targets, equity, plan, marks)
    booked = [
        settle(wishes.get(symbol, {}), [f for f in fills if f.symbol == symbol], marks[symbol])
        for symbol in sorted({*wishes, *(fill.symbol for fill in fills)})
    ]
    return [result.unwrap() for result in booked], fills


def _weights_by_session(
    prepared: PreparedBacktest, schedules: Sequence[TradingSchedule]
) -> dict[int, dict[str, NDArray[np.float64]]]:
    """By row, the weights of each strategy that trades there."""
    found: dict[int, dict[str, NDArray[np.float64]]] = {}
    for book, schedule in zip(prepared.books, schedules, strict=True):
        weights = book.traded_weights(schedule)
        for trade, row in enumerate(schedule.fills.tolist()):
            found.setdefault(row, {})[book.strategy.name] = weights[trade]
    return found


def _moved(names: Sequence[str], transfers: Iterable[Transfer]) -> NDArray[np.float64]:
    """Net cash into each book."""
    moved = np.zeros(len(names))
    for transfer in transfers:
        moved[names.index(transfer.destination)] += float(transfer.amount)
        moved[names.index(transfer.source)] -= float(transfer.amount)
    return moved


def cycle_of(prepared: PreparedBacktest, row: int) -> CycleKey:
    """The key of one simulated session."""
    return CycleKey("backtest", "simulated", prepared.period.sessions[row].item())


def targets_of(symbols: Sequence[Symbol], weights: NDArray[np.float64]) -> TargetWeights:
    """The weights of one decision; they were checked with all others."""
    return target_weights(
        {symbol: w for symbol, w in zip(symbols, weights.tolist(), strict=True) if w}
    ).unwrap()


def session_marks(prepared: PreparedBacktest, row: int, symbols: set[Symbol]) -> dict[Symbol, Mark]:
    """Fill prices of one session as exact decimals.

    A last price stands in for a missing one as if it were of the session: a back-test trades at it
    and reports that it was forced.
    """
    session = prepared.period.sessions[row].item()
    place = prepared.prices.place
    prices = prepared.prices.fill[row].tolist()
    return {s: Mark(s, decimal_from_float(prices[place[s]]), session) for s in symbols}


def note_session(
    record: BooksRecord,
    row: int,
    symbols: Sequence[Symbol],
    portfolios: Sequence[Portfolio],
    booked: Sequence[Iterable[Fill]],
    net: Iterable[Fill],
) -> None:
    """Note the holdings after a session, the costs booked to each book and the net fills."""
    held = [[float(portfolio.quantity(symbol)) for symbol in symbols] for portfolio in portfolios]
    traded = dict.fromkeys(symbols, 0.0)
    for fill in net:
        traded[fill.symbol] = float(fill.value)
    record.rows.append(row)
    record.units.append(np.array(held))
    record.cash.append(np.array([float(portfolio.cash) for portfolio in portfolios]))
    record.costs.append(np.array([float(sum(f.cost for f in fills)) for fills in booked]))
    record.traded.append(np.array(list(traded.values())))
