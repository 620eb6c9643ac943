"""The market of these tests, and the folder of somebody who trades in it.

Twelve symbols whose prices stand still within a session, so that it does not matter in which second
an order is filled: whatever is delayed ends with the same shares and the same cent.
"""

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.session import TradingSession
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.plugins import SimulationContext
from alchemiser_core.testing.calendar import FixedCalendar, weekdays
from alchemiser_core.testing.market_data import InMemoryMarketData

SYMBOLS = tuple(f"S{number}" for number in range(1, 13))
BEFORE = SYMBOLS[:6]
"""What the first day buys."""
AFTER = SYMBOLS[2:]
"""What the second day holds: two symbols are sold, four reduced, six bought."""
DAYS = (date(2024, 3, 19), date(2024, 3, 20), date(2024, 3, 21), date(2024, 3, 22))
"""The sessions that are traded."""
CALENDAR = weekdays(date(2024, 1, 2), date(2025, 1, 31), closed=(date(2024, 3, 29),))
SLOT = timedelta(minutes=15)
"""Before the close."""
_FIRST = date(2024, 2, 20)
_SEED = 4

STRATEGY = f"""
(defsymphony "turn" {{:rebalance-frequency :daily}}
  (if (> (current-price "S1") 100)
    [(weight-equal {" ".join(f'(asset "{s}")' for s in BEFORE)})]
    [(weight-equal {" ".join(f'(asset "{s}")' for s in AFTER)})]))
"""
CONFIGURATION = """
[data]
feed = "alpaca"
{data}
[broker]
name = "alpaca"
{broker}
[trading]
clock = "broker"
{trading}
[execution]
{execution}
{more}
[[portfolio.strategies]]
strategy = "turn.edn"
share = "1"
"""


def session_of(day: date) -> TradingSession:
    """The session of a day."""
    return next(session for session in CALENDAR if session.day == day)


def slot_of(day: date) -> datetime:
    """When the cycle of a day is due."""
    return session_of(day).closes - SLOT


def history() -> BarHistory:
    """Full bars up to the last of `DAYS`: a price is that of its session, from open to close."""
    axis = np.array([s.day for s in CALENDAR if _FIRST <= s.day <= DAYS[-1]], dtype="datetime64[D]")
    chance = np.random.Generator(np.random.PCG64(_SEED))
    first = np.exp(chance.uniform(np.log(20), np.log(300), len(SYMBOLS)))
    moves = np.exp(chance.normal(0, 0.015, (len(axis), len(SYMBOLS))))
    close = np.round(first * np.cumprod(moves, axis=0), 2)
    # The signal: above 100 until the eve of the first day, below from that day on.
    close[:, 0] = np.where(axis < np.datetime64(DAYS[0]), 110.0, 90.0)
    return BarHistory(
        axis,
        tuple(Symbol(s) for s in SYMBOLS),
        close,
        open=close.copy(),
        high=close.copy(),
        low=close.copy(),
        volume=np.full(close.shape, 1e6),
        source="a test",
    )


def context_at(day: date) -> SimulationContext:
    """What the simulator is built with, beginning at the slot of a day."""
    return SimulationContext(
        feed=InMemoryMarketData(history()),
        calendar=FixedCalendar(CALENDAR),
        start=slot_of(day),
        symbols=tuple(Symbol(s) for s in SYMBOLS),
    )


def write_folder(
    folder: Path,
    url: str,
    *,
    broker: dict[str, object] | None = None,
    trading: str = "",
    execution: str = "",
    more: str = "",
) -> None:
    """Strategy and configuration of somebody who trades at a simulator."""
    (folder / "turn.edn").write_text(STRATEGY)
    settings = {"trading_url": url, **(broker or {})}
    lines = [f"settings.{name} = {_toml(value)}" for name, value in settings.items()]
    text = CONFIGURATION.format(
        data=f'settings.data_url = "{url}"',
        broker="\n".join(lines),
        trading=trading,
        execution=execution,
        more=more,
    )
    (folder / "alchemiser.toml").write_text(text)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else f'"{value}"'
