"""Decisions as they were made at the time, in the form in which a back-test takes them."""

from datetime import date
from decimal import Decimal

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.decision import Decisions
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.services.backtest import StrategyDecisions
from alchemiser_core.services.drift_report.record import LiveRecord, Weights


@frozen
class DecisionDifference:
    """A session for which a strategy decides something else now than it did then."""

    strategy: str
    session: date
    then: Weights | None
    """`None`: it could not decide."""
    now: Weights | None


def as_decided_then(
    now: StrategyDecisions, record: LiveRecord, history: BarHistory
) -> StrategyDecisions:
    """What a strategy decides now, with every session that was considered as it was decided then.

    A path counts as changed as it does now, and wherever the weights differ from those before.
    """
    then = record.decided.get(now.name, {})
    table = now.decisions
    decided = dict(zip(table.rows.tolist(), table.weights, strict=True))
    changed = set(table.rows[table.path_changed].tolist())
    symbols = tuple(sorted({*table.symbols, *(s for w in then.values() for s in w or {})}))
    places = [symbols.index(symbol) for symbol in table.symbols]
    rows: dict[int, NDArray[np.float64]] = {}
    for row, weights in decided.items():
        rows[row] = np.zeros(len(symbols))
        rows[row][places] = weights
    for session, known in then.items():
        row = history.row_at(session)
        if known is None:
            rows.pop(row, None)
        else:
            rows[row] = np.array([float(known.get(symbol, 0)) for symbol in symbols])
    return evolve(now, decisions=_table(history, symbols, rows, changed))


def _table(
    history: BarHistory,
    symbols: tuple[Symbol, ...],
    by_row: dict[int, NDArray[np.float64]],
    changed: set[int],
) -> Decisions:
    rows = np.array(sorted(by_row), dtype=np.intp)
    weights = np.array([by_row[row] for row in rows.tolist()]).reshape(len(rows), len(symbols))
    differs = np.zeros(len(rows), dtype=np.bool_)
    differs[1:] = (weights[1:] != weights[:-1]).any(axis=1)
    path = differs | np.isin(rows, sorted(changed))
    return Decisions(history.sessions[rows], rows, symbols, weights, path)


def differences(
    now: StrategyDecisions, record: LiveRecord, history: BarHistory
) -> tuple[DecisionDifference, ...]:
    """Every considered session on which a strategy decides something else now."""
    found: list[DecisionDifference] = []
    table = now.decisions
    places = {row: place for place, row in enumerate(table.rows.tolist())}
    for session, then in sorted(record.decided.get(now.name, {}).items()):
        place = places.get(history.row_at(session))
        fresh = None if place is None else _weights(table, place)
        if _plain(then) != _plain(fresh):
            found.append(DecisionDifference(now.name, session, then, fresh))
    return tuple(found)


def _weights(table: Decisions, place: int) -> dict[Symbol, Decimal]:
    row = zip(table.symbols, table.weights[place].tolist(), strict=True)
    return {symbol: Decimal(repr(weight)) for symbol, weight in row if weight}


def _plain(weights: Weights | None) -> dict[Symbol, float] | None:
    if weights is None:
        return None
    return {symbol: float(weight) for symbol, weight in weights.items() if weight}
