"""The oracles of this folder, made importable by its tests, and the real bars where they are."""

import csv
import sys
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.symbol import Symbol

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "benchmarks")]

REAL_BARS = HERE.parents[2] / "shared" / "market" / "daily"


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


@pytest.fixture(scope="session")
def real_bars():
    """A function from symbols to their real history."""
    if not REAL_BARS.is_dir():
        pytest.skip(f"no real bars at {REAL_BARS}")
    return read_real
