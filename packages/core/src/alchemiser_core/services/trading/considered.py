"""What a strategy decided in a cycle, checked; and whether its path changed since the last one.

`LiveDecisions` asks the strategy itself, with reasons; `PrecomputedDecisions` looks rows up that
were decided all at once, for rehearsals. Both give the same weights and the same changes of path.
"""

from datetime import date
from functools import partial
from typing import Protocol

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.allocation.target_weights import TargetWeights
from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.decision import Decision, Decisions
from alchemiser_core.domain.rebalance_policy import RebalancePolicy
from alchemiser_core.domain.undecidable import NoSession, StrategyError, StrategyFailed, Undecidable
from alchemiser_core.ports.strategy import Strategy
from alchemiser_core.services.collect_targets import decide_all, decide_from_all
from alchemiser_core.services.trading.checked import (
    checked_decision,
    checked_policy,
    checked_table,
    decision_targets,
    vectorised,
)


@frozen
class Considered:
    """A decision that may be traded, and what its policy needs to know."""

    decision: Decision
    targets: TargetWeights
    """The weights of the decision, as decimals."""
    policy: RebalancePolicy
    path_changed: bool
    """An outcome on the active path changed on a decidable session after the one that was
    considered last. Never, where none was."""


class DecisionSource(Protocol):
    """Where a cycle gets its decisions from."""

    def consider(
        self, strategy: Strategy, as_of: date, since: date | None
    ) -> Result[Considered, StrategyError]:
        """The decision of session `as_of`; `since` is the session considered before, if any.

        Failures: `Undecidable` and `NoSession` where the strategy cannot decide; `StrategyFailed`
        where it says so, raises, or gives something that no account can be traded by.
        """
        ...


@frozen(eq=False)
class LiveDecisions:
    """Asks strategies, each with the history as it was known at the session."""

    history: BarHistory

    def consider(
        self, strategy: Strategy, as_of: date, since: date | None
    ) -> Result[Considered, StrategyError]:
        """As `DecisionSource.consider`; the decision comes with its reasons."""
        known = self.history.at(as_of)
        policy = checked_policy(strategy)
        if isinstance(policy, Failure):
            return Failure(policy.failure())
        decided = checked_decision(strategy, known, as_of)
        if isinstance(decided, Failure):
            return Failure(decided.failure())
        decision, targets = decided.unwrap()
        changed = _path_changed(strategy, known, decision, since)
        return changed.map(lambda it: Considered(decision, targets, policy.unwrap(), it))


@frozen(eq=False)
class PrecomputedDecision:
    """Everything that one strategy decides over a history."""

    table: Decisions
    policy: RebalancePolicy


@frozen(eq=False)
class PrecomputedDecisions:
    """Looks decisions up that were made all at once; made by `precomputed`."""

    history: BarHistory
    decided: dict[str, PrecomputedDecision]
    """By the name of the strategy."""

    def consider(
        self, strategy: Strategy, as_of: date, since: date | None
    ) -> Result[Considered, StrategyError]:
        """As `DecisionSource.consider`; the decision comes without reasons."""
        found = self.decided[strategy.name]
        looked_up = decide_from_all(found.table, self.history, as_of)
        if isinstance(looked_up, Failure):
            return looked_up
        decision = looked_up.unwrap()
        targets = decision_targets(strategy.name, decision, self.history)
        changed = _changed_between(found.table, self.history, since, as_of)
        return targets.map(lambda it: Considered(decision, it, found.policy, changed))


def precomputed(
    history: BarHistory, strategies: tuple[Strategy, ...]
) -> Result[PrecomputedDecisions, StrategyError]:
    """Let strategies decide every session of a history. Failure: `StrategyFailed`."""
    decided: dict[str, PrecomputedDecision] = {}
    for strategy in strategies:
        policy = checked_policy(strategy)
        if isinstance(policy, Failure):
            return Failure(policy.failure())
        table = checked_table(strategy.name, partial(decide_all, strategy, history))
        if isinstance(table, Failure):
            return Failure(table.failure())
        decided[strategy.name] = PrecomputedDecision(table.unwrap(), policy.unwrap())
    return Success(PrecomputedDecisions(history, decided))


def _changed_between(
    table: Decisions, history: BarHistory, since: date | None, as_of: date
) -> bool:
    """Whether the path changed on a decided session after `since`, up to `as_of`."""
    if since is None:
        return False
    inside = (table.rows > history.row_at(since)) & (table.rows <= history.row_at(as_of))
    return bool(table.path_changed[inside].any())


def _path_changed(
    strategy: Strategy, known: BarHistory, decision: Decision, since: date | None
) -> Result[bool, StrategyError]:
    """The same for a strategy that is asked now; `known` ends with the session decided."""
    if since is None or since >= decision.as_of:
        return Success(False)
    found = vectorised(strategy)
    if isinstance(found, Failure):
        return Failure(found.failure())
    at_once = found.unwrap()
    if at_once is not None:
        table = checked_table(strategy.name, partial(at_once.decide_all, known))
        return table.map(lambda it: _changed_between(it, known, since, decision.as_of))
    return _weights_changed(strategy, known, decision, since)


def _weights_changed(
    strategy: Strategy, known: BarHistory, decision: Decision, since: date
) -> Result[bool, StrategyError]:
    """Whether weights differ from those of the decidable session before, anywhere after `since`.

    Walks back from the decision to the last decidable session that is not after `since`.
    """
    newer, first = decision, known.row_at(since)
    for row in range(len(known) - 2, -1, -1):
        match checked_decision(strategy, known.rows(0, row + 1), known.session(row)):
            case Success((Decision() as older, _)):
                if older.weights != newer.weights:
                    return Success(True)
                if row <= first:
                    return Success(False)
                newer = older
            case Failure(StrategyFailed() as failed):
                return Failure(failed)
            case Failure(Undecidable() | NoSession()):
                continue  # no session that could have changed anything
    return Success(False)
