from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from returns.result import Success

from alchemiser_app.bar_store.bases import StoredBasis
from alchemiser_app.bar_store.choosing import feed_of
from alchemiser_app.bar_store.factory import STORE, StoreSettings
from alchemiser_app.bar_store.refusals import NotAStore
from alchemiser_app.bar_store.series import COLUMNS
from alchemiser_app.bar_store.store import create_store
from alchemiser_app.bar_store.stored_actions import StoredActions
from alchemiser_core.domain.bars import BadPrice, PriceBasis
from alchemiser_core.domain.continuity import price_runs
from alchemiser_core.plugins import PluginContext, build
from alchemiser_core.ports.corporate_actions import CorporateActions, Dividend, Split
from alchemiser_core.ports.market_data import BarRequest
from alchemiser_core.testing.conformance import MarketDataConformance

ADJUSTED, RAW, AS_GIVEN = PriceBasis.ADJUSTED, PriceBasis.RAW, PriceBasis.AS_GIVEN


class TestWithReference(MarketDataConformance):
    known = ("SPY", "BRK.B", "TLT")

    @pytest.fixture
    def feed(self, store, series):
        for symbol in self.known:
            store.put(series(symbol)).unwrap()
        return feed_of(store.folder, None).unwrap()


class TestWithoutReference(MarketDataConformance):
    known = ("BRK.B", "TLT")

    @pytest.fixture
    def feed(self, store, series):
        whole = series("TLT", 60)
        kept = np.arange(60) % 7 != 3
        columns = {name: whole.column(name)[kept] for name in COLUMNS}
        store.put(series("TLT", days=whole.days[kept], **columns)).unwrap()
        store.put(series("BRK.B", 50)).unwrap()
        return feed_of(store.folder, None).unwrap()


class TestMadeUp(MarketDataConformance):
    known = ("SPY", "TLT")

    @pytest.fixture
    def feed(self, store, series):
        for symbol in self.known:
            store.put(series(symbol, basis=RAW, synthetic=True)).unwrap()
        return feed_of(store.folder, StoredBasis.RAW).unwrap()


def bars(store, *symbols, **wanted):
    return feed_of(store.folder, None).unwrap().bars(BarRequest(symbols, **wanted))


@pytest.mark.parametrize(("first", "last"), [(0, 39), (0, 4), (3, 20), (12, 12), (35, 39)])
@pytest.mark.parametrize("full", [False, True])
def test_every_value_is_where_it_belongs_whatever_range_is_asked_for(
    store, series, first, last, full
):
    """Young, early, gappy and odd series, against the plain way of doing it."""
    reference = series("SPY", 40)
    kept = {
        "SPY": np.ones(40, bool),
        "YOUNG": np.arange(40) >= 10,
        "ENDED": np.arange(40) < 15,
        "GAPPY": np.arange(40) % 5 != 2,
    }
    for symbol, rows in kept.items():
        own = series(symbol, 40)
        columns = {name: own.column(name)[rows] for name in COLUMNS}
        store.put(series(symbol, days=own.days[rows], **columns)).unwrap()
    days = reference.days
    asked = {"start": days[first].item(), "end": days[last].item(), "closes_only": not full}
    history = bars(store, *kept, "NOSUCH", **asked).unwrap()
    np.testing.assert_array_equal(history.sessions, days[first : last + 1])
    for name in COLUMNS if full else ("close",):
        for column, (symbol, rows) in enumerate(kept.items()):
            plain = np.where(rows, series(symbol, 40).column(name), np.nan)[first : last + 1]
            np.testing.assert_array_equal(getattr(history, name)[:, column], plain, symbol)
        assert np.isnan(getattr(history, name)[:, -1]).all()


def test_rows_that_are_no_sessions_are_dropped_and_said(store, series):
    store.put(series("SPY", 30)).unwrap()
    store.put(series("TLT", 40)).unwrap()
    history = bars(store, "TLT").unwrap()
    assert len(history) == 30
    (warning,) = history.warnings
    assert warning == ("TLT.parquet: 10 rows dropped that are no sessions, the first of 2020-02-12")


def test_history_from_before_the_first_session_is_dropped_without_a_word(store, series):
    store.put(series("OLD", 40)).unwrap()
    spy = series("SPY", 40)
    columns = {name: spy.column(name)[25:] for name in COLUMNS}
    store.put(series("SPY", days=spy.days[25:], **columns)).unwrap()
    history = bars(store, "OLD", "SPY").unwrap()
    np.testing.assert_array_equal(history.close[:, 0], series("OLD", 40).close[25:])
    assert history.warnings == ()


def test_prices_that_were_never_usable_are_still_told_of(store, series):
    own = series("SPY")
    close = own.close.copy()
    close[3] = np.nan
    bad = BadPrice("SPY", own.days[3].item(), 0.0)
    store.put(series("SPY", close=close, bad_prices=(bad,))).unwrap()
    assert bars(store, "SPY").unwrap().bad_prices == (bad,)
    assert bars(store, "SPY", start=own.days[4].item()).unwrap().bad_prices == ()


def test_the_source_says_which_store_and_which_feeds(store, series):
    store.put(series("SPY")).unwrap()
    store.put(series("TLT", source="files")).unwrap()
    history = bars(store, "SPY", "TLT").unwrap()
    assert history.source == f"bar store in {store.folder} (from alpaca, files)"
    assert history.basis is ADJUSTED


def test_rules_need_no_copy_of_the_closes(store, series):
    for symbol in ("SPY", "TLT"):
        store.put(series(symbol)).unwrap()
    history = bars(store, "SPY", "TLT").unwrap()
    assert np.shares_memory(price_runs(history.close).values, history.close)


def test_all_files_that_are_damaged_are_named(store, series):
    for symbol in ("SPY", "TLT", "GLD"):
        store.put(series(symbol)).unwrap()
    for symbol in ("TLT", "GLD"):
        path = store.folder / "adjusted" / f"{symbol}.parquet"
        path.write_bytes(path.read_bytes()[:-40])
    problems = bars(store, "SPY", "TLT", "GLD").failure().problems()
    assert [(p.code, Path(p.where).name) for p in problems] == [
        ("store-broken", "TLT.parquet"),
        ("store-broken", "GLD.parquet"),
    ]


def test_made_up_prices_do_not_pass_in_a_store_of_a_market(store, series, tmp_path):
    other = create_store(tmp_path / "other").unwrap()
    other.put(series(synthetic=True)).unwrap()
    store.put(series()).unwrap()
    path = store.folder / "adjusted" / "SPY.parquet"
    path.write_bytes((other.folder / "adjusted" / "SPY.parquet").read_bytes())
    assert [p.code for p in bars(store, "SPY").failure().problems()] == ["store-broken"]
    assert [p.code for p in store.verify()] == ["store-broken"]


def test_a_store_without_bars_says_how_to_fill_it(store):
    (problem,) = bars(store, "SPY").failure().problems()
    assert problem.code == "no-files"
    assert "data sync" in problem.hint


class TestChoosing:
    def test_adjusted_prices_are_the_usual_ones(self, store, series):
        for basis in (RAW, AS_GIVEN, ADJUSTED):
            store.put(series(basis=basis)).unwrap()
        assert feed_of(store.folder, None).unwrap().basis is ADJUSTED

    def test_prices_as_given_stand_in_for_them(self, store, series):
        for basis in (RAW, AS_GIVEN):
            store.put(series(basis=basis)).unwrap()
        assert feed_of(store.folder, None).unwrap().basis is AS_GIVEN

    def test_raw_prices_are_never_taken_unasked(self, store, series):
        store.put(series(basis=RAW)).unwrap()
        assert bars(store, "SPY").failure().problems()[0].code == "no-files"
        raw = feed_of(store.folder, StoredBasis.RAW).unwrap().bars(BarRequest(("SPY",)))
        assert raw.unwrap().basis is RAW

    def test_it_is_built_by_its_settings(self, store, series):
        store.put(series()).unwrap()
        context = PluginContext(folder=str(store.folder.parent))
        built = build(STORE, StoreSettings("bars"), context).unwrap()
        assert built.listed() == Success(("SPY",))
        refused = build(STORE, StoreSettings("nothing"), context).failure().problems()
        assert [p.code for p in refused] == ["no-store"]

    def test_a_folder_that_is_no_store_is_refused(self, tmp_path):
        assert isinstance(feed_of(tmp_path, None).failure(), NotAStore)


class TestInspection:
    def test_it_says_what_there_is_symbol_by_symbol(self, store, series):
        own = series("TLT", 40)
        close = own.close.copy()
        close[10:12] = np.nan
        store.put(series("SPY", 40)).unwrap()
        store.put(series("TLT", 40, close=close)).unwrap()
        report = feed_of(store.folder, None).unwrap().inspect(("TLT", "NOSUCH")).unwrap()
        (found,) = report.symbols
        assert (found.symbol, found.file, found.rows) == ("TLT", "TLT.parquet", 38)
        assert [gap.sessions for gap in found.gaps] == [2]
        assert report.missing == ("NOSUCH",)

    def test_a_damaged_file_is_part_of_the_report(self, store, series):
        for symbol in ("SPY", "TLT"):
            store.put(series(symbol)).unwrap()
        (store.folder / "adjusted" / "TLT.parquet").write_bytes(b"")
        report = feed_of(store.folder, None).unwrap().inspect().unwrap()
        assert [found.symbol for found in report.symbols] == ["SPY"]
        assert [problem.code for problem in report.problems] == ["store-broken"]

    def test_prices_of_another_basis_are_told_of(self, store, series):
        for symbol in ("GLD", "TLT"):
            store.put(series(symbol, basis=AS_GIVEN)).unwrap()
        assert feed_of(store.folder, None).unwrap().inspect().unwrap().beside == ()
        store.put(series("SPY")).unwrap()
        store.put(series("SPY", basis=RAW)).unwrap()
        report = feed_of(store.folder, None).unwrap().inspect().unwrap()
        assert report.beside == ("it has 1 symbol raw", "it has 2 symbols as given")
        (problem,) = (
            feed_of(store.folder, StoredBasis.AS_GIVEN)
            .unwrap()
            .inspect(("XLE",))
            .failure()
            .problems()
        )
        assert problem.why == "it has 1 symbol adjusted and it has 1 symbol raw"


class TestActions:
    split = Split("SPY", Decimal(2), date(2020, 1, 6))
    paid = Dividend("TLT", Decimal("0.5"), date(2020, 1, 6))

    @pytest.fixture
    def feed(self, store, series):
        for symbol in ("SPY", "TLT"):
            store.put(series(symbol, 10, basis=RAW)).unwrap()
        first, last = date(2020, 1, 1), date(2020, 1, 14)
        store.put_actions(StoredActions("TLT", (self.paid,), first, last, "alpaca")).unwrap()
        store.put_actions(StoredActions("SPY", (self.split,), first, last, "alpaca")).unwrap()
        return feed_of(store.folder, StoredBasis.RAW).unwrap()

    def test_raw_prices_know_what_happened_splits_first(self, feed):
        assert isinstance(feed, CorporateActions)
        known = feed.actions(("TLT", "SPY"), date(2019, 1, 1), date(2025, 1, 1))
        assert known == Success((self.split, self.paid))
        assert feed.actions(("TLT", "SPY"), date(2020, 1, 7), date(2025, 1, 1)) == Success(())

    def test_not_to_know_is_not_that_nothing_happened(self, feed, store, series):
        store.put(series("SPY", 12, basis=RAW)).unwrap()
        store.put(series("GLD", 10, basis=RAW)).unwrap()
        asked = (("SPY", "TLT", "GLD"), date(2020, 1, 6), date(2025, 1, 1))
        problems = feed.actions(*asked).failure().problems()
        assert [(p.code, p.where) for p in problems] == [
            ("no-actions", "SPY"),
            ("no-actions", "GLD"),
        ]
        before = feed.actions(("SPY",), date(2020, 1, 6), date(2020, 1, 14))
        assert before == Success((self.split,))

    def test_adjusted_prices_have_none(self, store, series):
        store.put(series()).unwrap()
        assert not isinstance(feed_of(store.folder, None).unwrap(), CorporateActions)
