"""The simulation of a blend: every strategy has a book of its own, and the account trades the net.

A book starts at its share of the capital and drifts; on some sessions cash moves between the books,
back to the shares, and every book trades. The books that trade in a session want, together, the
weights Σ equity of book b x weights of b, and these apply to their equity after costs: each book
aims at its weights times its equity times what costs leave of all. Where two books wish opposite
trades in a symbol they are crossed at the fill price, free of cost, and only the net goes to the
market. Its cost is shared by the books that wished for its side, pro rata to their wishes, so that
the books always add up to the account.
"""

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from alchemiser_core.services.backtest.books_path import BooksPath, BooksRecord, books_path
from alchemiser_core.services.backtest.closed_form import equity_kept
from alchemiser_core.services.backtest.preparation import PreparedBacktest, PreparedBook
from alchemiser_core.services.backtest.prices import SimulationPrices
from alchemiser_core.services.backtest.schedule import TradingSchedule, first_drift


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
        held = np.where(trading[:, np.newaxis], self.units * price, 0.0)
        before = np.where(trading, self.cash + held.sum(axis=1), 0.0)
        wanted = weights * before[:, np.newaxis]
        equity = before.sum()
        kept, _ = equity_kept(
            wanted.sum(axis=0, keepdims=True) / equity,
            held.sum(axis=0, keepdims=True) / equity,
            self.cost_fraction,
            np.empty((1, len(price))),
        )
        wanted *= kept
        wished = wanted - held
        net = wished.sum(axis=0)
        costs = self.cost_fraction * _shared(net, wished)
        self.units = np.where(trading[:, np.newaxis], wanted / price, self.units)
        self.cash = np.where(trading, before - costs - wanted.sum(axis=1), self.cash)
        return np.abs(net), costs


def _shared(net: NDArray[np.float64], wished: NDArray[np.float64]) -> NDArray[np.float64]:
    """|net| of each symbol, split over the books that wished for its side; by book."""
    same_side = np.maximum(wished * np.sign(net), 0.0)
    total = same_side.sum(axis=0)
    part = np.abs(net) / np.where(total > 0, total, 1.0)
    by_book: NDArray[np.float64] = (same_side * part).sum(axis=1)
    return by_book


@define(eq=False)
class _Turn:
    """Which decision of a book is traded next; drift is measured on what the book really holds."""

    book: PreparedBook
    prices: SimulationPrices
    delay: int
    end: int
    """Decisions from this position on are filled after the last session."""
    traded: list[int] = field(factory=list)
    position: int | None = None

    @property
    def fill_row(self) -> int | None:
        """Row on which it is filled; `None` where there is none any more."""
        return (
            None
            if self.position is None
            else int(self.book.decided.rows[self.position]) + self.delay
        )

    def advance(self, position: int, units: NDArray[np.float64], cash: float) -> None:
        """On to the next trade, from the holdings after that of decision `position`."""
        self.traded.append(position)
        fixed = self.book.fixed
        place = int(np.searchsorted(fixed, position, side="right"))
        until = int(fixed[place]) if place < len(fixed) else self.end
        found = until if until < self.end else None
        threshold = self.book.strategy.policy.threshold
        if threshold is not None:
            ahead = range(position + 1, until)
            drifted = first_drift(self.book.decided, ahead, units, cash, self.prices, threshold)
            found = found if drifted is None else drifted
        self.position = found

    def schedule(self) -> TradingSchedule:
        """All that was traded."""
        decided = np.array(self.traded, dtype=np.intp)
        return TradingSchedule(decided, self.book.decided.rows[decided] + self.delay)


def _first_turn(book: PreparedBook, prepared: PreparedBacktest) -> _Turn:
    delay = prepared.settings.fill_delay
    end = int(np.count_nonzero(book.decided.rows + delay < len(prepared.period)))
    first = int(book.fixed[0]) if len(book.fixed) else None
    return _Turn(book, prepared.prices, delay, end, position=first)


def simulate_books(prepared: PreparedBacktest) -> BooksPath:
    """Simulate a blend trade by trade."""
    cash, cost_fraction = float(prepared.settings.cash), float(prepared.settings.cost_fraction)
    shares = np.array([float(book.strategy.share) for book in prepared.books])
    books = _Books(
        np.zeros((len(shares), len(prepared.prices.symbols))), cash * shares, shares, cost_fraction
    )
    turns = [_first_turn(book, prepared) for book in prepared.books]
    moving = set(prepared.transfers.tolist())
    record = BooksRecord()
    while rows := [turn.fill_row for turn in turns if turn.fill_row is not None]:
        _trade_session(min(rows), books, turns, moving, record)
    return books_path(prepared, record, [turn.schedule() for turn in turns])


def _trade_session(
    row: int, books: _Books, turns: list[_Turn], moving: set[int], record: BooksRecord
) -> None:
    price = turns[0].prices.fill[row]
    if row in moving:
        record.moved.append(books.move_cash(price))
        record.moved_rows.append(row)
    chosen = {
        place: turn.position
        for place, turn in enumerate(turns)
        if turn.position is not None and turn.fill_row == row
    }
    trading = np.isin(np.arange(len(turns)), list(chosen))
    weights = np.zeros_like(books.units)
    for place, position in chosen.items():
        weights[place] = turns[place].book.decided.weights[position]
    traded, costs = books.trade(price, weights, trading)
    record.rows.append(row)
    record.traded.append(traded)
    record.costs.append(costs)
    record.units.append(books.units)
    record.cash.append(books.cash)
    for place, position in chosen.items():
        turns[place].advance(position, books.units[place], float(books.cash[place]))
