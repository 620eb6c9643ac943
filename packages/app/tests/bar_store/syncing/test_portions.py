"""Portions: many symbols in few requests, and nothing lost where a run is broken off."""

import signal
import subprocess
import sys
import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from threading import Event

import pytest
from attrs import define, evolve
from returns.result import Failure, Success

from alchemiser_app.bar_store import whole_files
from alchemiser_app.bar_store.store import open_store
from alchemiser_app.bar_store.syncing.source import Source
from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.corporate_actions import Dividend, Split
from alchemiser_core.ports.market_data import MarketDataUnavailable
from alchemiser_core.testing.bars import wandering_history
from alchemiser_core.testing.market_data import InMemoryMarketData

TEN = tuple(Symbol(f"S{number:02}") for number in range(10))
SHORT = timedelta(seconds=0.1)
CHILD = Path(__file__).with_name("child_that_synchronises.py")


@define
class ByThree(InMemoryMarketData):
    """A feed with a budget: three symbols a request."""

    symbols_at_once: int = 3
    basis: PriceBasis = PriceBasis.ADJUSTED


@pytest.fixture
def ten(vendor):
    """The vendor with ten symbols, asked for three at a time."""
    vendor.symbols = TEN
    vendor.history = evolve(wandering_history(TEN, 60), basis=PriceBasis.ADJUSTED, synthetic=False)
    return vendor


def by_three(vendor, rows: int) -> Source:
    return Source(ByThree(vendor.history.rows(0, rows), name="vendor"))


def test_requests_have_as_many_symbols_as_the_source_wants(ten):
    outcome = ten.sync(50, source=(source := by_three(ten, 50)))
    assert [len(request.symbols) for request in source.feed.requests] == [3, 3, 3, 1]
    assert len(outcome.new) == 10


def test_a_run_that_fails_in_the_middle_keeps_what_it_has_and_the_next_one_goes_on(ten):
    source = by_three(ten, 50)
    seen = []

    def fail_at_the_third(done, of):
        seen.append((done, of))
        if done == 6:
            source.feed.failures = [MarketDataUnavailable((Problem("busy", "not now"),))]

    outcome = ten.sync(50, source=source, progress=fail_at_the_third)
    assert (len(outcome.new), outcome.unreached) == (6, TEN[6:])
    assert seen[-1] == (6, 10)
    again = by_three(ten, 50)
    assert tuple(ten.sync(50, source=again).new) == TEN[6:]
    assert again.calls == 2


def test_restated_symbols_of_all_portions_are_fetched_together(ten):
    ten.sync(50)
    for symbol in ("S00", "S04", "S08"):
        ten.multiply(symbol, 0.5, until=50)
    source = by_three(ten, 51)
    assert [renewed.symbol for renewed in ten.sync(51, source=source).renewed] == [
        *("S00", "S04", "S08")
    ]
    assert source.calls == 4 + 1


def fail_at(monkeypatch, step: str, nth: int) -> None:
    """Have the n-th call of a step of writing fail as on a full disk."""
    real, calls = getattr(whole_files.os, step), []

    def failing(*given, **named):
        calls.append(1)
        if len(calls) == nth:
            raise OSError(28, "No space left on device")
        return real(*given, **named)

    monkeypatch.setattr(whole_files.os, step, failing)


@pytest.mark.parametrize("step", ["replace", "fsync"])
@pytest.mark.parametrize("nth", range(1, 9))
def test_whatever_write_fails_every_series_is_old_or_new_and_the_next_run_completes(
    vendor, monkeypatch, step, nth
):
    vendor.sync(250)
    vendor.multiply("SPY", 0.5, until=250)
    old = {symbol: vendor.stored(symbol).close.tolist() for symbol in vendor.symbols}
    with monkeypatch.context() as patch:
        fail_at(patch, step, nth)
        outcome = vendor.sync(253)
    failed = [problem.code for problem in outcome.problems]
    assert failed in ([], ["store-unavailable"])
    assert outcome.is_complete is (failed == [])
    assert not {*outcome.extended} & {*outcome.unreached}
    for column, symbol in enumerate(vendor.symbols):
        stored = vendor.stored(symbol).close.tolist()
        assert stored in (old[symbol], vendor.history.close[:253, column].tolist())
    assert vendor.sync(253).is_complete
    assert all(vendor.has(symbol, 253) for symbol in vendor.symbols)


def test_early_bars_of_a_portion_that_was_broken_off_are_asked_for_when_they_are_settled(
    ten, monkeypatch
):
    ten.sync(50)
    with monkeypatch.context() as patch:
        fail_at(patch, "replace", 3)
        stopped = ten.sync(51, settled=ten.day(49))
    assert (dict(stopped.extended), stopped.unreached) == ({TEN[0]: 1}, TEN[1:])
    ten.multiply("S00", 1.001, start=50, until=51)
    ten.sync(51)
    assert ten.has("S00", 51)


def test_killed_at_random_moments_the_store_opens_and_is_filled_in_the_end(tmp_path):
    folder = tmp_path / "bars"
    for milliseconds in (15, 40, 80):
        child = subprocess.Popen(
            [sys.executable, CHILD, folder], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert child.stdout.readline() == b"begun\n"
        time.sleep(milliseconds / 1000)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        store = open_store(folder).unwrap()
        for symbol in store.symbols(PriceBasis.ADJUSTED).unwrap():
            assert len(store.series(symbol, PriceBasis.ADJUSTED).unwrap().days) == 500
    done = subprocess.run([sys.executable, CHILD, folder], capture_output=True, check=True)
    assert done.stdout.endswith(b"up to date: 40 of 40\n")


class TestHostileSources:
    def test_one_that_raises_is_a_problem(self, vendor):
        class Raising(InMemoryMarketData):
            def bars(self, request):
                raise KeyError("a mistake")

        outcome = vendor.sync(290, source=Source(Raising(vendor.history, name="vendor")))
        assert [problem.code for problem in outcome.problems] == ["feed-failed"]

    def test_one_that_hangs_is_left_behind(self, vendor):
        woken = Event()

        class Hanging(InMemoryMarketData):
            def bars(self, request):
                woken.wait(20)
                return super().bars(request)

        source = Source(Hanging(vendor.history, name="vendor"), lambda: SHORT)
        outcome = vendor.sync(290, source=source)
        woken.set()
        assert [problem.code for problem in outcome.problems] == ["feed-hangs"]
        assert vendor.store.symbols(PriceBasis.ADJUSTED).unwrap() == ()

    def test_one_whose_basis_changes_on_the_way_ends_the_run(self, ten):
        class Changing(ByThree):
            def bars(self, request):
                found = super().bars(request)
                basis = PriceBasis.RAW if len(self.requests) > 1 else PriceBasis.ADJUSTED
                return found.map(lambda history: evolve(history, basis=basis))

        source = Source(Changing(ten.history.rows(0, 50), name="vendor"))
        outcome = ten.sync(50, source=source)
        assert [problem.code for problem in outcome.problems] == ["other-basis"]
        assert len(outcome.new) == 3
        assert ten.store.symbols(PriceBasis.RAW).unwrap() == ()

    def test_days_that_are_no_days_are_a_problem(self, vendor):
        days = vendor.history.sessions.astype("datetime64[ns]")
        feed = InMemoryMarketData(evolve(vendor.history, sessions=days), name="vendor")

        class Odd(InMemoryMarketData):
            def bars(self, request):
                return Success(self.history)

        source = Source(Odd(feed.history, name="vendor"))
        assert vendor.sync(290, source=source).problems[0].code == "feed-failed"


class TestActions:
    @pytest.fixture
    def raw(self, vendor):
        vendor.history = evolve(vendor.history, basis=PriceBasis.RAW)
        return vendor

    def source(self, vendor, rows, actions):
        class Raw(InMemoryMarketData):
            basis = PriceBasis.RAW

            def actions(self, symbols, start, end):
                if actions is None:
                    return Failure(MarketDataUnavailable((Problem("busy", "not now"),)))
                return Success(
                    tuple(a for a in actions if a.symbol in symbols and start <= a.ex_date <= end)
                )

        return Source(Raw(vendor.history.rows(0, rows), name="vendor"))

    def known(self, vendor, symbol: str):
        return vendor.store.actions(Symbol(symbol)).unwrap()

    def test_splits_and_dividends_of_raw_prices_are_stored_and_appended(self, raw):
        early = Dividend(Symbol("SPY"), Decimal("1.50"), raw.day(100))
        recent = Split(Symbol("SPY"), Decimal(2), raw.day(288))
        late = Dividend(Symbol("SPY"), Decimal("0.75"), raw.day(292))
        raw.sync(290, source=self.source(raw, 290, (early, recent)))
        assert self.known(raw, "SPY").actions == (early, recent)
        raw.sync(293, source=self.source(raw, 293, (recent, late)))
        found = self.known(raw, "SPY")
        assert found.actions == (early, recent, late)
        assert (found.first, found.last) == (raw.day(0), raw.day(292))

    def test_a_damaged_file_of_them_is_fetched_anew_with_the_bars(self, raw):
        actions = (Dividend(Symbol("SPY"), Decimal("1.50"), raw.day(100)),)
        raw.sync(290, source=self.source(raw, 290, actions))
        file = raw.store.folder / "actions" / "SPY.parquet"
        file.write_bytes(file.read_bytes()[:-9])
        outcome = raw.sync(290, source=self.source(raw, 290, actions))
        assert [each.symbol for each in outcome.renewed] == ["SPY"]
        assert self.known(raw, "SPY").actions == actions
        assert self.known(raw, "SPY").first == raw.day(0)

    def test_bars_are_not_stored_without_their_actions(self, raw):
        outcome = raw.sync(290, source=self.source(raw, 290, None))
        assert [problem.code for problem in outcome.problems] == ["busy"]
        assert raw.store.symbols(PriceBasis.RAW).unwrap() == ()
