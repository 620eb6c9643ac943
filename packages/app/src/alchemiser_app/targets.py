"""One decision of a target: of its only strategy, or of the blend of all of them.

Without an account there are no books yet, so a blend is decided as it would be on its first day:
each strategy has its capital share.
"""

from datetime import date

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_app.composition import TargetStrategy
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.decision import Decision
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.reasons import BlockReason, ShareReason
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.domain.undecidable import NoSession, StrategyError


@frozen
class CannotDecide:
    """One or more strategies of a target cannot decide."""

    errors: tuple[tuple[str, StrategyError], ...]

    def problems(self) -> tuple[Problem, ...]:
        """Every problem of every strategy, with the strategy's name in front of its place."""
        return tuple(
            Problem(p.code, p.what, f"{name}, {p.where}" if p.where else name, p.why, p.hint)
            for name, error in self.errors
            for p in error.problems()
        )


def decide_each(
    strategies: tuple[TargetStrategy, ...], history: BarHistory, as_of: date | None
) -> Result[tuple[tuple[TargetStrategy, Decision], ...], CannotDecide]:
    """What each strategy decides on the last session on or before `as_of`, or on the last there is.

    Failure: every strategy that cannot decide, each with its causes.
    """
    if not len(history):
        return Failure(CannotDecide((("data", NoSession(as_of or date.max)),)))
    day = as_of or history.session(len(history) - 1)
    results = [(entry, entry.strategy.decide(history, day)) for entry in strategies]
    errors = tuple(
        (entry.strategy.name, result.failure())
        for entry, result in results
        if isinstance(result, Failure)
    )
    if errors:
        return Failure(CannotDecide(errors))
    return Success(tuple((entry, result.unwrap()) for entry, result in results))


def decide_target(
    strategies: tuple[TargetStrategy, ...], history: BarHistory, as_of: date | None
) -> Result[Decision, CannotDecide]:
    """The decision of the target, of its strategies together. Failure: as `decide_each`."""
    return decide_each(strategies, history, as_of).map(_together)


def _together(decisions: tuple[tuple[TargetStrategy, Decision], ...]) -> Decision:
    return decisions[0][1] if len(decisions) == 1 else _blend(decisions)


def _blend(decisions: tuple[tuple[TargetStrategy, Decision], ...]) -> Decision:
    weights: dict[Symbol, float] = {}
    for entry, decision in decisions:
        for symbol, weight in decision.weights.items():
            weights[symbol] = weights.get(symbol, 0.0) + float(entry.share) * weight
    return Decision(
        as_of=decisions[0][1].as_of,
        weights=weights,
        reasons=tuple(
            ShareReason(float(entry.share), (BlockReason(entry.strategy.name, decision.reasons),))
            for entry, decision in decisions
        ),
        left_out=tuple(dict.fromkeys(o for _, d in decisions for o in d.left_out)),
        carried=tuple(dict.fromkeys(c for _, d in decisions for c in d.carried)),
    )
