"""Questions that may hang, asked in a thread: answered in time, given up, or broken."""

import time
from datetime import timedelta
from threading import Event

import pytest

from alchemiser_app.timekeeping.awaited_thread import answer_within
from alchemiser_core.services.desk import never

LONG = timedelta(seconds=10)


def test_an_answer_is_there_as_soon_as_it_is_given():
    began = time.monotonic()
    assert answer_within(lambda: "yes", "asking", LONG, never) == "yes"
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("is_asked_to_end", [True, False])
def test_what_hangs_is_given_up_at_the_limit_or_when_asked_to_end(is_asked_to_end):
    go_on, began = Event(), time.monotonic()
    limit = LONG if is_asked_to_end else timedelta(milliseconds=50)
    answer = answer_within(lambda: go_on.wait(10), "asking", limit, lambda: is_asked_to_end)
    go_on.set()
    assert answer is None
    assert time.monotonic() - began < 5


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_mistake_of_the_program_is_no_answer_that_is_late():
    def broken():
        raise ZeroDivisionError

    with pytest.raises(RuntimeError, match="asking ended without an answer"):
        answer_within(broken, "asking", LONG, never)
