"""Answers read as what they have to hold, and answers that come in pages."""

from collections.abc import Callable
from typing import TypeVar

from returns.result import Failure, Result, Success

from alchemiser_alpaca.connection.failures import (
    CallFailure,
    Json,
    NoAnswer,
    broker_failure,
    unreadable,
)
from alchemiser_alpaca.reading import UnreadableError
from alchemiser_core.ports.broker import BrokerFailure

Value = TypeVar("Value")


def told(
    outcome: Result[Json, CallFailure], read: Callable[[Json], Value], what: str
) -> Result[Value, BrokerFailure]:
    """What an answer holds; `what` says in one sentence what could not be had."""
    if isinstance(outcome, Failure):
        return Failure(broker_failure(outcome.failure(), what))
    try:
        return Success(read(outcome.unwrap()))
    except UnreadableError as error:
        return Failure(unreadable(what, str(error)))


def all_pages(
    fetch: Callable[[str | None], Result[Json, CallFailure]],
    following: Callable[[Json], str | None],
    most: int,
) -> Result[list[Json], CallFailure]:
    """All pages, or none where one of them fails, repeats, or is one too many.

    `fetch` gets the token of the page, `None` for the first; `following` finds the next page's.
    """
    pages: list[Json] = []
    token: str | None = None
    seen: set[str] = set()
    while len(pages) < most:
        page = fetch(token)
        if isinstance(page, Failure):
            return Failure(page.failure())
        pages.append(page.unwrap())
        token = following(page.unwrap())
        if token is None:
            return Success(pages)
        if token in seen:
            return Failure(NoAnswer("the pages of the answer go round in a circle"))
        seen.add(token)
    return Failure(NoAnswer(f"the answer does not end after {most} pages"))
