import hashlib
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alchemiser_app.feeds.sample import FIRST, LAST, SampleFeed
from alchemiser_app.feeds.sample_market import KNOWN, symbol_returns
from alchemiser_app.feeds.sample_symbols import LEVERAGED
from alchemiser_core.domain.continuity import price_runs
from alchemiser_core.domain.measure import IndicatorKind, Measure
from alchemiser_core.indicators import compute
from alchemiser_core.ports.market_data import BarRequest
from alchemiser_core.testing.conformance import MarketDataConformance


class TestSample(MarketDataConformance):
    known = ("SPY", "TQQQ", "UVXY", "BRK.B")

    @pytest.fixture
    def feed(self):
        return SampleFeed()


class TestAnotherSample(MarketDataConformance):
    known = ("SPY", "SVIX")

    @pytest.fixture
    def feed(self):
        return SampleFeed(seed=2024)


def closes(symbol, seed=1, **wanted):
    return SampleFeed(seed).bars(BarRequest([symbol], **wanted)).unwrap().close[:, 0]


def daily(symbol):
    prices = closes(symbol)
    return prices[1:] / prices[:-1] - 1


def test_it_has_fifteen_years_and_says_that_they_are_made_up():
    history = SampleFeed().bars(BarRequest(["SPY"])).unwrap()
    assert history.synthetic
    assert history.session(0) == FIRST
    assert history.session(len(history) - 1) == LAST
    assert timedelta(days=15 * 365) < LAST - FIRST
    assert "synthetic" in history.source


@settings(max_examples=30)
@given(st.sampled_from(sorted(KNOWN)), st.dates(FIRST, date(2030, 1, 1)), st.integers(0, 2**63))
def test_a_bar_depends_on_seed_symbol_and_session_alone(symbol, end, seed):
    request = BarRequest(["QQQ", symbol], end=end, closes_only=False)
    if symbol == "QQQ":
        return
    short = SampleFeed(seed).bars(request).unwrap()
    whole = SampleFeed(seed).bars(BarRequest([symbol], closes_only=False)).unwrap()
    rows = min(len(short), len(whole))
    for name in ("open", "high", "low", "close", "volume"):
        np.testing.assert_array_equal(
            getattr(short, name)[:rows, 1], getattr(whole, name)[:rows, 0]
        )


def test_it_reaches_any_date_asked_for():
    far = date(2040, 6, 1)
    history = SampleFeed().bars(BarRequest(["UVXY", "SPY"], start=date(2040, 1, 1), end=far))
    prices = history.unwrap()
    assert prices.session(len(prices) - 1) == far
    assert (prices.close > 0).all()


def test_another_seed_is_another_market():
    assert not np.array_equal(closes("SPY"), closes("SPY", seed=5))


def test_the_market_is_the_same_on_every_machine():
    """To the last bit: a change here changes everybody's figures and has to be meant."""
    history = SampleFeed().bars(BarRequest(["SPY", "UVXY", "TECL"], closes_only=False)).unwrap()
    arrays = (history.close, history.open, history.high, history.low, history.volume)
    digest = hashlib.sha256(b"".join(a.astype("<f8").tobytes() for a in arrays)).hexdigest()
    assert digest[:16] == "083a847bad37d480"


@pytest.mark.parametrize("symbol", ["TQQQ", "SQQQ", "UPRO", "PSQ", "TMF", "SSO", "ERX"])
def test_a_leveraged_fund_earns_its_multiple_less_its_cost_every_day(symbol):
    fund = LEVERAGED[symbol]
    expected = fund.factor * daily(fund.index) - fund.yearly_cost / 252
    np.testing.assert_allclose(daily(symbol), expected, atol=1e-9)


def test_volatility_funds_move_against_the_market():
    assert np.corrcoef(daily("UVXY"), daily("SPY"))[0, 1] < -0.7
    assert np.corrcoef(daily("SVIX"), daily("SPY"))[0, 1] > 0.7
    worst = np.argsort(daily("SPY"))[:20]
    assert daily("UVXY")[worst].min() > 0.05
    assert closes("UVXY")[-1] < closes("UVXY")[0] / 1000


def test_no_fund_loses_everything():
    for symbol in KNOWN:
        assert symbol_returns(11, symbol, 8000).min() > -1


def test_every_symbol_that_the_built_in_strategies_name_is_there():
    named = """SPY IOO TQQQ VTV XLF VOX UPRO SMR BWXT LEU EXC NLR OKLO PSQ SQQQ QQQ TLT IEF UVXY
    BTAL XLK KMLM TECL BIL SPXL BSV QQQE VOOG VOOV XLP XLY FAS VIXM SOXL FNGU UUP FTLS LABU SVIX
    TMV TMF SVXY FNGO TSLA MSFT AAPL NVDA GOOGL AMZN UVIX BND SPLV LABD TZA VXX VIXY GLD SLV PDBC
    RETL AGG ERX XLE SPXU QID EFA"""
    assert set(named.split()) <= KNOWN
    assert SampleFeed().bars(BarRequest(named.split())).unwrap().missing_symbols == ()


def indicator(kind, window, symbol):
    measure = Measure(kind, (window,))
    runs = price_runs(closes(symbol)[:, None])
    return compute({measure: [0]}, runs)[measure][0]


def test_rules_find_something_to_decide_on():
    """Overbought and oversold days, and years of rising and of falling markets."""
    strength = indicator(IndicatorKind.RSI, 10, "SPY")
    below = closes("SPY") < indicator(IndicatorKind.MOVING_AVERAGE_PRICE, 200, "SPY")
    assert 0.01 < np.mean(strength > 79) < 0.10
    assert 0.01 < np.mean(strength < 30) < 0.10
    assert 0.15 < np.mean(below) < 0.5
