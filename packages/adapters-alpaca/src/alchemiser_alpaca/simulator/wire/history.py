"""The history of an account's equity as the API tells it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from alchemiser_alpaca.simulator.wire.numbers import number
from alchemiser_alpaca.simulator.wire.times import session_midnight


def history_json(rows: Sequence[tuple[date, Decimal]], timeframe: str) -> dict[str, Any]:
    """One point a day: equity in US dollars, and what was gained since the first point."""
    base = number(rows[0][1]) if rows else 0.0
    equity = [number(value) for _, value in rows]
    gains = [value - base for value in equity]
    return {
        "timestamp": [int(session_midnight(day).timestamp()) for day, _ in rows],
        "equity": equity,
        "profit_loss": [round(gain, 2) for gain in gains],
        "profit_loss_pct": [round(gain / base, 6) if base else 0.0 for gain in gains],
        "base_value": base,
        "base_value_asof": rows[0][0].isoformat() if rows else None,
        "timeframe": timeframe,
        "cashflow": {},
    }
