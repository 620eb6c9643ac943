"""Bars of the stand-in: from a folder of CSV files, or made up from a seed."""

import csv
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import parse_symbol

_SATURDAY = 5
_COLUMNS = ("open", "high", "low", "close", "volume")


@frozen
class Bar:
    """One day of one symbol; US dollars and shares."""

    day: date
    open: float
    high: float
    low: float
    close: float
    volume: float


Prices = Mapping[str, Sequence[Bar]]
"""Bars of each symbol, in order of time."""


def made_up(
    symbols: Iterable[str], until: date, sessions: int = 300, seed: int = 20260302
) -> dict[str, tuple[Bar, ...]]:
    """So many weekdays of bars up to `until`, included; the same for the same seed and symbol,
    whatever else is asked for. Prices have five decimals.
    """
    days = sorted(day for day, _ in zip(_weekdays_back(until), range(sessions), strict=False))
    return {symbol: tuple(_walk(symbol, days, seed)) for symbol in symbols}


def read_folder(folder: Path) -> Result[dict[str, tuple[Bar, ...]], Problem]:
    """The bars of all files such as `SPY.csv`, each with `date,open,high,low,close,volume`.
    Failure: a folder without such files, or one that cannot be read.
    """
    found: dict[str, tuple[Bar, ...]] = {}
    for path in sorted(folder.glob("*.csv")):
        symbol = parse_symbol(path.stem)
        try:
            with path.open(newline="", encoding="utf-8") as lines:
                bars = [_bar(row) for row in csv.DictReader(lines)]
        except (OSError, KeyError, TypeError, ValueError, csv.Error) as error:
            return Failure(_unreadable(path, f"{type(error).__name__}: {error}"))
        if isinstance(symbol, Failure):
            return Failure(_unreadable(path, "its name is no symbol"))
        found[symbol.unwrap()] = tuple(sorted(bars, key=lambda bar: bar.day))
    if not found:
        return Failure(_unreadable(folder, "there is no file such as SPY.csv in it"))
    return Success(found)


def _unreadable(path: Path, why: str) -> Problem:
    hint = "a file such as SPY.csv begins with date,open,high,low,close,volume"
    return Problem("unreadable-prices", "there are no prices to serve", str(path), why, hint)


def _bar(row: Mapping[str, str]) -> Bar:
    return Bar(date.fromisoformat(row["date"]), *(float(row[name]) for name in _COLUMNS))


def _weekdays_back(until: date) -> Iterator[date]:
    day = until
    while True:
        if day.weekday() < _SATURDAY:
            yield day
        day -= timedelta(days=1)


def _walk(symbol: str, days: Sequence[date], seed: int) -> Iterator[Bar]:
    chance = random.Random(f"{seed} {symbol}")  # noqa: S311  (prices, not secrets)
    close = chance.uniform(20, 400)
    for day in days:
        opened = close * (1 + chance.gauss(0, 0.003))
        close = opened * (1 + chance.gauss(0.0004, 0.012))
        high = max(opened, close) * (1 + abs(chance.gauss(0, 0.004)))
        low = min(opened, close) * (1 - abs(chance.gauss(0, 0.004)))
        volume = float(chance.randrange(100_000, 5_000_000))
        opened_at, top, bottom, closed_at = (round(each, 5) for each in (opened, high, low, close))
        yield Bar(day, opened_at, top, bottom, closed_at, volume)
