"""A symphony as a strategy: one implementation of the port among others."""

from datetime import date
from functools import cached_property

import numpy as np
from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.bars import BarHistory
from alchemiser_core.domain.decision import Decision, Decisions, Requirements
from alchemiser_core.domain.rebalance_policy import RebalancePolicy
from alchemiser_core.domain.undecidable import NoSession, StrategyError, Undecidable
from alchemiser_core.symphony.ast import Symphony
from alchemiser_core.symphony.engine.compile import compile_symphony, warm_up
from alchemiser_core.symphony.engine.evaluate import evaluate
from alchemiser_core.symphony.engine.flow import Flow
from alchemiser_core.symphony.engine.program import Program
from alchemiser_core.symphony.engine.trace import Trace
from alchemiser_core.symphony.explanation.causes import CauseFinder
from alchemiser_core.symphony.explanation.explain import Explainer


@frozen(eq=False, slots=False)
class SymphonyStrategy:
    """Decides a plain symphony; `expand` makes one plain."""

    name: str
    symphony: Symphony
    """The plain tree that is decided."""
    source: Symphony | None = None
    """The tree as it was written, parameters and definitions included; `None` if it was plain."""

    @cached_property
    def program(self) -> Program:
        """The compiled tree."""
        return compile_symphony(self.symphony)

    @cached_property
    def requirements(self) -> Requirements:
        """Symbols of the leaves are traded, those only in conditions watched."""
        program = self.program
        traded = {program.symbols[column] for column in program.traded}
        watched = set(program.symbols) - traded
        return Requirements(tuple(sorted(traded)), tuple(sorted(watched)), warm_up(program))

    @property
    def policy(self) -> RebalancePolicy:
        """As the symphony's attributes say."""
        return self.symphony.policy

    def decide(self, history: BarHistory, as_of: date) -> Result[Decision, StrategyError]:
        """Weights of the last session on or before `as_of`, with the path that led there.

        Failures: `NoSession`, `Undecidable`.
        """
        known = history.at(as_of)
        if not len(known):
            return Failure(NoSession(as_of))
        trace = Trace()
        evaluation = evaluate(self.program, known, trace)
        session = known.session(len(known) - 1)
        if not evaluation.decidable[-1]:
            causes = CauseFinder(self.program, trace, session).causes()
            return Failure(Undecidable(session, causes))
        flow = Flow(evaluation, np.array([len(known) - 1])).run()
        explainer = Explainer(self.program, trace, known)
        reasons = explainer.reasons()
        return Success(
            Decision(
                as_of=session,
                weights=dict(zip(self.program.symbols, flow.weights[:, 0].tolist(), strict=True)),
                reasons=reasons,
                left_out=tuple(explainer.left_out),
                carried=explainer.carried(),
            )
        )

    def decide_all(self, history: BarHistory) -> Result[Decisions, StrategyError]:
        """Weights of every decidable session; none at all is an empty `Decisions`, no failure."""
        evaluation = evaluate(self.program, history)
        rows = np.flatnonzero(evaluation.decidable)
        flow = Flow(evaluation, rows).run()
        traded = list(self.program.traded)
        return Success(
            Decisions(
                sessions=history.sessions[rows],
                rows=rows,
                symbols=tuple(self.program.symbols[column] for column in traded),
                weights=np.ascontiguousarray(flow.weights[traded].T),
                path_changed=flow.changed,
            )
        )
