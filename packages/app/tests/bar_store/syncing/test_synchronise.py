"""A store that is filled, kept up to date, and renewed where a vendor has restated a history."""

import numpy as np
import pytest
from attrs import evolve

from alchemiser_app.bar_store.syncing.checked import FILE
from alchemiser_app.bar_store.syncing.source import Source
from alchemiser_app.bar_store.syncing.synchronise import synchronise
from alchemiser_core.domain.bars import BadPrice, PriceBasis
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.market_data import MarketDataUnavailable
from alchemiser_core.services.bar_sync import Cause
from alchemiser_core.testing.market_data import InMemoryMarketData

QQQ, SPY, TLT, DEAD = (Symbol(name) for name in ("QQQ", "SPY", "TLT", "DEAD"))


def test_an_empty_store_gets_whole_histories_spy_for_itself_and_the_others_together(vendor):
    outcome = vendor.sync(290)
    assert outcome.new == {QQQ: 290, SPY: 290, TLT: 290}
    assert (outcome.current, outcome.is_complete, vendor.calls) == (3, True, 2)
    assert [request.symbols for request in vendor.feed.requests] == [(SPY,), (QQQ, TLT)]
    assert all(vendor.has(symbol, 290) for symbol in vendor.symbols)
    assert vendor.stored("SPY").source == "vendor"


def test_only_missing_sessions_are_asked_for_and_appended(vendor):
    vendor.sync(290)
    outcome = vendor.sync(293)
    assert outcome.extended == {QQQ: 3, SPY: 3, TLT: 3}
    assert vendor.calls == 1
    assert (vendor.day(289) - vendor.feed.requests[0].start).days == 14
    assert all(vendor.has(symbol, 293) for symbol in vendor.symbols)


def test_a_store_that_is_up_to_date_makes_no_request_and_writes_nothing(vendor):
    vendor.sync(290)
    before = {path: path.stat().st_mtime_ns for path in vendor.store.folder.rglob("*")}
    outcome = vendor.sync(290)
    assert vendor.calls == 0
    assert (outcome.current, outcome.extended, outcome.new) == (3, {}, {})
    assert {path: path.stat().st_mtime_ns for path in vendor.store.folder.rglob("*")} == before


class TestRestatement:
    def test_lesson_16_after_a_split_the_stored_history_has_no_false_jump(self, vendor):
        vendor.multiply("SPY", 2.0, until=300)
        vendor.sync(290)
        vendor.multiply("SPY", 0.5, until=300)
        outcome = vendor.sync(293)
        assert vendor.has("SPY", 293)
        closes = vendor.stored("SPY").close
        assert np.abs(closes[1:] / closes[:-1] - 1).max() < 0.05
        (renewed,) = outcome.renewed
        assert (renewed.symbol, renewed.lost) == (SPY, 0)
        assert renewed.restatement.cause is Cause.SPLIT
        assert renewed.restatement.change.last == vendor.day(289)
        assert renewed.restatement.change.factor == pytest.approx(0.5)
        assert outcome.extended == {QQQ: 3, TLT: 3}
        assert vendor.calls == 2

    def test_a_dividend_of_a_tenth_of_a_percent_is_seen(self, vendor):
        vendor.sync(290)
        vendor.multiply("TLT", 0.999, until=290)
        (renewed,) = vendor.sync(291).renewed
        assert renewed.restatement.words == "dividend 0.1 %"
        assert vendor.has("TLT", 291)

    def test_a_dividend_that_is_applied_days_late_is_seen(self, vendor):
        vendor.sync(290)
        vendor.sync(295)
        vendor.multiply("TLT", 0.99, until=291)
        assert [each.symbol for each in vendor.sync(296).renewed] == [TLT]
        assert vendor.has("TLT", 296)

    def test_it_is_done_once(self, vendor):
        vendor.sync(290)
        vendor.multiply("SPY", 0.5, until=290)
        vendor.sync(291)
        assert vendor.sync(292).renewed == ()
        assert vendor.calls == 1

    def test_a_shorter_history_does_not_take_the_place_of_what_is_stored(self, vendor):
        vendor.sync(290)
        vendor.multiply("SPY", 0.5, until=290)
        vendor.withdraw("SPY", slice(0, 100))
        outcome = vendor.sync(291)
        (problem,) = outcome.kept
        assert problem.code == "history-not-whole"
        assert "lacks 100 of the 290 sessions" in problem.why
        assert len(vendor.stored("SPY").days) == 290
        assert not outcome.is_complete
        assert outcome.behind == {SPY: vendor.day(289)}

    def test_a_shorter_history_is_taken_where_a_person_asks_for_it(self, vendor):
        vendor.sync(290)
        vendor.withdraw("SPY", slice(0, 100))
        vendor.symbols = (SPY,)
        (renewed,) = vendor.sync(290, is_full=True).renewed
        assert (renewed.sessions, renewed.lost) == (190, 100)
        assert vendor.has("SPY", 290, first=100)

    def test_a_history_that_is_gone_is_never_taken(self, vendor):
        vendor.sync(290)
        vendor.withdraw("SPY", slice(0, 300))
        outcome = vendor.sync(290, is_full=True)
        assert [problem.code for problem in outcome.kept] == ["history-not-whole"]
        assert len(vendor.stored("SPY").days) == 290

    def test_bars_after_a_long_pause_are_fetched_with_their_whole_history(self, vendor):
        vendor.withdraw("TLT", slice(260, 289))
        vendor.sync(289)
        outcome = vendor.sync(291)
        assert [(each.symbol, each.why) for each in outcome.renewed] == [
            (TLT, "there was no session to compare by")
        ]
        assert vendor.stored("TLT").days[-1].item() == vendor.day(290)

    def test_a_changed_raw_close_is_a_correction(self, vendor):
        vendor.history = evolve(vendor.history, basis=PriceBasis.RAW)
        vendor.sync(290)
        vendor.multiply("SPY", 0.5, until=290)
        (renewed,) = vendor.sync(291).renewed
        assert renewed.restatement.cause is Cause.CORRECTION
        assert vendor.stored("SPY", PriceBasis.RAW).close[0] == vendor.history.close[0, 1]

    def test_a_store_with_a_bar_of_the_far_future_is_told_and_not_taken_for_up_to_date(
        self, vendor
    ):
        vendor.sync(290)
        series = vendor.stored("TLT")
        days = series.days.copy()
        days[-1] = np.datetime64("2062-01-03")
        vendor.store.put(evolve(series, days=days)).unwrap()
        assert vendor.sync(290).extended == {TLT: 1}
        vendor.multiply("TLT", 0.5, until=290)
        (problem,) = vendor.sync(291).kept
        assert problem.why == f"it ends with {vendor.day(290)}, the stored one with 2062-01-03"

    def test_a_close_that_was_corrected_after_it_was_fetched_needs_no_new_history(self, vendor):
        vendor.sync(290)
        vendor.multiply("SPY", 1.001, start=289, until=290)
        outcome = vendor.sync(291)
        (corrected,) = outcome.corrected
        assert (corrected.symbol, corrected.change.last) == (SPY, vendor.day(289))
        assert outcome.renewed == ()
        assert vendor.calls == 1
        assert vendor.has("SPY", 291)

    def test_a_late_bar_and_a_corrected_volume_are_taken_without_a_new_history(self, vendor):
        whole = vendor.history
        vendor.withdraw("SPY", slice(287, 288))
        vendor.sync(290)
        vendor.history = evolve(whole, volume=whole.volume + 1.0)
        assert vendor.sync(291).renewed == ()
        assert vendor.stored("SPY").close.tolist() == whole.close[:291, 1].tolist()
        assert (
            vendor.stored("SPY").volume[285:].tolist() == vendor.history.volume[285:291, 1].tolist()
        )


class TestSymbolsWithoutNewBars:
    def test_one_that_is_not_traded_any_more_costs_one_request_a_session(self, vendor):
        vendor.withdraw("TLT", slice(200, 300))
        vendor.sync(290)
        assert vendor.sync(290).behind == {TLT: vendor.day(199)}
        assert vendor.calls == 0
        assert vendor.sync(291).behind == {TLT: vendor.day(199)}
        assert vendor.calls == 1

    def test_one_that_the_source_does_not_know_is_asked_for_once(self, vendor):
        vendor.symbols = (DEAD, SPY)
        assert vendor.sync(290).without_data == (DEAD,)
        assert vendor.sync(290).without_data == (DEAD,)
        assert vendor.calls == 0

    def test_one_that_is_listed_later_gets_its_history(self, vendor):
        whole = vendor.history
        vendor.withdraw("TLT", slice(0, 300))
        vendor.sync(290)
        vendor.history = whole
        assert vendor.sync(291).new == {TLT: 291}

    def test_a_vendor_that_is_late_with_a_session_is_asked_again(self, vendor):
        vendor.sync(290)
        late = vendor.source(290)
        outcome = vendor.sync(291, source=late)
        assert set(outcome.behind) == {QQQ, SPY, TLT}
        assert vendor.sync(291).extended == {QQQ: 1, SPY: 1, TLT: 1}

    def test_a_vendor_that_has_nothing_at_all_leaves_nothing_for_up_to_date(self, vendor):
        vendor.sync(250)
        outcome = vendor.sync(290, source=vendor.source(250))
        assert (outcome.current, set(outcome.behind)) == (0, {QQQ, SPY, TLT})
        (problem,) = outcome.problems
        assert (problem.code, problem.why) == (
            "session-not-there",
            f"the newest is {vendor.day(249)}",
        )
        assert not outcome.is_complete
        assert vendor.sync(290).current == 3

    def test_a_symbol_whose_bar_alone_is_late_is_asked_again(self, vendor):
        whole = vendor.history
        vendor.withdraw("TLT", slice(290, 291))
        vendor.sync(290)
        assert vendor.sync(291).behind == {TLT: vendor.day(289)}
        vendor.history = whole
        assert vendor.sync(291).extended == {TLT: 1}

    def test_what_one_source_does_not_know_another_one_is_asked_for(self, vendor):
        vendor.symbols = (DEAD, SPY)
        vendor.sync(290)
        vendor.symbols = (DEAD,)
        vendor.sync(290)
        assert vendor.calls == 0
        source = vendor.source(290)
        source.feed.name = "another"
        vendor.sync(290, source=source)
        assert vendor.calls == 1

    @pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b'{"source": 1}', b"\xff\x00"])
    def test_losing_what_was_checked_costs_a_request_and_nothing_else(self, vendor, content):
        vendor.symbols = (DEAD, SPY)
        vendor.sync(290)
        file = vendor.store.folder / FILE
        file.unlink() if content is None else file.write_bytes(content)
        assert vendor.sync(290).without_data == (DEAD,)
        assert vendor.calls == 1
        assert vendor.has("SPY", 290)


class TestBarsOfASessionThatHasJustClosed:
    """They may change yet, so the next run after they are settled asks for them once more."""

    @pytest.fixture
    def evening(self, vendor):
        """The store as it was filled a few minutes after the close of row 289."""
        vendor.sync(290, settled=vendor.day(288))
        return vendor

    def test_they_are_corrected_before_the_next_session_is_over(self, evening):
        evening.multiply("SPY", 1.001, start=289, until=290)
        (corrected,) = evening.sync(290).corrected
        assert (corrected.symbol, corrected.change.first) == (SPY, evening.day(289))
        assert all(evening.has(symbol, 290) for symbol in evening.symbols)
        assert evening.calls == 1

    def test_they_are_asked_for_once_when_they_are_settled_and_not_before(self, evening):
        assert evening.sync(290, settled=evening.day(288)).current == 3
        assert evening.calls == 0
        evening.sync(290)
        assert evening.calls == 1
        evening.sync(290)
        assert evening.calls == 0

    def test_the_next_session_asks_for_no_more_than_usually(self, evening):
        evening.sync(291)
        assert evening.calls == 1
        evening.sync(291)
        assert evening.calls == 0

    def test_what_a_run_stored_that_failed_later_is_remembered(self, vendor):
        source = vendor.source(290)

        def fail_at_the_second(done, of):
            source.feed.failures = [MarketDataUnavailable((Problem("busy", "not now"),))]

        vendor.sync(290, source, settled=vendor.day(288), progress=fail_at_the_second)
        vendor.multiply("SPY", 1.001, start=289, until=290)
        vendor.sync(290)
        assert vendor.has("SPY", 290)

    def test_one_that_was_restated_meanwhile_and_not_fetched_is_not_up_to_date(self, evening):
        evening.multiply("SPY", 0.5, until=290)
        source = evening.source(290)

        def fail_at_the_second(done, of):
            source.feed.failures = [MarketDataUnavailable((Problem("busy", "not now"),))] * (
                done == 2
            )

        assert evening.sync(290, source, progress=fail_at_the_second).unreached == (SPY,)
        assert [each.symbol for each in evening.sync(290).renewed] == [SPY]


class TestAnswers:
    def test_the_bar_of_a_session_that_is_not_over_is_not_stored(self, vendor):
        class Careless(InMemoryMarketData):
            def bars(self, request):
                return super().bars(evolve(request, end=None))

        source = Source(Careless(vendor.history.rows(0, 291), name="vendor"))
        outcome = vendor.sync(290, source=source)
        assert vendor.has("SPY", 290)
        assert outcome.running == (vendor.day(290),)

    def test_an_answer_is_stored_on_its_own_basis(self, vendor):
        vendor.history = evolve(vendor.history, basis=PriceBasis.RAW)
        assert vendor.sync(290).basis is PriceBasis.RAW
        assert vendor.stored("SPY") is None
        assert len(vendor.stored("SPY", PriceBasis.RAW).days) == 290
        vendor.sync(291)
        assert vendor.calls == 1

    def test_bad_prices_are_counted_and_kept_as_such(self, vendor):
        bad = BadPrice(SPY, vendor.day(100), -1.0)
        vendor.withdraw("SPY", slice(100, 101))
        vendor.history = evolve(vendor.history, bad_prices=(bad,))
        assert vendor.sync(290).bad_prices == 1
        vendor.sync(291)
        assert vendor.stored("SPY").bad_prices == (bad,)
        assert np.isnan(vendor.stored("SPY").close[100])

    def test_a_close_that_the_vendor_calls_unusable_later_stays_and_is_none_of_the_bad_ones(
        self, vendor
    ):
        vendor.sync(290)
        close = vendor.history.close[288, 1]
        vendor.withdraw("SPY", slice(288, 289))
        vendor.history = evolve(vendor.history, bad_prices=(BadPrice(SPY, vendor.day(288), -1.0),))
        vendor.sync(291)
        assert vendor.stored("SPY").close[288] == close
        assert vendor.stored("SPY").bad_prices == ()

    def test_a_failure_ends_the_run_after_what_was_stored(self, vendor):
        source = vendor.source(290)
        source.feed.failures = [MarketDataUnavailable((Problem("no-answer", "nobody there"),))]
        outcome = vendor.sync(290, source=source)
        assert [problem.code for problem in outcome.problems] == ["no-answer"]
        assert outcome.unreached == (QQQ, SPY, TLT)
        assert not outcome.is_complete
        assert vendor.sync(290).is_complete

    def test_bars_of_another_feed_are_refused_and_replaced_where_asked(self, vendor):
        vendor.sync(290)
        source = vendor.source(291)
        source.feed.name = "another"
        refusal = synchronise(vendor.order(291, source)).failure()
        assert refusal.problems()[0].code == "other-source"
        assert source.calls == 0
        vendor.sync(291, source=source, is_full=True)
        assert vendor.stored("SPY").source == "another"

    def test_a_damaged_file_is_fetched_anew(self, vendor):
        vendor.sync(290)
        file = vendor.store.file_of(SPY, PriceBasis.ADJUSTED)
        file.write_bytes(file.read_bytes()[:-100])
        outcome = vendor.sync(290)
        assert [(each.symbol, each.why) for each in outcome.renewed] == [
            (SPY, "the stored file was damaged")
        ]
        assert vendor.has("SPY", 290)
