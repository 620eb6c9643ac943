"""What market data may be read is a matter of the plan that is paid for."""

import re

from attrs import evolve

from alchemiser_alpaca.connection.failures import CallFailure, Refused
from alchemiser_core.domain.problem import Problem

_NOT_IN_PLAN = re.compile(r"subscription does not permit", re.IGNORECASE)


def data_problem(failure: CallFailure, what: str) -> Problem:
    """What went wrong, with what to do where the plan does not permit it."""
    problem = failure.problem(what)
    if isinstance(failure, Refused) and _NOT_IN_PLAN.search(failure.message):
        hint = 'set feed = "iex", which every plan has, or ask for an earlier end'
        return evolve(problem, code="not-in-data-plan", hint=hint)
    return problem
