"""What strategies say, checked before anything is traded by it.

A strategy may be anybody's code: what it raises becomes `StrategyFailed`, and so does an answer of
the wrong type, for another session, or with weights that no account can hold.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from returns.result import Failure, Result, Success

from alchemiser_core.domain.allocation.target_weights import TargetWeights, target_weights
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.decision import Decision, Decisions
from alchemiser_core.domain.rebalance_policy import RebalancePolicy
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.domain.undecidable import NoSession, StrategyError, StrategyFailed, Undecidable
from alchemiser_core.plugins.containment import contained
from alchemiser_core.ports.strategy import Strategy, VectorisedStrategy


def checked_policy(strategy: Strategy) -> Result[RebalancePolicy, StrategyError]:
    """When the strategy trades. Failure: `StrategyFailed`."""
    outcome = contained(lambda: strategy.policy)
    match outcome:
        case Success(RebalancePolicy() as policy):
            return Success(policy)
        case Success(other):
            return _failed(strategy.name, f"its policy is {_kind(other)}, which is no policy")
        case _:
            return _failed(strategy.name, f"its policy cannot be read: {outcome.failure()}")


def vectorised(strategy: Strategy) -> Result[VectorisedStrategy | None, StrategyError]:
    """The strategy, if it decides all sessions at once. Failure: `StrategyFailed`."""
    # To look is to read its properties, which may raise.
    outcome = contained(lambda: strategy if isinstance(strategy, VectorisedStrategy) else None)
    if isinstance(outcome, Failure):
        return _failed(strategy.name, f"its properties cannot be read: {outcome.failure()}")
    return Success(outcome.unwrap())


def checked_decision(
    strategy: Strategy, known: BarHistory, as_of: date
) -> Result[tuple[Decision, TargetWeights], StrategyError]:
    """What a strategy decides from a history that ends with `as_of`, and its target weights.

    Failures: those of the strategy; `StrategyFailed` for whatever else comes.
    """
    outcome = contained(lambda: strategy.decide(known, as_of))
    answer = _answer(strategy.name, outcome)
    if isinstance(answer, Failure):
        return answer
    decision = answer.unwrap()
    if not isinstance(decision, Decision):
        return _failed(strategy.name, f"it decided {_kind(decision)}, which is no decision")
    if len(known) and decision.as_of != known.session(len(known) - 1):
        session = known.session(len(known) - 1)
        return _failed(strategy.name, f"asked for {session}, it decided {decision.as_of}")
    targets = decision_targets(strategy.name, decision, known)
    return targets.map(lambda weights: (decision, weights))


def checked_table(
    name: str, decide: Callable[[], Result[Decisions, StrategyError]]
) -> Result[Decisions, StrategyError]:
    """The decisions of a whole history. Failures as for `checked_decision`."""
    answer = _answer(name, contained(decide))
    if isinstance(answer, Failure):
        return answer
    table = answer.unwrap()
    if not isinstance(table, Decisions):
        return _failed(name, f"it decided {_kind(table)}, which is no table of decisions")
    return Success(table)


def decision_targets(
    name: str, decision: Decision, history: BarHistory
) -> Result[TargetWeights, StrategyError]:
    """The target weights of a decision. Failure: `StrategyFailed` with everything that is wrong."""
    weights: Mapping[Symbol, object] = decision.weights
    unknown = [symbol for symbol in weights if symbol not in history.columns]
    if unknown:
        return _failed(name, f"it gives weight to {', '.join(map(str, unknown))} without any bars")
    numbers: dict[Symbol, float] = {}
    for symbol, weight in weights.items():
        if isinstance(weight, bool) or not isinstance(weight, int | float):
            return _failed(name, f"the weight of {symbol} is {_kind(weight)}, which is no number")
        numbers[symbol] = float(weight)
    checked = target_weights(numbers)
    if isinstance(checked, Failure):
        return _failed(name, "; ".join(found.what for found in checked.failure().problems()))
    return Success(checked.unwrap())


def _answer(name: str, outcome: Result[Any, Any]) -> Result[Any, StrategyError]:
    """What a call of a strategy gave, as far as it is a `Result` of the kinds there are."""
    if isinstance(outcome, Failure):
        return _failed(name, f"it raised {outcome.failure()}")
    match outcome.unwrap():
        case Success() as answer:
            return answer
        case Failure(Undecidable() | NoSession() | StrategyFailed()) as refusal:
            return refusal
        case Failure(other):
            return _failed(name, f"it failed with {_kind(other)}, which is no reason")
        case other:
            return _failed(name, f"it gave {_kind(other)}, which is no result")


def _failed(name: str, message: str) -> Result[Any, StrategyError]:
    return Failure(StrategyFailed(name, message))


def _kind(value: object) -> str:
    return f"a {type(value).__name__}"
