"""What is gathered beside the bars: a second vendor's word and a raw feed's splits, whatever these
feeds do.
"""

import time
from decimal import Decimal
from threading import Event

import numpy as np
import pytest
from attrs import evolve
from returns.result import Failure, Success

from alchemiser_app.bar_checking.checker import BarChecker
from alchemiser_app.bar_checking.telling import alerts_of
from alchemiser_core.config.check_settings import CheckPolicy, CheckSettings
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.corporate_actions import Split
from alchemiser_core.ports.market_data import MarketDataUnavailable
from alchemiser_core.services.bar_checks import Check, Finding
from alchemiser_core.testing.bars import wandering_history
from alchemiser_core.testing.market_data import InMemoryMarketData

SYMBOLS = ("AAA", "BBB", "CCC")
HISTORY = wandering_history(SYMBOLS, 100)
SETTINGS = CheckSettings()


def other(row, factor):
    close = np.array(HISTORY.close)
    close[row:, 1] *= factor
    return evolve(HISTORY, close=close)


def check(second=None, feed=None, settings=SETTINGS, history=HISTORY):
    return BarChecker(feed or InMemoryMarketData(history), second, settings).check(history)


class Raising(InMemoryMarketData):
    def bars(self, request):
        raise RuntimeError("the vendor changed its format")


class Answering(InMemoryMarketData):
    answer = None

    def bars(self, request):
        return self.answer


class Hanging(InMemoryMarketData):
    """Answers when it is let go, which is after the test."""

    def __init__(self, history):
        super().__init__(history)
        self.asked, self.go_on = Event(), Event()

    def bars(self, request):
        self.asked.set()
        self.go_on.wait(10)
        return super().bars(request)


class Raw(InMemoryMarketData):
    said = ()

    def actions(self, symbols, start, end):
        if isinstance(self.said, Exception):
            raise self.said
        return self.said


def codes(checked):
    return [finding.problem.code for finding in checked.unwrap().findings]


def test_a_second_feed_that_agrees_lets_the_bars_pass_and_is_asked_once():
    second = InMemoryMarketData(other(0, 3.0))
    assert check(second).unwrap().findings == ()
    (request,) = second.requests
    assert set(request.symbols) == set(SYMBOLS)
    assert request.closes_only
    assert request.end == HISTORY.session(99)


def test_a_second_feed_that_disagrees_refuses():
    refused = check(InMemoryMarketData(other(-1, 1.05))).failure()
    (problem,) = refused.problems()
    assert (problem.code, problem.where) == ("second-feed-differs", "BBB")


def test_nobody_is_asked_where_there_is_no_second_feed_or_no_symbol_to_ask_for():
    second = InMemoryMarketData(HISTORY)
    assert check(second, settings=CheckSettings(second_symbols=0)).unwrap().findings == ()
    assert second.requests == []


@pytest.mark.parametrize("answer", [None, HISTORY, Success(None), Failure("no")])
def test_a_second_feed_that_answers_nonsense_warns(answer):
    broken = Answering(HISTORY)
    broken.answer = answer
    assert codes(check(broken)) == ["second-feed-silent"]


def test_a_second_feed_that_raises_warns_and_says_what_it_raised():
    (finding,) = check(Raising(HISTORY)).unwrap().findings
    assert finding.problem.code == "second-feed-silent"
    assert "the vendor changed its format" in finding.problem.why


def test_a_second_feed_with_other_symbols_than_were_asked_for_warns():
    wrong = Answering(HISTORY)
    wrong.answer = Success(wandering_history(("ZZZ",), 100))
    (finding,) = check(wrong).unwrap().findings
    assert finding.problem.code == "second-feed-silent"
    assert "gave no answer to what it was asked" in finding.problem.why


def test_a_second_feed_that_hangs_is_not_waited_for(monkeypatch):
    hanging = Hanging(HISTORY)
    monkeypatch.setattr("alchemiser_app.bar_checking.checker.timedelta", _tenth_of_a_second)
    try:
        (finding,) = check(hanging).unwrap().findings
        assert hanging.asked.is_set()
        assert finding.policy is CheckPolicy.WARN
        assert "did not answer within 0.1 s" in finding.problem.why
    finally:
        hanging.go_on.set()


def _tenth_of_a_second(seconds):
    from datetime import timedelta

    return timedelta(seconds=seconds / 200)


def test_a_second_feed_is_not_waited_for_once_the_process_is_asked_to_end():
    hanging = Hanging(HISTORY)
    patient = CheckSettings(second_seconds=9)
    checker = BarChecker(InMemoryMarketData(HISTORY), hanging, patient, None, hanging.asked.is_set)
    began = time.monotonic()
    (finding,) = checker.check(HISTORY).unwrap().findings
    hanging.go_on.set()
    assert finding.problem.code == "second-feed-silent"
    assert time.monotonic() - began < 5


def test_a_raw_feed_is_asked_for_its_splits_and_one_of_them_refuses():
    raw = Raw(HISTORY)
    raw.said = Success((Split(Symbol("BBB"), Decimal(2), HISTORY.session(90)),))
    (problem,) = check(feed=raw).failure().problems()
    assert (problem.code, problem.where) == ("unadjusted-split", "BBB")


@pytest.mark.parametrize(
    "said",
    [
        RuntimeError("no"),
        None,
        Success(None),
        Success(("no action",)),
        Failure(MarketDataUnavailable((Problem("no-answer", "it is down"),))),
    ],
)
def test_a_raw_feed_that_does_not_say_its_splits_warns(said):
    raw = Raw(HISTORY)
    raw.said = said
    (finding,) = check(feed=raw).unwrap().findings
    assert (finding.check, finding.policy) == (Check.SPLIT, CheckPolicy.WARN)


def test_a_few_findings_of_a_check_are_alerts_and_the_rest_is_counted():
    found = [
        Finding(Check.BAD_PRICE, CheckPolicy.WARN, Problem("bad-price", f"number {count}"))
        for count in range(7)
    ]
    jump = Finding(Check.JUMP, CheckPolicy.DROP, Problem("price-jump", "far"), Symbol("AAA"))
    alerts = alerts_of([*found[:3], jump, *found[3:]])
    assert [alert.code for alert in alerts] == ["bad-price"] * 6 + ["price-jump"]
    assert "and 2 more" in alerts[5].text
    assert alerts[6].subject == "AAA"
