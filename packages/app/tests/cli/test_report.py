"""`alchemiser report drift`, as a user runs it."""

from decimal import Decimal

import pytest

KLM = ("klm", "--data", "sample")


def trade(run_json, *days: str) -> None:
    for day in days:
        run_json("trade", *KLM, "--session", day)


def test_an_account_that_traded_every_session_differs_by_cents(run_json) -> None:
    trade(run_json, "2024-03-01", "2024-03-04", "2024-03-05", "2024-03-06")
    answer = run_json("report", "drift", *KLM)
    assert abs(Decimal(answer["difference"])) < Decimal("0.10")
    assert answer["decisions"] == []
    assert answer["only_account"] == answer["only_backtest"] == []


def test_the_parts_add_up_to_the_difference(run_json) -> None:
    trade(run_json, "2024-03-01", "2024-03-06", "2024-03-12")
    answer = run_json("report", "drift", *KLM)
    parts = sum(map(Decimal, answer["parts"].values()), start=Decimal(0))
    assert parts == Decimal(answer["difference"])
    assert Decimal(answer["equity"]) - Decimal(answer["backtest"]) == Decimal(answer["difference"])


def test_sessions_that_were_missed_are_timing(run_json) -> None:
    trade(run_json, "2024-03-01", "2024-03-06", "2024-03-12")
    answer = run_json("report", "drift", *KLM)
    timing = abs(Decimal(answer["parts"]["timing"]))
    others = [abs(Decimal(v)) for name, v in answer["parts"].items() if name != "timing"]
    assert timing > max(others)
    assert answer["only_backtest"]


def test_a_deposit_is_outside(run, run_json) -> None:
    trade(run_json, "2024-03-01")
    assert run("paper", "deposit", "5000").exit_code == 0
    trade(run_json, "2024-03-04")
    answer = run_json("report", "drift", *KLM)
    assert Decimal(answer["parts"]["outside"]) == pytest.approx(Decimal(5000), abs=Decimal(150))


def test_without_a_journal_there_is_nothing_to_compare(run) -> None:
    result = run("report", "drift", *KLM)
    assert result.exit_code == 2
    assert "journal" in result.stderr


def test_an_account_without_money_has_nothing_to_compare(market, run):
    with (market / "alchemiser.toml").open("a") as file:
        file.write("[broker.settings]\ncash = 0\n")
    assert run("trade", "--session", "2024-03-06").exit_code == 0
    result = run("report", "drift")
    assert result.exit_code == 3
    assert "no money to compare" in result.stderr
