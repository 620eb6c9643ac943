"""Faults that systems like this one had, from the outside."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

HALVES = '(defsymphony "h" {%s} (weight-equal [(asset "AAA") (asset "CCC")]))'


@pytest.fixture
def trading_days(run_json, bars, tmp_path):
    """The days on which a symphony with some attributes trades."""

    def find(attributes):
        (tmp_path / "halves.edn").write_text(HALVES % attributes)
        run_json("backtest", "halves.edn", "--data", bars, "--trades", "trades.csv")
        with (tmp_path / "trades.csv").open() as file:
            return sorted({row["date"] for row in csv.DictReader(file)})

    return find


def test_lesson_the_rebalance_frequency_is_read(trading_days):
    daily = trading_days(":rebalance-frequency :daily")
    weekly = trading_days(":rebalance-frequency :weekly")
    monthly = trading_days(":rebalance-frequency :monthly")
    assert trading_days("") == daily
    assert len(daily) == 400
    assert len(weekly) == 80
    assert [day[:7] for day in monthly] == sorted({day[:7] for day in daily})
    assert len(trading_days(":rebalance-frequency :none")) == 1


def test_lesson_the_rebalance_threshold_is_read(trading_days):
    narrow = trading_days(":rebalance-threshold 0.001")
    wide = trading_days(":rebalance-frequency :daily, :rebalance-threshold 0.01")
    assert 1 < len(wide) < len(narrow) < 400


def test_lesson_a_split_is_no_jump_in_the_history(run_json, tmp_path):
    folder = tmp_path / "split"
    folder.mkdir()
    days = np.busday_offset("2024-01-01", np.arange(30))
    rows = [f"{day},{100 if i < 15 else 50},50" for i, day in enumerate(days)]
    (folder / "AAA.csv").write_text("Date,Close,Adj Close\n" + "\n".join(rows) + "\n")
    (tmp_path / "hold.edn").write_text('(asset "AAA")')
    result = run_json("backtest", "hold.edn", "--data", str(folder), "--cost-bps", "0")
    assert (result["total_return"], result["basis"]) == (0.0, "adjusted")


def test_lesson_the_bar_that_decides_is_named_and_no_other_counts(run, switch, bars):
    file = Path(bars) / "AAA.csv"
    rows = file.read_text().splitlines()
    day = rows[300].split(",")[0]
    words = ("decide", "switch.edn", "--data", bars, "--as-of", day)
    then = run(*words, "--json").stdout
    assert json.loads(then)["as_of"] == day
    tomorrow, price = rows[301].split(",")
    rows[301] = f"{tomorrow},{float(price) * 3}"
    file.write_text("\n".join(rows) + "\n")
    assert run(*words, "--json").stdout == then
    rows[300] = f"{day},{float(price) * 3}"
    file.write_text("\n".join(rows) + "\n")
    assert run(*words, "--json").stdout != then


def test_a_date_without_a_session_is_said_to_be_none(run, switch, bars):
    for command in ("decide", "plan"):
        result = run(command, "switch.edn", "--data", bars, "--as-of", "2024-01-06")
        assert result.exit_code == 0
        assert "2024-01-06 is no session of the data" in result.stderr
        assert "2024-01-05" in result.stdout


def test_lesson_a_missing_price_is_refused_and_never_made_up(run_json, switch, bars, tmp_path):
    (tmp_path / "held.csv").write_text("symbol,quantity\nZZZ,5\nCASH,1000\n")
    words = ("plan", "switch.edn", "--data", bars, "--holdings", "held.csv")
    (problem,) = run_json(*words, code=3)["problems"]
    assert problem["what"] == "ZZZ is held but has no price"


def test_lesson_a_symbol_without_a_price_today_is_not_traded(run_json, bars, tmp_path):
    with (Path(bars) / "AAA.csv").open() as file:
        rows = file.read().splitlines()
    (Path(bars) / "OLD.csv").write_text("\n".join(rows[:300]) + "\n")
    (tmp_path / "held.csv").write_text("symbol,quantity\nOLD,5\nCASH,1000\n")
    (tmp_path / "hold.edn").write_text('(asset "AAA")')
    plan = run_json("plan", "hold.edn", "--data", bars, "--holdings", "held.csv")
    assert [order["symbol"] for order in plan["orders"]] == ["AAA"]
    (skipped,) = plan["skipped"]
    assert (skipped["symbol"], skipped["reason"]) == ("OLD", "no price in this session")
