"""Real closes for tests and benchmarks, read without any of our feeds."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.symbol import Symbol

REAL_BARS = Path(__file__).resolve().parents[3] / "shared" / "market" / "daily"
"""Beside the repository; not everybody has them."""


def read_real(symbols: tuple[Symbol, ...]) -> BarHistory:
    """Closes of real symbols on the sessions of SPY."""
    prices = {symbol: _closes(symbol) for symbol in {*symbols, Symbol("SPY")}}
    sessions = sorted(prices[Symbol("SPY")])
    close = [[prices[s].get(day, np.nan) for s in symbols] for day in sessions]
    return BarHistory(np.array(sessions, dtype="datetime64[D]"), symbols, np.array(close))


@cache
def _closes(symbol: Symbol) -> dict[date, float]:
    path = REAL_BARS / f"{symbol.replace('.', '-')}.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8") as file:
        return {
            date.fromisoformat(row["date"]): float(row["close"])
            for row in csv.DictReader(file)
            if row["close"]
        }
