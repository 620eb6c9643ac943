"""Decisions that end: a strategy that hangs, or writes where results are written, harms no cycle.

Strategies may be anybody's code. Each is asked in a thread of its own, for a limited time; a thread
that does not come back is left behind and ends with the process.
"""

import sys
from contextlib import redirect_stdout
from datetime import date, timedelta
from threading import Thread

from attrs import define, frozen
from returns.result import Failure, Result

from alchemiser_core.domain.undecidable import StrategyError, StrategyFailed
from alchemiser_core.ports.strategy import Strategy
from alchemiser_core.services.trading import Considered, DecisionSource

Answer = Result[Considered, StrategyError]


@define
class _Asking:
    """One question, and what came of it."""

    source: DecisionSource
    strategy: Strategy
    as_of: date
    since: date | None
    answer: Answer | None = None

    def run(self) -> None:
        """Ask, and keep the answer."""
        self.answer = self.source.consider(self.strategy, self.as_of, self.since)


@frozen(eq=False)
class BoundedDecisions:
    """`DecisionSource` that asks another one, for a limited time."""

    source: DecisionSource
    limit: timedelta

    def consider(self, strategy: Strategy, as_of: date, since: date | None) -> Answer:
        """As the source answers; `StrategyFailed` where it does not within the limit.

        What the strategy prints goes to standard error.
        """
        asking = _Asking(self.source, strategy, as_of, since)
        thread = Thread(target=asking.run, name=f"deciding {strategy.name}", daemon=True)
        with redirect_stdout(sys.stderr):
            thread.start()
            thread.join(self.limit.total_seconds())
        if asking.answer is not None:
            return asking.answer
        if not thread.is_alive():
            # What strategies raise is an answer; this is an error of the program, shown above.
            raise RuntimeError(f"asking {strategy.name} ended without an answer")
        seconds = self.limit.total_seconds()
        return Failure(StrategyFailed(strategy.name, f"it did not decide within {seconds:g} s"))
