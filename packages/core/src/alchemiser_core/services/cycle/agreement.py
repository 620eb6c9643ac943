"""Whether orders may be sent now: calendar, window, own clock and broker's clock have to agree."""

from datetime import datetime

from attrs import frozen
from returns.result import Failure, Result, Success

from alchemiser_core.domain.problem import Explainable, Problem
from alchemiser_core.domain.schedule import clock_faults, may_trade
from alchemiser_core.services.cycle.refusals import NoWindow
from alchemiser_core.services.cycle.run import Run


@frozen
class NotNow:
    """Everything that speaks against sending orders now."""

    reasons: tuple[Explainable, ...]

    def problems(self) -> tuple[Problem, ...]:
        """The problems of all reasons."""
        return tuple(problem for reason in self.reasons for problem in reason.problems())


def may_send(run: Run) -> Result[datetime, NotNow]:
    """Until when orders may be sent. Failure: all reasons why none may be sent now."""
    terms, now = run.terms, run.desk.clock.now()
    time = run.desk.broker.time()
    if isinstance(time, Failure):
        return Failure(NotNow((time.failure(),)))
    broker = time.unwrap()
    reasons: list[Explainable] = list(
        clock_faults(now, broker.at, terms.clock_skew, run.desk.clock_jump())
    )
    if terms.session is None or terms.window is None:
        return Failure(NotNow((*reasons, NoWindow(terms.day))))
    refusal = may_trade(now, terms.session, broker, terms.window)
    if refusal is not None:
        reasons.append(refusal)
    return Failure(NotNow(tuple(reasons))) if reasons else Success(terms.window.ends)


def open_until(run: Run) -> datetime | None:
    """Until when orders may be sent; `None` where none may be sent now."""
    return may_send(run).value_or(None)
