"""The suite itself is tested: each promise, broken on purpose, is noticed by its test."""

import numpy as np
import pytest
from attrs import evolve
from returns.result import Failure, Success

from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.market_data import BarRequest, MarketDataUnavailable
from alchemiser_core.testing.bars import wandering_history, with_columns
from alchemiser_core.testing.conformance import MarketDataConformance
from alchemiser_core.testing.market_data import InMemoryMarketData

pytest_plugins = ["pytester"]


class Suite(MarketDataConformance):
    __test__ = False
    known = ("SPY", "TLT")


class Feed(InMemoryMarketData):
    """Right by itself; the wrong feeds below are it, with one thing broken."""

    def __init__(self):
        super().__init__(wandering_history(Suite.known, 30))


class Nameless(Feed):
    def __init__(self):
        super().__init__()
        self.name = " "


class InItsOwnOrder(Feed):
    def bars(self, request):
        return super().bars(evolve(request, symbols=sorted(request.symbols)))


class WithoutPrices(Feed):
    def bars(self, request):
        return super().bars(request).map(lambda h: evolve(h, close=np.full(h.close.shape, np.nan)))


class RefusingTheUnknown(Feed):
    def bars(self, request):
        if set(request.symbols) - set(Suite.known):
            return Failure(MarketDataUnavailable(()))
        return super().bars(request)


class WithSessionsToTheNanosecond(Feed):
    def bars(self, request):
        return (
            super()
            .bars(request)
            .map(lambda h: evolve(h, sessions=h.sessions.astype("datetime64[ns]")))
        )


class WithZeroPrices(Feed):
    def bars(self, request):
        return super().bars(request).map(lambda h: evolve(h, close=np.zeros(h.close.shape)))


class WithoutTheEnd(Feed):
    def bars(self, request):
        cut = 1 if request.end else 0
        return super().bars(request).map(lambda h: h.rows(0, len(h) - cut))


class AdjustedToTheStartOfTheRange(Feed):
    def bars(self, request):
        return super().bars(request).map(lambda h: evolve(h, close=h.close / h.close[0]))


class EmptyWhereThereIsNothing(Feed):
    def bars(self, request):
        result = super().bars(request)
        nothing = with_columns(self.history, request.symbols).rows(0, 0)
        return result if isinstance(result, Success) else Success(nothing)


class SilentInFailure(Feed):
    def bars(self, request):
        return super().bars(request).alt(lambda _: MarketDataUnavailable(()))


class Drifting(Feed):
    def bars(self, request):
        factor = 1.0 + len(self.requests)
        return super().bars(request).map(lambda h: evolve(h, close=h.close * factor))


class MixingSymbols(Feed):
    def bars(self, request):
        return super().bars(request).map(lambda h: evolve(h, close=h.close * h.close.shape[1]))


class LosingLonelySessions(Feed):
    def bars(self, request):
        cut = 1 if len(request.symbols) == 1 else 0
        return super().bars(request).map(lambda h: h.rows(cut, len(h)))


class Writable(Feed):
    def bars(self, request):
        def opened(history):
            history = evolve(history, close=history.close.copy())
            history.close.flags.writeable = True
            return history

        return super().bars(request).map(opened)


class WithOtherClosesInFullBars(Feed):
    def bars(self, request):
        factor = 1.0 if request.closes_only else 2.0
        return super().bars(request).map(lambda h: evolve(h, close=h.close * factor))


class ClosesOnly(Feed):
    def bars(self, request):
        return super().bars(evolve(request, closes_only=True))


class WithoutOpens(Feed):
    def bars(self, request):
        def emptied(h):
            return h if h.open is None else evolve(h, open=np.full(h.open.shape, np.nan))

        return super().bars(request).map(emptied)


class WithLowHighs(Feed):
    def bars(self, request):
        return super().bars(request).map(lambda h: evolve(h, high=h.low))


class PassedOffAsReal(Feed):
    def bars(self, request):
        return super().bars(request).map(lambda h: evolve(h, synthetic=False))


class FromNowhere(Feed):
    def bars(self, request):
        return super().bars(request).map(lambda h: evolve(h, source=""))


BROKEN = [
    (Nameless, Suite.test_it_has_a_name),
    (InItsOwnOrder, Suite.test_columns_are_the_symbols_in_the_order_asked),
    (WithoutPrices, Suite.test_every_known_symbol_has_prices),
    (RefusingTheUnknown, Suite.test_an_unknown_symbol_is_a_column_without_prices),
    (WithSessionsToTheNanosecond, Suite.test_sessions_are_days_that_strictly_increase),
    (WithZeroPrices, Suite.test_prices_are_above_zero_and_finite_or_missing),
    (WithoutTheEnd, Suite.test_start_and_end_are_included),
    (AdjustedToTheStartOfTheRange, Suite.test_a_range_only_cuts),
    (WithoutTheEnd, Suite.test_a_range_may_end_where_no_session_is),
    (EmptyWhereThereIsNothing, Suite.test_a_range_before_any_data_is_a_failure),
    (SilentInFailure, Suite.test_a_range_before_any_data_is_a_failure),
    (EmptyWhereThereIsNothing, Suite.test_a_range_that_ends_before_it_starts_is_a_failure),
    (Drifting, Suite.test_the_same_request_has_the_same_answer),
    (MixingSymbols, Suite.test_other_symbols_make_no_difference),
    (LosingLonelySessions, Suite.test_other_symbols_make_no_difference),
    (Writable, Suite.test_arrays_cannot_be_written),
    (WithOtherClosesInFullBars, Suite.test_closes_are_the_same_with_and_without_full_bars),
    (ClosesOnly, Suite.test_full_bars_enclose_open_and_close),
    (WithoutOpens, Suite.test_full_bars_enclose_open_and_close),
    (WithLowHighs, Suite.test_full_bars_enclose_open_and_close),
    (PassedOffAsReal, Suite.test_what_is_synthetic_says_so),
    (FromNowhere, Suite.test_the_source_is_named),
]


def run(test, feed):
    """One test of the suite, with the fixtures that it names."""
    names = test.__code__.co_varnames[1 : test.__code__.co_argcount]
    given = {"feed": feed}
    if "whole" in names:
        symbols = tuple(Symbol(s) for s in Suite.known)
        given["whole"] = feed.bars(BarRequest(symbols)).unwrap()
    test(Suite(), **{name: given[name] for name in names})


@pytest.mark.parametrize(
    ("feed", "test"), BROKEN, ids=[f"{feed.__name__}-{test.__name__}" for feed, test in BROKEN]
)
def test_a_broken_promise_is_noticed(feed, test):
    with pytest.raises(AssertionError):
        run(test, feed())


@pytest.mark.parametrize(
    "test", dict.fromkeys(test for _, test in BROKEN), ids=lambda test: test.__name__
)
def test_a_kept_promise_passes(test):
    run(test, Feed())


def test_every_promise_has_a_feed_that_breaks_it():
    promises = {name for name in dir(MarketDataConformance) if name.startswith("test_")}
    assert promises == {test.__name__ for _, test in BROKEN}


def test_a_suite_without_its_fixture_says_what_is_missing(pytester):
    pytester.makepyfile(
        """
        from alchemiser_core.testing.conformance import MarketDataConformance, StrategyConformance
        class TestFeed(MarketDataConformance):
            known = ("SPY",)
        class TestStrategy(StrategyConformance):
            pass
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-q")
    result.stdout.fnmatch_lines_random(
        ["*give a fixture named feed*", "*give a fixture named strategy*"]
    )
    assert result.ret == 1
