"""Serving a simulated broker, and an account at a broker on this machine: its clock, its checks."""

import sys
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture(autouse=True)
def plugin(tmp_path, monkeypatch):
    """The plugin beside this module, installed as an installer would."""
    site = tmp_path / "site"
    info = site / "acme-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[alchemiser]\nacme = acme_simulating\n")
    source = Path(__file__).with_name("simulating_plugin.py").read_text(encoding="utf-8")
    (site / "acme_simulating.py").write_text(source)
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.delitem(sys.modules, "acme_simulating", raising=False)
    import acme_simulating

    yield acme_simulating
    del sys.modules["acme_simulating"]


def context(plugin):
    (found,) = plugin.STARTED
    return found


def test_it_begins_a_quarter_of_an_hour_before_the_close_of_the_newest_session(run, plugin, market):
    result = run("simulate-broker", "acme", "--data", "bars")
    assert result.exit_code == 0, result.output
    assert "listening on port 8777" in result.stdout
    start = context(plugin).start
    assert start.astimezone(NEW_YORK) == datetime(2024, 3, 28, 15, 45, tzinfo=NEW_YORK)
    assert context(plugin).symbols == ("AAA", "BBB", "CCC")
    assert context(plugin).feed.name == "files"


def test_day_and_time_can_be_asked_for(run, plugin, market):
    run("simulate-broker", "acme", "--data", "bars", "--date", "2024-03-21", "--time", "09:31")
    expected = datetime(2024, 3, 21, 9, 31, tzinfo=NEW_YORK)
    assert context(plugin).start == expected


def test_the_sample_market_lists_its_symbols_and_a_half_day_begins_earlier(run, plugin):
    result = run("simulate-broker", "acme", "--date", "2025-11-28")
    assert result.exit_code == 0, result.output
    assert "SPY" in context(plugin).symbols
    start = context(plugin).start.astimezone(NEW_YORK)
    assert start == datetime(2025, 11, 28, 12, 45, tzinfo=NEW_YORK)


def test_settings_are_given_by_name_and_switches_behind_a_dot(run, market):
    words = ("--set", "spread-bps=3", "--set", "switches.slow=true")
    result = run("simulate-broker", "acme", "--data", "bars", *words)
    assert "slow: True, spread 3" in result.stdout, result.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--date", "2024-03-23"), "the calendar XNYS has no session on that day"),
        (("--date", "2024-03-29"), "the calendar XNYS has no session on that day"),
        (("--date", "2024-06-03"), "the newest bars up to it are of 2024-03-28"),
        (("--set", "sped=3"), "sped"),
        (("--set", "spread-bps=x"), "spread_bps"),
        (("--set", "nothing"), "the form is NAME=VALUE"),
        (("--time", "25:00"), "is no time of day"),
    ],
)
def test_what_cannot_be_is_refused_in_words(run, plugin, market, words, said):
    result = run("simulate-broker", "acme", "--data", "bars", *words)
    assert result.exit_code == 2
    assert said in result.output
    assert plugin.STARTED == []


def test_a_broker_that_nobody_simulates_is_refused(run, plugin, market):
    result = run("simulate-broker", "acne", "--data", "bars")
    assert result.exit_code == 2
    assert "did you mean 'acme'?" in result.output


def test_a_simulator_that_cannot_serve_says_why(run, market):
    result = run("simulate-broker", "acme", "--data", "bars", "--port", "1")
    assert result.exit_code == 4
    assert "port 1 is taken" in result.output


def settings(market, text):
    path = market / "alchemiser.toml"
    path.write_text(text + path.read_text())


def test_an_account_on_this_machine_is_traded_by_its_own_clock(run_json, run, plugin, market):
    settings(market, '[broker]\nname = "local"\n[trading]\nclock = "broker"\n')
    answer = run_json("trade", "--data", "bars")
    assert answer["outcome"] == "complete"
    assert answer["session"] == "2024-03-21"
    broker = plugin.STARTED[0]
    assert set(broker.exchange.held) == {"AAA", "BBB"}
    assert plugin.STARTED[-1] == "closed"


def test_by_the_computers_clock_an_account_of_another_date_is_refused(run, plugin, market):
    settings(market, '[broker]\nname = "local"\n')
    result = run("trade", "--data", "bars")
    assert result.exit_code != 0
    assert plugin.STARTED[0].exchange.held == {}


def test_the_clock_of_a_broker_elsewhere_is_never_traded_by(run, plugin, market):
    settings(market, '[broker]\nname = "remote"\n[trading]\nclock = "broker"\n')
    result = run("trade", "--data", "bars")
    assert result.exit_code == 2
    assert "only a broker on this machine" in result.output
    assert plugin.STARTED[0].exchange.held == {}
    assert plugin.STARTED[-1] == "closed"


def checks(run_json, code):
    answer = run_json("doctor", "--data", "sample", code=code)
    return {each["check"]: each for each in answer["checks"]}


def test_doctor_asks_the_broker_itself_and_takes_its_clock_where_that_is_traded_by(
    run_json, plugin, market
):
    settings(market, '[broker]\nname = "local"\n')
    found = checks(run_json, 4)
    assert found["keys"]["found"] == "accepted"
    assert not found["clock"]["ok"]
    assert "an hour off" in found["clock"]["found"]
    assert "clock" in found["clocks"]["found"]
    assert not found["clocks"]["ok"]
    assert found["confirmation"]["found"] == "account TEST-1 is paper, as it has to be"
    assert plugin.STARTED[-1] == "closed"
    settings(market, '[trading]\nclock = "broker"\n')
    found = checks(run_json, 0)
    assert found["clock"]["ok"]
    assert "clocks" not in found


EARLY = '[broker]\nname = "early"\n[trading]\nclock = "broker"\n'


def test_doctor_compares_the_hours_of_the_coming_month(run_json, market):
    settings(market, EARLY)
    hours = checks(run_json, 4)["hours"]
    assert not hours["ok"]
    assert "other hours of 2024-03-21" in hours["found"]
    assert "other hours of 2024-04-19" in hours["found"]
    assert "trading.calendar_settings" in hours["found"]


def test_hours_that_calendar_and_broker_have_differently_are_not_traded_in(
    run_json, run, plugin, market
):
    settings(market, EARLY)
    result = run("trade", "--data", "bars")
    assert result.exit_code == 4
    assert "other hours of 2024-03-21" in result.output
    assert plugin.STARTED[0].exchange.held == {}


def test_doctor_says_that_a_live_configuration_has_a_paper_account(run_json, market):
    settings(market, 'mode = "live"\n[broker]\nname = "local"\n[trading]\nclock = "broker"\n')
    found = checks(run_json, 4)
    assert not found["confirmation"]["ok"]
    assert 'mode is "live"' in found["confirmation"]["found"]


def test_dates_before_the_data_are_refused(run, plugin, market):
    result = run("simulate-broker", "acme", "--data", "bars", "--date", str(date(2001, 3, 1)))
    assert result.exit_code == 2
    assert plugin.STARTED == []


def test_doctor_says_which_store_has_a_key_and_never_the_key(run_json, market, monkeypatch):
    settings(market, '[broker]\nname = "keyed"\n')
    found = checks(run_json, 4)
    assert found["secrets"]["found"] == "acme-key: missing"
    assert "ACME_KEY" in found["connection"]["found"]
    monkeypatch.setenv("ACME_KEY", "canary-0123456789")
    answer = run_json("doctor", "--data", "sample", code=4)
    assert "acme-key: environment" in str(answer)
    assert "canary" not in str(answer)
