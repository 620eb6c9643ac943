"""Results as CSV text. Floats are written so that they read back exactly."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO

import numpy as np

from alchemiser_core.domain.performance import EquityCurve
from alchemiser_core.services.backtest import BacktestFills, HeldPositions, StrategyDecisions


def weights_csv(
    strategies: Sequence[StrategyDecisions], start: date | None = None, end: date | None = None
) -> str:
    """`date` and a column a symbol: what is decided at each decidable close, traded or not.

    Sessions that a strategy cannot decide are absent. A blend has the weights of its strategies
    by capital share, as on its first day: how its books have drifted is not in them.
    """
    symbols = sorted({symbol for s in strategies for symbol in s.decisions.symbols})
    rows = strategies[0].decisions.rows
    for strategy in strategies[1:]:
        rows = np.intersect1d(rows, strategy.decisions.rows)
    total = np.zeros((len(rows), len(symbols)))
    for strategy in strategies:
        decisions = strategy.decisions
        columns = [symbols.index(symbol) for symbol in decisions.symbols]
        lines = np.searchsorted(decisions.rows, rows)
        share = 1.0 if strategy.share == Decimal(1) else float(strategy.share)
        total[:, columns] += share * decisions.weights[lines]
    first = strategies[0].decisions
    sessions = first.sessions[np.searchsorted(first.rows, rows)]
    inside = np.ones(len(sessions), dtype=bool)
    if start is not None:
        inside &= sessions >= np.datetime64(start, "D")
    if end is not None:
        inside &= sessions <= np.datetime64(end, "D")
    return _matrix_csv(symbols, sessions[inside].tolist(), total[inside])


def positions_csv(positions: HeldPositions) -> str:
    """`date` and a column a symbol: weights held after trading."""
    return _matrix_csv(positions.symbols, positions.sessions.tolist(), positions.weights)


def equity_csv(curve: EquityCurve) -> str:
    """`date,equity`; the first row is the cash before the first trade."""
    pairs = zip(curve.sessions.tolist(), curve.equity.tolist(), strict=True)
    return _csv(("date", "equity"), ((day.isoformat(), repr(value)) for day, value in pairs))


def trades_csv(fills: BacktestFills) -> str:
    """A row a fill, in the sequence of trading: each session's sells before its buys."""
    names = ("date", "symbol", "side", "quantity", "price", "value", "cost", "forced", "stand_in")
    rows = (
        (
            fill.session.isoformat(),
            fill.symbol,
            fill.side,
            repr(fill.quantity),
            repr(fill.price),
            repr(fill.value),
            repr(fill.cost),
            str(fill.forced).lower(),
            str(fill.stand_in).lower(),
        )
        for fill in sorted(fills, key=lambda each: (each.session, each.side == "buy"))
    )
    return _csv(names, rows)


def _matrix_csv(
    symbols: Sequence[str],
    sessions: Sequence[date],
    values: "np.ndarray[tuple[int, int], np.dtype[np.float64]]",
) -> str:
    rows = (
        (day.isoformat(), *map(repr, row))
        for day, row in zip(sessions, values.tolist(), strict=True)
    )
    return _csv(("date", *symbols), rows)


def _csv(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return text.getvalue()
