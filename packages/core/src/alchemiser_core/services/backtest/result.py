"""What a back-test found: the account's path, its figures, and everything worth a warning."""

from datetime import date

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from alchemiser_core.domain.continuity import CARRY_SESSIONS
from alchemiser_core.domain.performance import (
    Benchmark,
    EquityCurve,
    Statistics,
    annual_turnover,
)
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.backtest.account import (
    AccountPath,
    BacktestFill,
    BacktestFills,
    HeldPositions,
    units_by_session,
)
from alchemiser_core.services.backtest.period import BacktestPeriod
from alchemiser_core.services.backtest.settings import BacktestSettings


@frozen
class StaleHolding:
    """A symbol held without a price of its own for more than five sessions."""

    symbol: Symbol
    last_price: date | None
    """Session of the price it is valued at; `None` where that is before the period."""
    first: date
    """The sixth session without a price, or the first one held after it."""
    last: date
    """Last session on which it was held at that price."""


@frozen
class BookTransfer:
    """Cash moved into a book (out of it where negative) to bring it back to its share."""

    session: date
    amount: float


@frozen(eq=False)
class BookResult:
    """One strategy's part of a blend; the books add up to the account."""

    name: str
    curve: EquityCurve
    """Equity of the book, transfers included."""
    costs: float
    transfers: tuple[BookTransfer, ...]
    undecidable: tuple[date, ...]
    """Sessions inside the period on which this strategy kept its holdings."""


@frozen(eq=False)
class BacktestResult:
    """Everything a report of a back-test needs; money in US dollars."""

    settings: BacktestSettings
    period: BacktestPeriod
    account: AccountPath
    curve: EquityCurve
    statistics: Statistics
    stale: tuple[StaleHolding, ...] = ()
    benchmark: Benchmark | None = None
    books: tuple[BookResult, ...] = ()
    """One for every strategy, in the order given; a single strategy has one book."""
    synthetic: bool = False

    @property
    def start(self) -> date:
        """First session."""
        first: date = self.period.sessions[0].item()
        return first

    @property
    def end(self) -> date:
        """Last session."""
        last: date = self.period.sessions[-1].item()
        return last

    @property
    def sessions(self) -> int:
        """Number of sessions from start to end, both included."""
        return len(self.period)

    @property
    def first_decidable(self) -> date:
        """First session of the history that every strategy can decide."""
        return self.period.first_decidable

    @property
    def undecidable(self) -> tuple[date, ...]:
        """Sessions inside that some strategy could not decide: its holdings stayed."""
        return self.period.undecidable

    @property
    def final_equity(self) -> float:
        """Equity after the last session's trades."""
        return self.curve.final

    @property
    def trades(self) -> int:
        """Number of fills."""
        return self.account.trades

    @property
    def costs(self) -> float:
        """Costs and slippage of all fills."""
        return float(self.account.costs.sum())

    @property
    def turnover(self) -> float | None:
        """Σ|traded| over twice the mean equity, a year."""
        return annual_turnover(float(self.account.traded.sum()), self.curve)

    @property
    def fills(self) -> BacktestFills:
        """Every fill of the account; for a blend the net ones that reach the market."""
        return self.account.fills

    @property
    def positions(self) -> HeldPositions:
        """Weights held after trading, every session."""
        return self.account.positions

    @property
    def closes_for_opens(self) -> int:
        """Number of fills at a close that stood in for a missing open."""
        return 0 if self.account.prices.stand_in is None else int(self.fills.stand_in.sum())

    @property
    def forced(self) -> tuple[BacktestFill, ...]:
        """Fills at the last price because the symbol had none of its own that session."""
        if self.account.prices.own is None:
            return ()
        return tuple(self.fills[int(at)] for at in np.flatnonzero(self.fills.forced))


def stale_holdings(account: AccountPath) -> tuple[StaleHolding, ...]:
    """Every stretch over which a symbol was held more than five sessions after its last price."""
    since = account.prices.since
    if since is None:
        return ()
    held = units_by_session(account.fill_rows, account.units, len(account.sessions)) != 0
    stale = held & (since > CARRY_SESSIONS)
    found = [
        _stale_holding(account, since, column, first, last)
        for column in np.flatnonzero(stale.any(axis=0)).tolist()
        for first, last in _stretches(stale[:, column])
    ]
    return tuple(sorted(found, key=lambda holding: (holding.first, holding.symbol)))


def _stale_holding(
    account: AccountPath, since: NDArray[np.intp], column: int, first: int, last: int
) -> StaleHolding:
    row = first - int(since[first, column])
    return StaleHolding(
        symbol=account.prices.symbols[column],
        last_price=account.sessions[row].item() if row >= 0 else None,
        first=account.sessions[first].item(),
        last=account.sessions[last].item(),
    )


def _stretches(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last position of every unbroken run of true values."""
    edges = np.flatnonzero(np.diff(mask, prepend=False, append=False))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]
