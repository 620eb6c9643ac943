"""The simulation of a blend: every strategy has a book of its own, and the account trades the net.

A book starts at its share of the capital and drifts; on some sessions cash moves between the books,
back to the shares, and every book trades. Where two books wish opposite trades in a symbol they are
crossed at the fill price, free of cost, and only the net goes to market. The cost of the net in a
symbol is shared among the books in proportion to what each wished to trade in it, so that the books
always add up to the account.
"""

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from alchemiser_core.domain.performance import EquityCurve
from alchemiser_core.services.backtest.account import (
    TRADE_NOISE,
    AccountPath,
    cash_by_session,
    units_by_session,
)
from alchemiser_core.services.backtest.closed_form import steps_to_converge
from alchemiser_core.services.backtest.preparation import PreparedBacktest
from alchemiser_core.services.backtest.result import BookResult, BookTransfer


@frozen(eq=False)
class BooksPath:
    """The account of a blend and its books, US dollars."""

    account: AccountPath
    equity: NDArray[np.float64]
    """Equity of each book at each close, after trades and transfers, shape (sessions, books)."""
    costs: NDArray[np.float64]
    """Each book's share of all costs, shape (books,)."""
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
class _Books:
    """Holdings of all books, changed trade by trade; arrays (books, symbols) and (books,)."""

    units: NDArray[np.float64]
    cash: NDArray[np.float64]
    shares: NDArray[np.float64]
    cost_fraction: float

    def move_cash(self, price: NDArray[np.float64]) -> NDArray[np.float64]:
        """Bring every book back to its share of the equity; cash moved into each."""
        equity = self.cash + (self.units * price).sum(axis=1)
        moved: NDArray[np.float64] = self.shares * equity.sum() - equity
        moved[-1] = -moved[:-1].sum()  # what one book gets others give, to the last digit
        self.cash = self.cash + moved
        return moved

    def trade(
        self,
        price: NDArray[np.float64],
        weights: NDArray[np.float64],
        trading: NDArray[np.bool_],
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Trade the books marked; traded value of the net by symbol, and costs by book."""
        held = self.units * price
        before = self.cash + held.sum(axis=1)
        marked = trading[:, np.newaxis]
        after, costs = before, np.zeros_like(before)
        # How a cost is shared hangs on the books' trades too: a step shrinks the error by 3c.
        for _ in range(steps_to_converge(3 * self.cost_fraction)):
            wished = np.where(marked, weights * after[:, np.newaxis] - held, 0.0)
            net = np.abs(wished.sum(axis=0))
            wished = np.abs(wished)
            gross = wished.sum(axis=0)
            charge = net / np.where(gross > 0, gross, 1.0)
            costs = self.cost_fraction * (wished * charge).sum(axis=1)
            after = before - costs
        target = weights * after[:, np.newaxis]
        self.units = np.where(marked, target / price, self.units)
        self.cash = np.where(trading, after - target.sum(axis=1), self.cash)
        return net, costs


def simulate_books(prepared: PreparedBacktest, cash: float, cost_fraction: float) -> BooksPath:
    """Simulate a blend trade by trade; `cash` in US dollars, `cost_fraction` at most 0.1."""
    prices, sessions = prepared.prices, prepared.period.sessions
    fill_rows = np.unique(np.concatenate([book.schedule.fills for book in prepared.books]))
    weights, trading = _orders(prepared, fill_rows)
    shares = np.array([float(book.strategy.share) for book in prepared.books])
    count, (_, books, symbols) = len(fill_rows), weights.shape
    held = _Books(np.zeros((books, symbols)), cash * shares, shares, cost_fraction)
    units, left = np.empty((count, books, symbols)), np.empty((count, books))
    traded, costs = np.empty((count, symbols)), np.empty((count, books))
    moved: list[NDArray[np.float64]] = []
    moving = np.isin(fill_rows, prepared.transfers).tolist()
    for trade, row in enumerate(fill_rows.tolist()):
        price = prices.fill[row]
        if moving[trade]:
            moved.append(held.move_cash(price))
        traded[trade], costs[trade] = held.trade(price, weights[trade], trading[trade])
        units[trade], left[trade] = held.units, held.cash
    equity = _equity_of_books(prepared, fill_rows, units, left, cash * shares)
    total = equity.sum(axis=1)
    total[0] = cash
    noise = TRADE_NOISE * total[fill_rows]
    account = AccountPath(
        sessions=sessions,
        prices=prices,
        fill_rows=fill_rows,
        units=units.sum(axis=1),
        cash=left.sum(axis=1),
        traded=traded.sum(axis=1),
        costs=costs.sum(axis=1),
        equity=total,
        trades=int(np.count_nonzero(traded > noise[:, np.newaxis])),
        starting_cash=cash,
    )
    rows = fill_rows[np.array(moving, dtype=np.bool_)]
    return BooksPath(
        account, equity, costs.sum(axis=0), rows, np.array(moved).reshape(len(rows), books)
    )


def _orders(
    prepared: PreparedBacktest, fill_rows: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Weights (trades, books, symbols) and which books trade (trades, books)."""
    shape = (len(fill_rows), len(prepared.books))
    weights = np.zeros((*shape, len(prepared.prices.symbols)))
    trading = np.zeros(shape, dtype=np.bool_)
    for place, book in enumerate(prepared.books):
        at = np.searchsorted(fill_rows, book.schedule.fills)
        weights[at, place] = book.traded_weights
        trading[at, place] = True
    return weights, trading


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
