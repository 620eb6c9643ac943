"""What the simulation of a blend leaves behind: the account's path and that of every book."""

from collections.abc import Sequence

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from alchemiser_core.domain.performance import EquityCurve
from alchemiser_core.services.backtest.account import (
    TRADE_NOISE,
    AccountPath,
    cash_by_session,
    units_by_session,
)
from alchemiser_core.services.backtest.preparation import PreparedBacktest
from alchemiser_core.services.backtest.result import BookResult, BookTransfer
from alchemiser_core.services.backtest.schedule import TradingSchedule


@frozen(eq=False)
class BooksPath:
    """The account of a blend and its books, US dollars."""

    account: AccountPath
    equity: NDArray[np.float64]
    """Equity of each book at each close, after trades and transfers, shape (sessions, books)."""
    costs: NDArray[np.float64]
    """Each book's share of all costs, shape (books,)."""
    schedules: tuple[TradingSchedule, ...]
    """What each book traded, and when."""
    transfer_rows: NDArray[np.intp]
    transfers: NDArray[np.float64]
    """Cash moved into each book, shape (transfers, books); each row adds up to 0."""

    def results(self, prepared: PreparedBacktest) -> tuple[BookResult, ...]:
        """The result of each book, in the order of the strategies."""
        sessions = prepared.period.sessions
        return tuple(
            BookResult(
                name=book.strategy.name,
                curve=EquityCurve(sessions, self.equity[:, place]),
                costs=float(self.costs[place]),
                transfers=tuple(
                    BookTransfer(sessions[row].item(), amount)
                    for row, amount in zip(
                        self.transfer_rows.tolist(), self.transfers[:, place].tolist(), strict=True
                    )
                ),
                undecidable=prepared.undecidable(book),
            )
            for place, book in enumerate(prepared.books)
        )


@define(eq=False)
class BooksRecord:
    """What happened at each session that traded, one entry each."""

    rows: list[int] = field(factory=list)
    units: list[NDArray[np.float64]] = field(factory=list)
    """Shares held afterwards, (books, symbols)."""
    cash: list[NDArray[np.float64]] = field(factory=list)
    """Cash afterwards, (books,)."""
    traded: list[NDArray[np.float64]] = field(factory=list)
    """Value that went to the market, (symbols,)."""
    costs: list[NDArray[np.float64]] = field(factory=list)
    """Costs by book, (books,)."""
    moved_rows: list[int] = field(factory=list)
    moved: list[NDArray[np.float64]] = field(factory=list)
    """Cash moved into each book before the trades of `moved_rows`, (books,)."""


def books_path(
    prepared: PreparedBacktest, record: BooksRecord, schedules: Sequence[TradingSchedule]
) -> BooksPath:
    """The paths that follow from a record, session by session."""
    shares = [float(book.strategy.share) for book in prepared.books]
    starting = float(prepared.settings.cash) * np.array(shares)
    symbols, count = len(prepared.prices.symbols), len(record.rows)
    fill_rows = np.array(record.rows, dtype=np.intp)
    units = np.array(record.units).reshape(count, len(starting), symbols)
    left = np.array(record.cash).reshape(count, len(starting))
    traded = np.array(record.traded).reshape(count, symbols)
    costs = np.array(record.costs).reshape(count, len(starting))
    equity = _equity_of_books(prepared, fill_rows, units, left, starting)
    total = equity.sum(axis=1)
    total[0] = float(prepared.settings.cash)
    noise = TRADE_NOISE * total[fill_rows]
    account = AccountPath(
        sessions=prepared.period.sessions,
        prices=prepared.prices,
        fill_rows=fill_rows,
        units=units.sum(axis=1),
        cash=left.sum(axis=1),
        traded=traded.sum(axis=1),
        costs=costs.sum(axis=1),
        equity=total,
        trades=int(np.count_nonzero(traded > noise[:, np.newaxis])),
        starting_cash=float(prepared.settings.cash),
    )
    return BooksPath(
        account=account,
        equity=equity,
        costs=costs.sum(axis=0),
        schedules=tuple(schedules),
        transfer_rows=np.array(record.moved_rows, dtype=np.intp),
        transfers=np.array(record.moved).reshape(len(record.moved), len(starting)),
    )


def _equity_of_books(
    prepared: PreparedBacktest,
    fill_rows: NDArray[np.intp],
    units: NDArray[np.float64],
    left: NDArray[np.float64],
    starting: NDArray[np.float64],
) -> NDArray[np.float64]:
    sessions = len(prepared.period)
    equity = np.empty((sessions, len(starting)))
    for book, cash in enumerate(starting.tolist()):
        held = units_by_session(fill_rows, units[:, book], sessions)
        equity[:, book] = np.einsum("ij,ij->i", held, prepared.prices.value)
        equity[:, book] += cash_by_session(fill_rows, left[:, book], sessions, cash)
        equity[0, book] = cash
    return equity
