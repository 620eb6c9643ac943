"""Indicators checked with the TwelveData adapter over HTTP, on demand and beside `trade`: what
agrees, what would flip, what the credits buy, and a vendor that never answers.
"""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from attrs import evolve
from typer.testing import CliRunner

from alchemiser_app.cli.main import app
from alchemiser_twelvedata.stand_in import KEY, Fault, StandIn, StandInClock, made_up, running

DAY, DECIDED = "2024-03-07", date(2024, 3, 6)
SYMBOLS = ("AAA", "BBB", "CCC", "SPY")
RULES = """(defsymphony "rules" {:rebalance-frequency :daily}
  (if (> (rsi "SPY" {:window 10}) 1)
    [(if (> (current-price "SPY") (moving-average-price "SPY" {:window 50}))
       [(filter (cumulative-return {:window 20}) (select-top 1) [(asset "AAA") (asset "BBB")])]
       [(asset "CCC")])]
    [(asset "CCC")]))"""
CONFIGURATION = """
[data]
feed = "files"
settings.folder = "bars"
checks.second_symbols = 0
[data.second]
feed = "twelvedata"
settings.url = "{url}"
settings.read_seconds = "0.5"
[[portfolio.strategies]]
strategy = "rules.edn"
share = "1"
"""


@pytest.fixture
def vendor(tmp_path, monkeypatch):
    """The stand-in on an evening, with the bars that the files of the working folder have."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ALCHEMISER_CONFIG", raising=False)
    monkeypatch.setenv("TWELVEDATA_API_KEY", KEY)
    prices = made_up(SYMBOLS, date(2024, 3, 8), 200)
    Path("bars").mkdir()
    for symbol, bars in prices.items():
        rows = [f"{bar.day},{bar.open},{bar.high},{bar.low},{bar.close}" for bar in bars]
        Path("bars", f"{symbol}.csv").write_text("\n".join(["date,open,high,low,close", *rows]))
    Path("rules.edn").write_text(RULES)
    stand_in = StandIn(prices, clock=StandInClock())
    stand_in.clock.set(datetime(2024, 3, 8, 23, 0, tzinfo=UTC))
    with running(stand_in) as url:
        Path("alchemiser.toml").write_text(CONFIGURATION.format(url=url))
        yield stand_in


def run(*words, code=0):
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == code, result.output
    return result


def checked(*words, code=0):
    words = ("check", "indicators", "--as-of", str(DECIDED), "--json", *words)
    answer = json.loads(run(*words, code=code).stdout)
    return {f"{e['indicator']} {e['symbol']}": e for e in answer["indicators"]}, answer


def halved_on(prices, symbol, day):
    """The same bars with half the close of one day."""
    bars = [
        evolve(bar, close=round(bar.close / 2, 5), low=round(bar.low / 2, 5))
        if bar.day == day
        else bar
        for bar in prices[symbol]
    ]
    return {**prices, symbol: tuple(bars)}


def test_our_numbers_and_the_vendors_agree_and_its_own_are_asked_with_what_is_left(vendor):
    found, answer = checked()
    assert {each["verdict"] for each in found.values()} == {"within"}
    assert [each["flips"] for each in answer["outcomes"]] == [False] * len(answer["outcomes"])
    rsi = found["rsi SPY"]
    assert rsi["vendors_own"] == pytest.approx(rsi["ours"], abs=0.01)
    assert rsi["theirs"] == pytest.approx(rsi["ours"], abs=0.01)
    average = found["moving-average-price SPY"]
    assert average["vendors_own"] == pytest.approx(average["ours"], abs=0.01)
    assert [asked.path for asked in vendor.asked].count("/time_series") == 1
    assert {asked.path for asked in vendor.asked} == {"/time_series", "/rsi", "/sma"}
    assert not any(asked.has_key_in_address for asked in vendor.asked)


def test_the_credits_are_kept_to(vendor):
    with Path("alchemiser.toml").open("a") as file:
        file.write("[check.indicators]\ncredits = 1\n")
    found, _ = checked()
    assert [asked.path for asked in vendor.asked] == ["/time_series"]
    assert "not asked" in {each["verdict"] for each in found.values()}


def test_a_close_that_the_vendor_has_otherwise_flips_the_decision(vendor):
    vendor.prices = halved_on(vendor.prices, "SPY", DECIDED)
    found, answer = checked("--strict", code=3)
    assert found["current-price SPY"]["verdict"] == "differs"
    codes = {alert["code"]: alert["severity"] for alert in answer["alerts"]}
    assert codes == {"decision-would-differ": "critical", "indicators-differ": "warning"}
    (flip,) = [each for each in answer["outcomes"] if each["flips"]]
    assert flip["point"] == "current-price of SPY > moving-average-price 50 of SPY"
    assert (flip["ours"], flip["theirs"]) == ("yes", "no")


def test_trade_sends_its_orders_and_files_what_the_vendor_said(vendor):
    vendor.prices = halved_on(vendor.prices, "SPY", DECIDED)
    result = run("trade", "--session", DAY)
    assert "complete: everything that was planned is filled" in result.stdout
    filed = json.loads(Path("alchemiser-journal.db.checks", f"{DECIDED}.json").read_text())
    assert "indicators-differ" in {alert["code"] for alert in filed["alerts"]}
    assert "differs: " in result.stdout


def test_trade_ends_as_it_does_where_the_vendor_never_answers(vendor):
    vendor.faults = [Fault.NONE_AT_ALL] * 10
    with Path("alchemiser.toml").open("a") as file:
        file.write("[check.indicators]\npatience_seconds = 1\n")
    result = run("trade", "--session", DAY)
    assert "complete: everything that was planned is filled" in result.stdout
    assert "the second vendor is still asked: waiting up to 1 s" in result.stderr
    assert "within the limits" not in result.stdout
