"""What a simulation leaves behind: holdings after every trade, equity, and the fills between.

Both simulations, the closed form and the one of single orders, end in an `AccountPath`.
"""

from collections.abc import Iterator
from datetime import date
from functools import cached_property

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from alchemiser_core.domain.allocation.sizing import NOISE
from alchemiser_core.domain.bars import Sessions
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.backtest.prices import SimulationPrices, sum_over_symbols

TRADE_NOISE = float(NOISE)
"""A difference up to this fraction of equity is rounding of floats and is not a trade."""


@frozen
class BacktestFill:
    """One trade of a simulation."""

    session: date
    symbol: Symbol
    side: str
    """`buy` or `sell`."""
    quantity: float
    """Shares, positive."""
    price: float
    value: float
    """Quantity times price, positive."""
    cost: float
    forced: bool
    """The symbol had no price of its own on that session: executed at its last."""
    stand_in: bool
    """The close stood in for a missing open."""


@frozen(eq=False)
class BacktestFills:
    """Fills in columns, ordered by session and symbol; iterating makes `BacktestFill` values."""

    sessions: Sessions
    """Shape (fills,)."""
    symbols: tuple[Symbol, ...]
    columns: NDArray[np.intp]
    """Position in `symbols` of each fill's symbol, shape (fills,)."""
    quantity: NDArray[np.float64]
    """Shares, shape (fills,): positive for a buy, negative for a sale."""
    price: NDArray[np.float64]
    cost: NDArray[np.float64]
    """US dollars, shape (fills,)."""
    forced: NDArray[np.bool_]
    stand_in: NDArray[np.bool_]
    """Filled at the close because the open is missing, shape (fills,)."""

    def __len__(self) -> int:
        return len(self.sessions)

    def __getitem__(self, position: int) -> BacktestFill:
        quantity, price = float(self.quantity[position]), float(self.price[position])
        return BacktestFill(
            session=self.sessions[position].item(),
            symbol=self.symbols[int(self.columns[position])],
            side="buy" if quantity > 0 else "sell",
            quantity=abs(quantity),
            price=price,
            value=abs(quantity) * price,
            cost=float(self.cost[position]),
            forced=bool(self.forced[position]),
            stand_in=bool(self.stand_in[position]),
        )

    def __iter__(self) -> Iterator[BacktestFill]:
        return (self[position] for position in range(len(self)))


@frozen(eq=False)
class HeldPositions:
    """Weights held at the close of each session, after its trades."""

    sessions: Sessions
    symbols: tuple[Symbol, ...]
    weights: NDArray[np.float64]
    """Shape (sessions, symbols), fractions of equity; what they leave to 1 is cash."""


@frozen(eq=False, slots=False)
class AccountPath:
    """The holdings of an account through a back-test, in US dollars and shares."""

    sessions: Sessions
    prices: SimulationPrices
    fill_rows: NDArray[np.intp]
    """Rows on which something may have been traded, shape (trades,), strictly increasing."""
    units: NDArray[np.float64]
    """Shares held after each, shape (trades, symbols)."""
    cash: NDArray[np.float64]
    """Cash after each, shape (trades,)."""
    traded: NDArray[np.float64]
    """Σ|traded value| of each, shape (trades,)."""
    costs: NDArray[np.float64]
    """Costs of each, shape (trades,)."""
    equity: NDArray[np.float64]
    """At the close of each session; the first is the cash before the first trade."""
    trades: int
    """Number of fills."""
    starting_cash: float

    @cached_property
    def fills(self) -> BacktestFills:
        """Every fill; computed when first asked for."""
        change = np.diff(self.units, axis=0, prepend=0.0)
        price = self.prices.fill[self.fill_rows]
        value = np.abs(change * price)
        noise = TRADE_NOISE * self.equity[self.fill_rows]
        at, columns = np.nonzero(value > noise[:, np.newaxis])
        rows = self.fill_rows[at]
        own, stand_in = self.prices.own, self.prices.stand_in
        total = self.traded[at]
        return BacktestFills(
            sessions=self.sessions[rows],
            symbols=self.prices.symbols,
            columns=columns,
            quantity=change[at, columns],
            price=price[at, columns],
            cost=value[at, columns] * (self.costs[at] / np.where(total > 0, total, 1.0)),
            forced=np.zeros(len(at), np.bool_) if own is None else ~own[rows, columns],
            stand_in=np.zeros(len(at), np.bool_) if stand_in is None else stand_in[rows, columns],
        )

    @cached_property
    def positions(self) -> HeldPositions:
        """Weights held after trading; computed when first asked for."""
        held = units_by_session(self.fill_rows, self.units, len(self.sessions))
        worth = held * self.prices.value
        equity = sum_over_symbols(worth) + cash_by_session(
            self.fill_rows, self.cash, len(self.sessions), self.starting_cash
        )
        return HeldPositions(self.sessions, self.prices.symbols, worth / equity[:, np.newaxis])


def units_by_session(
    fill_rows: NDArray[np.intp], units: NDArray[np.float64], sessions: int
) -> NDArray[np.float64]:
    """Shares held at the close of every session, from those after each trade; 0 before any."""
    stretches = np.diff(np.append(fill_rows, sessions))
    held = np.repeat(units, stretches, axis=0)
    before = sessions - len(held)
    return np.concatenate((np.zeros((before, *units.shape[1:])), held)) if before else held


def cash_by_session(
    fill_rows: NDArray[np.intp], cash: NDArray[np.float64], sessions: int, starting: float
) -> NDArray[np.float64]:
    """Cash at the close of every session; `starting` before the first trade."""
    stretches = np.diff(np.append(fill_rows, sessions))
    held = np.repeat(cash, stretches)
    return np.concatenate((np.full(sessions - len(held), starting), held))
