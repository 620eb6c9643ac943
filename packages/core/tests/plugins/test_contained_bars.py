"""A feed that raises, or answers something else than it was asked for, is a problem in words."""

import pytest
from returns.result import Failure, Success

from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.plugins.contained_bars import contained_bars, contained_read
from alchemiser_core.ports.market_data import BarRequest
from alchemiser_core.testing.bars import wandering_history
from alchemiser_core.testing.market_data import InMemoryMarketData, no_sessions

HISTORY = wandering_history(("AAA", "BBB"), 5)
REQUEST = BarRequest((Symbol("AAA"), Symbol("BBB")))


class Answering(InMemoryMarketData):
    """Gives what a test put there, or raises it."""

    answer: object = None

    def bars(self, request):
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


def answering(answer):
    feed = Answering(HISTORY)
    feed.answer = answer
    return contained_bars(feed, REQUEST)


def test_an_answer_and_a_failure_are_handed_on_as_they_are():
    assert answering(Success(HISTORY)).unwrap() is HISTORY
    gone = no_sessions(REQUEST)
    assert answering(Failure(gone)).failure() is gone


@pytest.mark.parametrize(
    "answer",
    [
        ValueError("sessions are not strictly increasing"),
        SystemExit(3),
        None,
        HISTORY,
        Success(None),
        Success(wandering_history(("BBB", "AAA"), 5)),
        Success(wandering_history(("AAA",), 5)),
        Failure("down"),
    ],
)
def test_anything_else_is_a_feed_that_failed(answer):
    (problem,) = answering(answer).failure().problems()
    assert (problem.code, problem.where) == ("feed-failed", "in-memory")


def test_what_was_raised_is_named_with_its_place():
    (problem,) = answering(ValueError("out of order")).failure().problems()
    assert "ValueError: out of order" in problem.why
    assert "test_contained_bars.py" in problem.why


def test_the_keyboard_is_not_contained():
    with pytest.raises(KeyboardInterrupt):
        answering(KeyboardInterrupt())


def test_another_question_is_contained_alike():
    right = contained_read("feed", lambda: Success(3), lambda value: value == 3)
    assert right.unwrap() == 3
    wrong = contained_read("feed", lambda: Success(4), lambda value: value == 3)
    assert wrong.failure().problems()[0].code == "feed-failed"
