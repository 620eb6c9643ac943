"""What every market-data feed promises."""

# ruff: noqa: D102  (the names of the tests are the promises, as sentences)

from datetime import date, timedelta
from typing import ClassVar

import numpy as np
import pytest
from returns.result import Failure, Result

from alchemiser_core.domain.bars import FIELDS, BarHistory
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.market_data import BarRequest, MarketData, MarketDataUnavailable


class MarketDataConformance:
    """Give the fixture `feed` and the symbols it knows; capabilities are the flags below."""

    known: ClassVar[tuple[str, ...]]
    """At least two symbols that the feed has, in canonical spelling, with ten sessions or more."""
    unknown: ClassVar[str] = "NOSUCHSYMBOL"
    """One that it does not have."""
    before_any_data: ClassVar[date] = date(1900, 1, 1)
    has_full_bars: ClassVar[bool] = True
    """It has open, high, low and volume of the known symbols."""

    @pytest.fixture
    def feed(self) -> MarketData:
        """The feed under test."""
        raise NotImplementedError("give a fixture named feed")

    @pytest.fixture
    def whole(self, feed: MarketData) -> BarHistory:
        """All closes of the known symbols."""
        return self._had(feed.bars(BarRequest(self._symbols)))

    @property
    def _symbols(self) -> tuple[Symbol, ...]:
        return tuple(Symbol(s) for s in self.known)

    def _had(self, result: Result[BarHistory, MarketDataUnavailable]) -> BarHistory:
        assert not isinstance(result, Failure), result.failure().problems()
        return result.unwrap()

    def _refused(self, result: Result[BarHistory, MarketDataUnavailable]) -> None:
        assert isinstance(result, Failure), "bars were given where there are none"
        assert isinstance(result.failure(), MarketDataUnavailable)
        assert result.failure().problems(), "a failure without a word about it"
        for problem in result.failure().problems():
            assert problem.code
            assert problem.what

    def test_it_has_a_name(self, feed: MarketData) -> None:
        assert feed.name.strip()

    def test_columns_are_the_symbols_in_the_order_asked(self, feed: MarketData) -> None:
        for symbols in (self._symbols, self._symbols[::-1]):
            assert self._had(feed.bars(BarRequest(symbols))).symbols == symbols

    def test_every_known_symbol_has_prices(self, whole: BarHistory) -> None:
        assert whole.missing_symbols == ()

    def test_an_unknown_symbol_is_a_column_without_prices(self, feed: MarketData) -> None:
        unknown = Symbol(self.unknown)
        history = self._had(feed.bars(BarRequest((self._symbols[0], unknown))))
        assert history.missing_symbols == (unknown,)

    def test_sessions_are_days_that_strictly_increase(self, whole: BarHistory) -> None:
        assert whole.sessions.dtype == np.dtype("datetime64[D]")
        assert len(whole) >= 10
        assert (whole.sessions[1:] > whole.sessions[:-1]).all()

    def test_prices_are_above_zero_and_finite_or_missing(self, feed: MarketData) -> None:
        history = self._had(feed.bars(BarRequest(self._symbols, closes_only=False)))
        for name in ("close", "open", "high", "low"):
            array = getattr(history, name)
            if array is not None:
                there = array[~np.isnan(array)]
                assert (there > 0).all(), name
                assert np.isfinite(there).all(), name

    def test_start_and_end_are_included(self, feed: MarketData, whole: BarHistory) -> None:
        first, last = whole.session(3), whole.session(len(whole) - 4)
        cut = self._had(feed.bars(BarRequest(self._symbols, first, last)))
        assert (cut.session(0), cut.session(len(cut) - 1)) == (first, last)

    def test_a_range_only_cuts(self, feed: MarketData, whole: BarHistory) -> None:
        first, last = whole.session(3), whole.session(len(whole) - 4)
        cut = self._had(feed.bars(BarRequest(self._symbols, first, last)))
        _same_closes(cut, whole.rows(3, len(whole) - 3))

    def test_a_range_may_end_where_no_session_is(self, feed: MarketData, whole: BarHistory) -> None:
        around = BarRequest(self._symbols, self.before_any_data, whole.session(len(whole) - 1))
        _same_closes(self._had(feed.bars(around)), whole)

    def test_a_range_before_any_data_is_a_failure(self, feed: MarketData) -> None:
        end = self.before_any_data + timedelta(days=30)
        self._refused(feed.bars(BarRequest(self._symbols, self.before_any_data, end)))

    def test_a_range_that_ends_before_it_starts_is_a_failure(
        self, feed: MarketData, whole: BarHistory
    ) -> None:
        self._refused(feed.bars(BarRequest(self._symbols, whole.session(5), whole.session(4))))

    def test_the_same_request_has_the_same_answer(self, feed: MarketData) -> None:
        request = BarRequest(self._symbols, closes_only=False)
        first, second = (self._had(feed.bars(request)) for _ in range(2))
        assert np.array_equal(first.sessions, second.sessions)
        for name in FIELDS:
            one, other = getattr(first, name), getattr(second, name)
            if one is None or other is None:
                assert one is other, name
            else:
                np.testing.assert_array_equal(one, other, name)
        assert (first.bad_prices, first.warnings) == (second.bad_prices, second.warnings)

    def test_other_symbols_make_no_difference(self, feed: MarketData, whole: BarHistory) -> None:
        for symbol in self._symbols:
            alone = self._had(feed.bars(BarRequest((symbol,))))
            _, ours, theirs = np.intersect1d(
                whole.sessions, alone.sessions, assume_unique=True, return_indices=True
            )
            close = whole.close[:, whole.columns[symbol]]
            np.testing.assert_array_equal(close[ours], alone.close[theirs, 0], symbol)
            unshared = np.delete(close, ours)
            assert np.isnan(unshared).all(), f"{symbol} loses prices where it is asked for alone"

    def test_arrays_cannot_be_written(self, feed: MarketData) -> None:
        history = self._had(feed.bars(BarRequest(self._symbols, closes_only=False)))
        for name in ("sessions", *FIELDS):
            array = getattr(history, name)
            assert array is None or not array.flags.writeable, name

    def test_closes_are_the_same_with_and_without_full_bars(
        self, feed: MarketData, whole: BarHistory
    ) -> None:
        _same_closes(self._had(feed.bars(BarRequest(self._symbols, closes_only=False))), whole)

    def test_full_bars_enclose_open_and_close(self, feed: MarketData) -> None:
        if not self.has_full_bars:
            pytest.skip("the feed has closes only")
        history = self._had(feed.bars(BarRequest(self._symbols, closes_only=False)))
        opened, high, low = (_there(history, name) for name in ("open", "high", "low"))
        _there(history, "volume")
        for price in (opened, history.close):
            assert not (price > high * (1 + 1e-9)).any(), "a price above the day's high"
            assert not (price < low * (1 - 1e-9)).any(), "a price below the day's low"

    def test_what_is_synthetic_says_so(self, feed: MarketData, whole: BarHistory) -> None:
        assert whole.synthetic == feed.synthetic

    def test_the_source_is_named(self, whole: BarHistory) -> None:
        assert whole.source.strip()


def _there(history: BarHistory, name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    array: np.ndarray[tuple[int, ...], np.dtype[np.float64]] | None = getattr(history, name)
    assert array is not None, f"no {name}, although full bars were asked for"
    assert not np.isnan(array).all(), f"no {name} at all"
    return array


def _same_closes(one: BarHistory, other: BarHistory) -> None:
    np.testing.assert_array_equal(one.sessions, other.sessions)
    np.testing.assert_array_equal(one.close, other.close)
