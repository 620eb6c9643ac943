"""What the adapter can find out about its own connection, for `alchemiser doctor`."""

from returns.result import Failure

from alchemiser_core.domain.problem import Problem
from alchemiser_core.ports.self_check import Finding
from alchemiser_twelvedata.connection.connection import Connection
from alchemiser_twelvedata.connection.failures import WHERE, Json, NotAllowed, Unreadable
from alchemiser_twelvedata.reading import Record, UnreadableError, record, whole_number


def findings(connection: Connection) -> tuple[Finding, ...]:
    """Whether the key is accepted, and what is left of the plan; costs a credit, which is not
    waited for.
    """
    answer = connection.get("/api_usage", {})
    what = "the use of the plan cannot be read"
    if isinstance(answer, Failure):
        failure = answer.failure()
        found = "not accepted" if isinstance(failure, NotAllowed) else "not known"
        return (Finding("key", found, (failure.problem(what),)),)
    try:
        return (Finding("key", "accepted"), *_credits(answer.unwrap(), connection))
    except UnreadableError as error:
        problem = Unreadable(str(error)).problem(what)
        return (Finding("key", "accepted"), Finding("credits", "not read", (problem,)))


def _credits(json: Json, connection: Connection) -> tuple[Finding, ...]:
    usage = record(json, "the answer")
    used, limit = whole_number(usage, "current_usage"), whole_number(usage, "plan_limit")
    said = f"{used} of {limit} used in this minute{_today(usage)}"
    spent = connection.credits.a_minute
    if spent <= limit:
        return (Finding("credits", said),)
    problem = Problem(
        code="fewer-credits",
        what=f"the plan has {limit} credits a minute, and {spent} are set",
        where=WHERE,
        why="every minute would begin with a request that is refused",
        hint=f"set credits_per_minute = {limit}",
    )
    return (Finding("credits", said, (problem,)),)


def _today(usage: Record) -> str:
    """What is left of the day; not every plan has a limit."""
    if "daily_usage" not in usage or "plan_daily_limit" not in usage:
        return ""
    used, limit = (whole_number(usage, name) for name in ("daily_usage", "plan_daily_limit"))
    return f", {used} of {limit} today"
