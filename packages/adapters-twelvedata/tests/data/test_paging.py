"""However long histories are and however they are cut into pages, no bar is lost or doubled."""

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from attrs import define, field
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Failure

from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.market_data import BarRequest
from alchemiser_twelvedata.connection.answer import Answer
from alchemiser_twelvedata.connection.connection import Connection, Patience
from alchemiser_twelvedata.connection.credits import Credits
from alchemiser_twelvedata.connection.pace import Pace
from alchemiser_twelvedata.data import bar_source
from alchemiser_twelvedata.data.bar_source import BarSource
from alchemiser_twelvedata.data.indicators import Indicators
from alchemiser_twelvedata.feed import TwelveDataFeed
from alchemiser_twelvedata.market_time import Completed
from alchemiser_twelvedata.settings import Adjust

LAST = date(2026, 3, 4)
NOW = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)
WEEKDAYS = [
    day
    for day in (LAST - timedelta(days=number) for number in range(84, -1, -1))
    if day.weekday() < 5
]
NAMES = ("SPY", "TLT", "GLD")


@define
class Vendor:
    """A client over histories; the newest bars of a range, so many of them at most."""

    bars: dict[str, list[date]]
    page: int
    end_is_excluded: bool
    factor: float = 1.0
    """By which prices are told when they are asked for again."""
    asked: list[int] = field(factory=list)

    def get(self, path, parameters):
        symbols = parameters["symbol"].split(",")
        told = {symbol: self._told(symbol, parameters) for symbol in symbols}
        self.asked.append(len(symbols))
        body = told if len(symbols) > 1 else told[symbols[0]]
        return Answer(200, {}, json.dumps(body).encode())

    def _told(self, symbol, parameters):
        end = date.fromisoformat(parameters["end_date"]) - timedelta(days=self.end_is_excluded)
        start = date.fromisoformat(parameters.get("start_date", "1970-01-01"))
        days = [day for day in self.bars[symbol] if start <= day <= end][-self.page :]
        if not days:
            return {"code": 400, "message": "No data is available here", "status": "error"}
        factor = self.factor if self.asked else 1.0
        meta = {
            "symbol": symbol,
            "interval": "1day",
            "currency": "USD",
            "exchange_timezone": "America/New_York",
        }
        values = [{"datetime": f"{day}", "close": f"{price(day) * factor}"} for day in days[::-1]]
        return {"meta": meta, "values": values, "status": "ok"}

    def close(self):
        pass


def price(day):
    return float(day.toordinal())


def read(vendor, request):
    now = [NOW.timestamp()]

    def sleep(seconds):
        now[0] += seconds

    pace = Pace(lambda: now[0], lambda: now[0], sleep, lambda: 0.5)
    connection = Connection(vendor, Credits(8, 0, pace), Patience(), pace, lambda line: None)
    feed = TwelveDataFeed(
        connection,
        BarSource(connection, Adjust.ALL),
        Indicators(connection, None),
        Completed(lambda: NOW, time(16, 30)),
        is_local=True,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bar_source, "FULL_PAGE", vendor.page)
        return feed.bars(request)


HISTORIES = st.lists(st.sampled_from(WEEKDAYS), unique=True).map(sorted)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(
    st.tuples(HISTORIES, HISTORIES, HISTORIES),
    st.integers(8, 70),
    st.booleans(),
    st.none() | st.sampled_from(WEEKDAYS),
    st.none() | st.sampled_from(WEEKDAYS),
)
def test_every_bar_is_there_once(histories, page, end_is_excluded, start, end):
    bars = dict(zip(NAMES, histories, strict=True))
    request = BarRequest([Symbol(name) for name in NAMES[1:]], start, end)
    result = read(Vendor(bars, page, end_is_excluded), request)
    wanted = {
        name: [d for d in bars[name] if (start or d) <= d <= (end or LAST)] for name in NAMES[1:]
    }
    axis = sorted({day for days in wanted.values() for day in days})
    if isinstance(result, Failure):
        assert not axis, result.failure()
        return
    history = result.unwrap()
    assert history.sessions.tolist() == axis
    assert history.warnings == ()
    for column, name in enumerate(NAMES[1:]):
        there = {
            day: value
            for day, value in zip(axis, history.close[:, column].tolist(), strict=True)
            if value == value
        }
        assert there == {day: price(day) for day in wanted[name]}


def test_prices_that_are_corrected_between_two_pages_do_not_pass():
    request = BarRequest([Symbol("SPY")])
    (problem,) = read(Vendor({"SPY": WEEKDAYS}, 20, True, factor=0.5), request).failure().problems()
    assert problem.why.endswith("differ")


def test_pages_meet_over_weekends_and_holidays():
    closed = [day for day in WEEKDAYS if day.weekday() != 0]
    for page in range(8, 14):
        vendor = Vendor({"SPY": closed}, page, False)
        history = read(vendor, BarRequest([Symbol("SPY")])).unwrap()
        assert history.sessions.tolist() == closed
