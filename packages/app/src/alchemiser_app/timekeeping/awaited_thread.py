"""Waiting for a thread that asks somebody else: so long, and no longer than whoever waits is meant
to go on.
"""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread

_STEP = timedelta(milliseconds=100)
"""How often it is looked whether to go on."""


def ended_within(thread: Thread, patience: timedelta, interrupted: Callable[[], bool]) -> bool:
    """Whether a thread is over within the time, or until whoever waits is asked to end."""
    left = patience
    while thread.is_alive() and left > timedelta(0) and not interrupted():
        thread.join(min(_STEP, left).total_seconds())
        left -= _STEP
    return not thread.is_alive()
