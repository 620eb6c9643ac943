"""A check beside a cycle: waited for, abandoned, collected later, and never in the way."""

import threading
from datetime import timedelta

import pytest
from attrs import define, field
from returns.result import Failure, Success

from alchemiser_app.composition import CompositionError
from alchemiser_app.indicator_checking.asking import Asking
from alchemiser_app.indicator_checking.beside import IndicatorChecks, Watch
from alchemiser_app.indicator_checking.overhearing import Heard, Overheard
from alchemiser_core.domain.journal.events import StrategyDecided, StrategyHeld
from alchemiser_core.domain.problem import Problem
from alchemiser_core.services.indicator_check import CheckRules, Decided, StrategyPath, Verdict
from alchemiser_core.services.substitute import Substituted
from alchemiser_core.services.trading import LiveDecisions
from alchemiser_core.symphony import read
from alchemiser_core.symphony.strategy import SymphonyStrategy
from alchemiser_core.testing.bars import wandering_history
from alchemiser_core.testing.indicator_source import InMemoryVendor
from alchemiser_core.testing.strategies import FakeStrategy

HISTORY = wandering_history(["AAA", "BBB"], 120)
DAY = HISTORY.session(119)
TEXT = """(defsymphony "s" {:rebalance-frequency :daily}
  (if (> (rsi "AAA" {:window 10}) 50) [(asset "AAA")] [(asset "BBB")]))"""
STRATEGY = SymphonyStrategy("s", read(TEXT).unwrap().symphony)
LONG, NONE = timedelta(seconds=20), timedelta(0)


def never():
    return False


def heard():
    listener = Heard()
    listener.begins(HISTORY)
    answer = Overheard(LiveDecisions(HISTORY), listener).consider(STRATEGY, DAY, None)
    assert isinstance(answer, Success)
    return listener


@define
class Waits(InMemoryVendor):
    """A vendor that answers when it is told to."""

    may: threading.Event = field(factory=threading.Event)

    def bars(self, request):
        self.may.wait(20)
        return super().bars(request)


@define
class Told:
    """`CheckTeller` that keeps what it is told."""

    words: list = field(factory=list)

    def checking(self, patience):
        self.words.append("checking")

    def checked(self, report):
        self.words.append("checked")

    def not_checked(self, problems):
        self.words.extend(problem.code for problem in problems)

    def still_checking(self, patience):
        self.words.append("still checking")


def asking(build):
    return Asking(heard().decision(), build, CheckRules())


def test_the_answer_is_there_when_it_is_over():
    vendor = InMemoryVendor(HISTORY)
    check = asking(lambda: Success(vendor))
    check.start()
    assert check.wait(LONG, never)
    (found,) = check.answer().unwrap().compared
    assert found.verdict is Verdict.WITHIN


def test_whoever_is_asked_to_end_does_not_wait():
    vendor = Waits(HISTORY)
    check = asking(lambda: Success(vendor))
    check.start()
    looks = iter([False, True])
    assert not check.wait(LONG, lambda: next(looks))
    vendor.may.set()
    assert check.wait(LONG, never)


def test_a_feed_that_cannot_be_built_is_the_answer():
    why = CompositionError((Problem("no-key", "there is no key"),))
    check = asking(lambda: Failure(why))
    check.start()
    assert check.wait(LONG, never)
    assert check.answer().failure().problems() == why.problems()


@define
class CannotBeClosed(InMemoryVendor):
    def close(self):
        raise OSError("stuck")


def test_a_feed_that_cannot_be_closed_leaves_its_report():
    check = asking(lambda: Success(CannotBeClosed(HISTORY)))
    check.start()
    assert check.wait(LONG, never)
    report = check.answer().unwrap()
    assert [each.verdict for each in report.compared] == [Verdict.WITHIN]
    assert [problem.code for problem in report.found] == ["feed-failed"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_mistake_of_the_program_is_told_and_goes_no_further():
    def mistake():
        raise RuntimeError("a mistake")

    check = asking(mistake)
    check.start()
    assert check.wait(LONG, never)
    assert [p.code for p in check.answer().failure().problems()] == ["indicators-not-checked"]


def test_a_computer_without_a_thread_left_costs_the_check_alone(monkeypatch):
    def none_left(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", none_left)
    running = checks(InMemoryVendor(HISTORY))
    running._begin(heard(), CheckRules())
    assert running.collect() == ()
    assert running.teller.words == ["indicators-not-checked"]


# --- what is heard ------------------------------------------------------------------------------


def test_only_strategies_that_decided_are_heard_and_answers_stay_what_they_are():
    listener = Heard()
    assert listener.decision() is None
    listener.begins(HISTORY)
    assert listener.decision() is None
    source = LiveDecisions(HISTORY)
    undecidable = FakeStrategy(("AAA",), name="u", undecidable=frozenset({DAY}))
    for strategy in (undecidable, STRATEGY):
        assert Overheard(source, listener).consider(strategy, DAY, None) == source.consider(
            strategy, DAY, None
        )
    found = listener.decision()
    assert [path.strategy for path in found.paths] == ["s"]
    assert (found.as_of, found.history) == (DAY, HISTORY)


def test_the_symbols_that_are_read_in_place_of_the_rules_are_heard():
    listener = Heard()
    listener.begins(HISTORY)
    strategy = Substituted(STRATEGY, {"AAA": "BBB"})
    assert isinstance(
        Overheard(LiveDecisions(HISTORY), listener).consider(strategy, DAY, None), Success
    )
    (path,) = listener.decision().paths
    assert path.replaced == {"AAA": "BBB"}


def test_a_check_begins_with_a_decision_and_with_nothing_else():
    begun = []
    watch = Watch(Heard(), begun.append)
    watch.written([StrategyHeld("s", DAY, "undecidable")])
    assert begun == []
    watch.written([StrategyDecided("s", DAY, {}, None)])
    assert begun == [watch.heard]


# --- collecting ---------------------------------------------------------------------------------


def checks(vendor, interrupted=never):
    return IndicatorChecks(lambda: Success(vendor), Told(), interrupted)


def test_without_a_check_there_is_nothing_to_collect():
    idle = checks(InMemoryVendor(HISTORY))
    assert (idle.collect(), idle.leave(), idle.teller.words) == ((), (), [])


def test_a_cycle_has_one_check_however_often_it_writes_down_decisions():
    vendor = Waits(HISTORY)
    running = checks(vendor)
    running._begin(heard(), CheckRules())
    first = running._asking
    running._begin(heard(), CheckRules())
    assert running._asking is first
    vendor.may.set()
    assert first.wait(LONG, never)
    running.collect()
    assert running.teller.words == ["checked"]


def test_a_check_that_is_not_over_can_be_collected_later():
    vendor = Waits(HISTORY)
    running = checks(vendor)
    running._begin(heard(), CheckRules())
    assert running.collect() == ()
    assert running.teller.words == ["still checking"]
    vendor.may.set()
    running._asking.wait(LONG, never)
    assert running.leave() == ()
    assert running.teller.words == ["still checking", "checked"]


def test_a_check_that_is_left_behind_is_heard_of_no_more():
    vendor = Waits(HISTORY)
    running = checks(vendor)
    running._begin(heard(), CheckRules())
    thread = running._asking
    assert running.leave() == ()
    vendor.may.set()
    assert thread.wait(LONG, never)
    assert running.collect() == ()
    assert running.teller.words == ["still checking"]


def test_a_decision_without_a_path_is_not_begun_with():
    running = checks(InMemoryVendor(HISTORY))
    running._begin(Heard(), CheckRules())
    assert running.collect() == ()
    assert running.teller.words == []


def test_a_decision_of_nothing_but_notes_asks_nobody():
    vendor = InMemoryVendor(HISTORY)
    check = Asking(
        Decided(DAY, (StrategyPath("hand", ()),), HISTORY), lambda: Success(vendor), CheckRules()
    )
    check.start()
    assert check.wait(LONG, never)
    assert check.answer().unwrap().without == ("hand",)
    assert (vendor.requests, vendor.questions) == ([], [])
