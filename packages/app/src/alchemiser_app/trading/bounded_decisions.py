"""Decisions that end: a strategy that hangs, or writes where results are written, harms no cycle.

Strategies may be anybody's code. Each is asked in a thread of its own, for a limited time; a thread
that does not come back is left behind and ends with the process.
"""

import sys
from contextlib import redirect_stdout
from datetime import date, timedelta

from attrs import frozen
from returns.result import Failure, Result

from alchemiser_app.timekeeping.awaited_thread import answer_within
from alchemiser_core.domain.undecidable import StrategyError, StrategyFailed
from alchemiser_core.ports.strategy import Strategy
from alchemiser_core.services.desk import never
from alchemiser_core.services.trading import Considered, DecisionSource

Answer = Result[Considered, StrategyError]


@frozen(eq=False)
class BoundedDecisions:
    """`DecisionSource` that asks another one, for a limited time."""

    source: DecisionSource
    limit: timedelta

    def consider(self, strategy: Strategy, as_of: date, since: date | None) -> Answer:
        """As the source answers; `StrategyFailed` where it does not within the limit.

        What the strategy prints goes to standard error.
        """
        with redirect_stdout(sys.stderr):
            answer = answer_within(
                lambda: self.source.consider(strategy, as_of, since),
                f"deciding {strategy.name}",
                self.limit,
                never,
            )
        if answer is not None:
            return answer
        seconds = self.limit.total_seconds()
        return Failure(StrategyFailed(strategy.name, f"it did not decide within {seconds:g} s"))
