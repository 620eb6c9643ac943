"""Ask strategies for their target weights: of one session, or of every session of a history.

A strategy needs to bring only one of `decide` and `decide_all`; the other follows from it here.
"""

from datetime import date

import numpy as np
from returns.result import Failure, Result, Success

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.decision import Decision, Decisions
from alchemiser_core.domain.undecidable import (
    NoSession,
    NotDecided,
    StrategyError,
    StrategyFailed,
    Undecidable,
)
from alchemiser_core.ports.strategy import Strategy, VectorisedStrategy


def decide_all(strategy: Strategy, history: BarHistory) -> Result[Decisions, StrategyError]:
    """Decisions of every decidable session, by `decide_all` where the strategy has it.

    Otherwise `decide` is asked session by session, each time with the history as it was known
    then; its path counts as changed wherever its weights differ from those of the decidable
    session before. Failure: `StrategyFailed`.
    """
    if isinstance(strategy, VectorisedStrategy):
        return strategy.decide_all(history)
    decided: list[tuple[int, Decision]] = []
    for row in range(len(history)):
        match strategy.decide(history.rows(0, row + 1), history.session(row)):
            case Success(Decision() as decision):
                decided.append((row, decision))
            case Failure(StrategyFailed() as failed):
                return Failure(failed)
            case Failure(Undecidable() | NoSession()):
                continue  # the session is absent
            case other:
                raise TypeError(f"{strategy.name} decided {other!r}, which is no decision")
    return Success(_table(history, decided))


def decide_from_all(
    decisions: Decisions, history: BarHistory, as_of: date
) -> Result[Decision, StrategyError]:
    """`decide` for a strategy that only brings `decide_all`: the row of the session.

    Failures: `NoSession`; `Undecidable`, whose cause can only be that the row is not there.
    """
    row = history.row_at(as_of)
    if row < 0:
        return Failure(NoSession(as_of))
    session = history.session(row)
    found = int(np.searchsorted(decisions.rows, row))
    if found == len(decisions.rows) or decisions.rows[found] != row:
        return Failure(Undecidable(session, (NotDecided(session),)))
    weights = decisions.weights[found].tolist()
    return Success(Decision(session, dict(zip(decisions.symbols, weights, strict=True))))


def _table(history: BarHistory, decided: list[tuple[int, Decision]]) -> Decisions:
    symbols = tuple(sorted({symbol for _, decision in decided for symbol in decision.weights}))
    column = {symbol: i for i, symbol in enumerate(symbols)}
    weights = np.zeros((len(decided), len(symbols)))
    for line, (_, decision) in enumerate(decided):
        for symbol, weight in decision.weights.items():
            weights[line, column[symbol]] = weight
    changed = np.zeros(len(decided), dtype=bool)
    changed[1:] = (weights[1:] != weights[:-1]).any(axis=1)
    rows = np.array([row for row, _ in decided], dtype=np.intp)
    return Decisions(
        sessions=history.sessions[rows],
        rows=rows,
        symbols=symbols,
        weights=weights,
        path_changed=changed,
    )
