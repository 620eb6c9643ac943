"""A strategy that hangs, prints or raises is kept apart."""

from datetime import timedelta
from threading import Event

import pytest
from returns.result import Failure, Success

from alchemiser_app.trading.bounded_decisions import BoundedDecisions
from alchemiser_core.domain.undecidable import StrategyFailed
from alchemiser_core.services.trading import LiveDecisions
from alchemiser_core.testing.bars import wandering_history
from alchemiser_core.testing.strategies import FakeStrategy

HISTORY = wandering_history(("AAA", "BBB"), 10)
TODAY = HISTORY.session(9)
LONG = timedelta(minutes=10)


def asked(rule=None, limit=LONG, **more):
    strategy = FakeStrategy(("AAA",), rule, name="acme", **more)
    return BoundedDecisions(LiveDecisions(HISTORY), limit).consider(strategy, TODAY, None)


def test_what_a_strategy_decides_is_passed_on() -> None:
    answer = asked()
    assert isinstance(answer, Success)
    assert answer.unwrap().decision.weights == {"AAA": 1.0}


def test_case_49_a_strategy_that_hangs_has_failed() -> None:
    never = Event()

    def hangs(known):
        never.wait()
        return {}

    answer = asked(hangs, timedelta(milliseconds=20))
    never.set()
    assert isinstance(answer, Failure)
    assert isinstance(answer.failure(), StrategyFailed)
    assert "0.02 s" in answer.failure().message


def test_case_49_what_it_prints_is_no_result(capsys) -> None:
    def chats(known):
        print("to the moon")  # noqa: T201
        return {"AAA": 1.0}

    assert isinstance(asked(chats), Success)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "moon" in printed.err


def test_case_49_what_it_raises_is_a_failure_and_not_the_end() -> None:
    def raises(known):
        raise RuntimeError("boom")

    answer = asked(raises)
    assert isinstance(answer, Failure)
    assert "boom" in answer.failure().message


def test_case_49_it_cannot_change_the_bars_of_the_others() -> None:
    before = HISTORY.close.copy()

    def meddles(known):
        known.close[-1, 0] = 1e9
        return {"AAA": 1.0}

    assert isinstance(asked(meddles), Failure)
    assert (HISTORY.close == before).all()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_error_of_the_program_is_raised_where_it_was_asked() -> None:
    class Broken:
        def consider(self, strategy, as_of, since):
            raise ZeroDivisionError

    bounded = BoundedDecisions(Broken(), LONG)
    with pytest.raises(RuntimeError):
        bounded.consider(FakeStrategy(("AAA",)), TODAY, None)
