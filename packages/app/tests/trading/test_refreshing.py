"""A store that is brought up to date before an account is traded by its bars."""

import time
from datetime import UTC, date, datetime, timedelta
from threading import Event

import pytest
from attrs import define, evolve, field
from returns.result import Failure, Success

from alchemiser_app.bar_checking.checker import BarChecker
from alchemiser_app.bar_store.choosing import feed_of
from alchemiser_app.bar_store.series import COLUMNS, StoredSeries
from alchemiser_app.bar_store.store import create_store
from alchemiser_app.trading.deciding_bars import BarReader
from alchemiser_app.trading.refreshing import Refresh, Refreshing, refresh_of
from alchemiser_core.config.check_settings import CheckSettings
from alchemiser_core.config.data_settings import DataSettings, SourceSettings
from alchemiser_core.config.settings import DecideOn, Settings
from alchemiser_core.domain.bars import PriceBasis
from alchemiser_core.domain.problem import Problem
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.market_data import MarketDataUnavailable
from alchemiser_core.services.desk import never
from alchemiser_core.simulation.virtual_clock import VirtualClock
from alchemiser_core.testing.bars import wandering_history
from alchemiser_core.testing.calendar import FixedCalendar, weekdays
from alchemiser_core.testing.market_data import InMemoryMarketData

SYMBOLS = (Symbol("AAA"), Symbol("SPY"))
HISTORY = evolve(wandering_history(SYMBOLS, 60), basis=PriceBasis.ADJUSTED, synthetic=False)
"""From 1 January 2020 to Tuesday, 24 March."""
CALENDAR = FixedCalendar(weekdays(date(2019, 12, 2), date(2020, 12, 31)))
AT_THE_SLOT = datetime(2020, 3, 25, 19, 45, tzinfo=UTC)
TODAY = AT_THE_SLOT.date()


@define
class Vendor(InMemoryMarketData):
    """Answers, and is closed at the end."""

    closed: int = 0

    def close(self) -> None:
        self.closed += 1


@define
class HangingVendor(Vendor):
    """Answers when it is let go, which is after the test."""

    asked: Event = field(factory=Event)
    go_on: Event = field(factory=Event)

    def bars(self, request):
        self.asked.set()
        self.go_on.wait(10)
        return super().bars(request)


@define
class Scene:
    """A store that lacks sessions, and what is told."""

    folder: object
    vendor: Vendor = field(factory=lambda: Vendor(HISTORY, name="vendor"))
    told: list[str] = field(factory=list)
    clock: VirtualClock = field(factory=lambda: VirtualClock(AT_THE_SLOT))
    refresh: Refresh = field(init=False)

    def __attrs_post_init__(self) -> None:
        store = create_store(self.folder).unwrap()
        for column, symbol in enumerate(SYMBOLS):
            rows = {name: getattr(HISTORY, name)[:55, column].copy() for name in COLUMNS}
            days = HISTORY.sessions[:55].copy()
            series = StoredSeries(
                symbol, days, **rows, basis=HISTORY.basis, source="vendor", synthetic=False
            )
            store.put(series).unwrap()
        self.refresh = Refresh(self.refreshing())

    @property
    def feed(self):
        return feed_of(self.folder, None).unwrap()

    def refreshing(self, **changes) -> Refreshing:
        return Refreshing(
            feed=self.feed,
            source=lambda: Success(self.vendor),
            calendar=CALENDAR,
            symbols=SYMBOLS,
            limit=timedelta(seconds=60),
            tell=self.told.append,
            **changes,
        )

    def read(self):
        """Read the bars of the day, as a cycle does."""
        reader = BarReader(
            feed=self.feed,
            calendar=CALENDAR,
            decide_on=DecideOn.PREVIOUS_CLOSE,
            symbols=(Symbol("AAA"),),
            carry=5,
            checker=BarChecker(self.feed, None, CheckSettings()),
            decision_limit=timedelta(seconds=5),
            refresh=lambda: self.refresh.once(self.clock),
        )
        return reader.read(TODAY)


@pytest.fixture
def scene(tmp_path):
    return Scene(tmp_path / "bars")


def test_missing_sessions_are_fetched_before_bars_are_read(scene):
    bars = scene.read().unwrap()
    assert bars.sessions[-1].item() == date(2020, 3, 24)
    assert bars.alerts == ()
    assert scene.vendor.closed == 1
    assert "2 of 2 symbols have the session of 2020-03-24" in scene.told[0]


def test_it_is_done_once_however_often_bars_are_read(scene):
    scene.read()
    scene.read().unwrap()
    assert (len(scene.vendor.requests), scene.vendor.closed) == (1, 1)


def test_where_it_fails_the_checks_decide_and_both_are_told(scene):
    scene.vendor.failures = [MarketDataUnavailable((Problem("no-answer", "nobody there"),))]
    codes = [problem.code for problem in scene.read().failure().problems()]
    assert codes == ["stale-bars", "no-answer"]


def test_a_failure_that_leaves_enough_to_decide_by_is_an_alert(scene):
    scene.read()
    scene.refresh = Refresh(scene.refreshing())
    scene.clock.wait_until(AT_THE_SLOT + timedelta(hours=3))
    scene.vendor.failures = [MarketDataUnavailable((Problem("no-answer", "nobody there"),))]
    (alert,) = scene.read().unwrap().alerts
    assert alert.code == "no-answer"
    assert alert.text == "the bars could not be brought up to date: nobody there"


def test_a_source_that_cannot_be_built_is_told(scene):
    missing = MarketDataUnavailable((Problem("secret-missing", "no key"),))
    refreshing = evolve(scene.refreshing(), source=lambda: Failure(missing))
    assert [p.code for p in refreshing.run(scene.clock, None, never)] == ["secret-missing"]


def test_it_takes_no_more_than_half_of_what_is_left_of_the_window(scene):
    asked = scene.refreshing()._update(
        scene.vendor, scene.clock, AT_THE_SLOT + timedelta(minutes=1), never
    )
    assert asked.source.limit() == timedelta(seconds=30)
    scene.clock.wait_until(AT_THE_SLOT + timedelta(seconds=31))
    assert asked.source.limit() < timedelta(0)


def test_a_vendor_that_hangs_is_left_alone_once_the_process_is_asked_to_end(scene):
    scene.vendor = hanging = HangingVendor(HISTORY, name="vendor")
    began = time.monotonic()
    found = scene.refresh.once(scene.clock, interrupted=hanging.asked.is_set)
    hanging.go_on.set()
    assert [problem.code for problem in found] == ["feed-hangs"]
    assert time.monotonic() - began < 5


def test_prices_that_are_made_up_do_not_come_into_a_store_of_real_ones(scene):
    scene.vendor.history = evolve(HISTORY, synthetic=True)
    assert [p.code for p in scene.refresh.once(scene.clock)] == ["store-mixed"]
    assert scene.vendor.requests == []
    assert scene.vendor.closed == 1


def test_another_basis_than_the_one_that_is_read_is_told(scene):
    scene.vendor.history = evolve(HISTORY, basis=PriceBasis.RAW)
    assert [p.code for p in scene.refresh.once(scene.clock)] == ["other-basis"]


@pytest.mark.parametrize(
    ("source", "is_refreshed"),
    [
        (SourceSettings(feed="vendor"), True),
        (SourceSettings(), False),
        (SourceSettings(feed="vendor", before_trading=False), False),
    ],
)
def test_the_settings_say_whether(scene, source, is_refreshed):
    def made(feed):
        settings = Settings(data=DataSettings(source=source))
        return refresh_of(feed, lambda: Success(scene.vendor), CALENDAR, SYMBOLS, settings, print)

    assert (made(scene.feed).refreshing is not None) is is_refreshed
    assert made(scene.vendor).refreshing is None
