"""A broker's own words, made fit to be written down and shown: on one line, bounded, plain.

They go into the journal, the log, alerts and onto terminals. Ids are left as they are: orders are
looked up by them.
"""

from typing import Any

from attrs import evolve

from alchemiser_core.domain.orders.report import OrderReport
from alchemiser_core.domain.orders.submission import OutcomeUnknown, Rejected, SubmissionFailure
from alchemiser_core.domain.plain_text import plain_text
from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.broker import BrokerFailure, BrokerUnavailable, Unauthorised


def plain_answer(answer: Any) -> Any:
    """What a broker answered to a read, of whatever type, with plain reasons in its reports."""
    match answer:
        case OrderReport():
            return plain_report(answer)
        case (OrderReport(), *_):
            return tuple(map(plain_report, answer))
        case _:
            return answer


def plain_report(report: OrderReport) -> OrderReport:
    """The report with a plain reason."""
    reason = plain_text(report.reason)
    return report if reason == report.reason else evolve(report, reason=reason)


def plain_refusal(failure: SubmissionFailure) -> SubmissionFailure:
    """Why an order was not accepted, in plain words."""
    match failure:
        case Rejected():
            return evolve(failure, message=plain_text(failure.message))
        case OutcomeUnknown():
            return OutcomeUnknown(plain_text(failure.why))
        case _:
            return failure


def plain_failure(failure: BrokerFailure) -> BrokerFailure:
    """Why a read failed, in plain words."""
    match failure:
        case BrokerUnavailable():
            return BrokerUnavailable(tuple(map(_plain_problem, failure.found)))
        case Unauthorised():
            return Unauthorised(plain_text(failure.message))


def _plain_problem(problem: Problem) -> Problem:
    return Problem(
        problem.code,
        *(plain_text(text) for text in (problem.what, problem.where, problem.why, problem.hint)),
    )
