"""Bars that end long ago: whoever decides for now is told; the clock is set by the test."""

from datetime import date
from pathlib import Path

import pytest

from alchemiser_app import freshness

LAST = date(2024, 7, 12)
NOTE = "the last session is 2024-07-12, {} days ago: the data is not up to date"


@pytest.fixture
def on(monkeypatch):
    """Make it another day."""
    return lambda day: monkeypatch.setattr(freshness, "today", lambda: day)


@pytest.mark.parametrize("command", ["decide", "plan"])
def test_whoever_decides_for_now_is_told_that_the_bars_are_old(run, switch, bars, on, command):
    on(date(2024, 7, 20))
    result = run(command, switch, "--data", bars)
    assert result.exit_code == 0
    assert "warning: " + NOTE.format(8) in result.stderr
    assert "not up to date" not in result.stdout


@pytest.mark.parametrize("day", [date(2024, 7, 19), LAST])
def test_bars_of_a_week_ago_are_not_called_old(run, switch, bars, on, day):
    on(day)
    assert "up to date" not in run("decide", switch, "--data", bars).stderr


def test_whoever_asks_for_a_day_or_a_back_test_is_not_told(run, switch, bars, on):
    on(date(2030, 1, 1))
    for words in (("decide", switch, "--as-of", "2024-03-01"), ("backtest", switch)):
        result = run(*words, "--data", bars)
        assert result.exit_code == 0
        assert "up to date" not in result.stderr


def test_synthetic_prices_do_not_grow_old(run, on):
    on(date(2040, 1, 1))
    assert "up to date" not in run("decide", "sixty-forty", "--data", "sample").stderr
    assert "up to date" not in run("doctor", "--data", "sample").stdout


def test_doctor_says_how_old_the_bars_are(run, bars, on):
    (Path(bars) / "SPY.csv").write_text((Path(bars) / "AAA.csv").read_text())
    on(date(2025, 7, 12))
    result = run("doctor", "--data", bars)
    assert result.exit_code == 0
    assert NOTE.format(365) in result.stdout


def test_doctor_says_where_it_looked_for_a_configuration(run, tmp_path):
    assert f"no alchemiser.toml in {tmp_path}" in run("doctor").stdout
