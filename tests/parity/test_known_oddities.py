"""The oddities of real bars, left as published: each is found where it matters, and stops nothing
where it does not.
"""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve
from real_bars import REAL_BARS
from returns.result import Failure, Success

from alchemiser_app.feeds.files import FilesFeed
from alchemiser_core.config.check_settings import CheckSettings
from alchemiser_core.domain.symbol import Symbol
from alchemiser_core.ports.market_data import BarRequest
from alchemiser_core.services.bar_checks import (
    BarFacts,
    SecondOpinion,
    check_bars,
    earlier_oddities,
)

SETTINGS = CheckSettings()


@pytest.fixture
def whole(real_bars):
    """All symbols, from 1993 to the end of 2025."""
    names = sorted(path.stem.replace("-", ".") for path in REAL_BARS.glob("*.csv"))
    return real_bars(tuple(map(Symbol, names)))


def moves_of(findings, code="price-jump"):
    return {(f.symbol, str(f.session)) for f in findings if f.problem.code == code}


def checked_at(history, day, settings=SETTINGS, second=None):
    known = history.at(date.fromisoformat(day))
    return check_bars(known, settings, BarFacts(second=second))


def test_nothing_of_the_newest_session_is_odd(whole):
    assert checked_at(whole, "2025-12-31").unwrap().findings == ()


def test_the_falls_of_2018_are_told_and_stop_no_decision_of_today(whole):
    earlier = moves_of(earlier_oddities(whole, SETTINGS))
    assert ("SVXY", "2018-02-06") in earlier
    assert not moves_of(checked_at(whole, "2025-12-31").unwrap().findings)


def test_the_fall_of_svxy_stops_the_decisions_of_its_day_until_it_is_accepted(real_bars):
    volatility = real_bars((Symbol("UVXY"), Symbol("SVXY"), Symbol("SPY")))
    refused = checked_at(volatility, "2018-02-06").failure()
    assert moves_of(refused.findings) == {("SVXY", "2018-02-06")}
    accepted = CheckSettings(accepted=("SVXY 2018-02-06",))
    assert isinstance(checked_at(volatility, "2018-02-06", accepted), Success)
    assert isinstance(checked_at(volatility, "2018-04-30"), Failure)
    assert isinstance(checked_at(volatility, "2018-05-31"), Success)  # no day is new for ever


def test_funds_of_three_times_are_decided_by_on_the_day_of_the_crash(real_bars):
    names = ("TQQQ", "UPRO", "SOXL", "TECL", "SPXL", "FAS", "SQQQ")
    crash = real_bars(tuple(map(Symbol, names)))
    assert isinstance(checked_at(crash, "2020-03-16"), Success)


def test_uvxy_from_six_hundred_billion_dollars_has_no_bad_price(real_bars):
    uvxy = real_bars((Symbol("UVXY"),))
    first = uvxy.session(int(np.flatnonzero(~np.isnan(uvxy.close[:, 0]))[0]))
    assert np.nanmax(uvxy.close) > 4e11
    assert check_bars(uvxy.at(first), SETTINGS).unwrap().findings == ()
    earlier = [*earlier_oddities(uvxy, SETTINGS)]
    assert earlier == []


def test_the_return_of_kmlm_that_two_other_vendors_do_not_have_is_refused(real_bars):
    kmlm = real_bars((Symbol("KMLM"), Symbol("SPY")))
    row = kmlm.row_at(date(2022, 12, 28))
    close = np.array(kmlm.close)
    close[row:, 0] *= close[row - 1, 0] * 1.016 / close[row, 0]
    second = SecondOpinion("second", (Symbol("KMLM"),), evolve(kmlm, close=close))
    refused = checked_at(kmlm, "2022-12-28", second=second).failure()
    assert moves_of(refused.findings, "second-feed-differs") == {("KMLM", "2022-12-28")}
    assert "moved by -3.3% on 2022-12-28, and by +1.6%" in refused.problems()[0].what
    assert isinstance(checked_at(kmlm, "2022-12-28"), Success)  # alone, nobody can know


@pytest.mark.parametrize(("symbol", "merged"), [("SMR", "2022-05-02"), ("OKLO", "2024-05-09")])
def test_shells_that_stood_still_for_months_come_alive_without_a_finding(real_bars, symbol, merged):
    shell = real_bars((Symbol(symbol), Symbol("SPY")))
    first = shell.close[~np.isnan(shell.close[:, 0]), 0][:30]
    assert first.std() / first.mean() < 0.02
    assert isinstance(checked_at(shell, merged), Success)


def test_the_first_day_of_oklo_after_its_merger_is_refused_until_somebody_has_looked(real_bars):
    oklo = real_bars((Symbol("OKLO"), Symbol("SPY")))
    refused = checked_at(oklo, "2024-05-10").failure()
    assert moves_of(refused.findings) == {("OKLO", "2024-05-10")}


@pytest.mark.parametrize(
    ("symbol", "first"), [("FNGU", "2025-02-20"), ("VXX", "2018-01-25"), ("SVIX", "2022-03-30")]
)
def test_a_young_symbol_is_missing_before_it_began_and_no_jump_on_its_first_day(
    real_bars, symbol, first
):
    young = real_bars((Symbol(symbol), Symbol("SPY")))
    begins = young.row_at(date.fromisoformat(first))
    day_before = check_bars(young.rows(0, begins), SETTINGS).unwrap()
    assert [f.problem.code for f in day_before.findings] == ["missing-symbol"]
    assert check_bars(young.rows(0, begins + 1), SETTINGS).unwrap().findings == ()


def test_blank_opens_and_volumes_of_files_with_closes_only_are_no_bad_prices(real_bars):
    feed = FilesFeed(Path(REAL_BARS))
    history = feed.bars(
        BarRequest((Symbol("UVXY"), Symbol("SMR"), Symbol("SPY")), closes_only=False)
    ).unwrap()
    assert np.isnan(history.volume).any()
    assert check_bars(history, SETTINGS).unwrap().findings == ()
    assert {f.problem.code for f in earlier_oddities(history, SETTINGS)} <= {"price-jump"}
    assert real_bars is not None
