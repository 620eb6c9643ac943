"""Waiting for a thread that asks somebody else: so long, and no longer than whoever waits is meant
to go on. One that does not come back is left behind and ends with the process.
"""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from typing import TypeVar

Value = TypeVar("Value")

_STEP = timedelta(milliseconds=100)
"""How often it is looked whether to go on."""


def answer_within(
    call: Callable[[], Value], name: str, limit: timedelta, interrupted: Callable[[], bool]
) -> Value | None:
    """What a call gives that may hang, in a thread called `name`; `None` where it gives nothing
    within the limit, or before whoever waits is asked to end.

    Raises `RuntimeError` where it raises, which is a mistake of the program: what others raise is
    to be an answer.
    """
    answers: list[Value] = []
    thread = Thread(target=lambda: answers.append(call()), name=name, daemon=True)
    thread.start()
    is_over = ended_within(thread, limit, interrupted)
    if answers:
        return answers[0]
    if is_over:
        raise RuntimeError(f"{name} ended without an answer")
    return None


def ended_within(thread: Thread, patience: timedelta, interrupted: Callable[[], bool]) -> bool:
    """Whether a thread is over within the time, or until whoever waits is asked to end."""
    left = patience
    while thread.is_alive() and left > timedelta(0) and not interrupted():
        thread.join(min(_STEP, left).total_seconds())
        left -= _STEP
    return not thread.is_alive()
