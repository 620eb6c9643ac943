"""`alchemiser history`: what the cycles came to."""

from decimal import Decimal

import pytest

DAYS = ("2024-03-05", "2024-03-06", "2024-03-07", "2024-03-08")


@pytest.fixture
def traded(run, market):
    """Three sessions traded by the strategy that changes every day, and one that was halted."""
    for day in DAYS[:3]:
        assert run("trade", "one.edn", "--session", day).exit_code == 0
    run("halt", "--reason", "to look")
    assert run("trade", "one.edn", "--session", DAYS[3]).exit_code == 6


def test_every_cycle_is_a_line_with_what_it_came_to(run, run_json, traded):
    cycles = run_json("history")["cycles"]
    assert [cycle["session"] for cycle in cycles] == list(DAYS[:3])
    assert [cycle["outcome"] for cycle in cycles] == ["complete"] * 3
    assert [(cycle["sent"], cycle["filled"]) for cycle in cycles] == [(1, 1), (2, 2), (2, 2)]
    for cycle in cycles:
        value = sum(Decimal(order["filled_value"]) for order in cycle["orders"])
        costs = sum(Decimal(order["costs"]) for order in cycle["orders"])
        assert (Decimal(cycle["value_traded"]), Decimal(cycle["costs"])) == (value, costs)
    page = run("history").stdout.splitlines()
    assert [line.split()[0] for line in page[1:4]] == list(DAYS[:3])
    assert max(map(len, page)) <= 80


def test_equity_of_the_last_cycle_is_that_of_the_account(run_json, traded):
    last = run_json("history")["cycles"][-1]
    assert last["equity"] == run_json("status", code=6)["equity"]


def test_a_session_that_was_refused_is_told_outside_of_any_cycle(run, run_json, traded):
    (alert,) = run_json("history")["alerts"]
    assert alert["code"] == "halted"
    assert DAYS[3] in alert["text"]
    page = run("history").stdout
    assert "outside of any cycle" in page
    assert "to look" in page


def test_the_last_ones_alone(run, run_json, traded):
    cycles = run_json("history", "--last", "2")["cycles"]
    assert [cycle["session"] for cycle in cycles] == list(DAYS[1:3])


def test_orders_are_told_below_their_cycle(run, traded):
    without, page = run("history").stdout, run("history", "--orders").stdout
    assert "filled," not in without
    assert page.count("filled, ") == 5
    assert "buy" in page
    assert "sell" in page


def test_one_cycle_is_told_in_words(run, run_json, traded):
    page = run("history", "--cycle", DAYS[1]).stdout
    assert f"cycle of {DAYS[1]} (previous-close, market)" in page
    assert "one decides by 2024-03-05" in page
    assert "AAA filled" in page
    assert f"cycle of {DAYS[1]} complete" in page
    assert DAYS[2] not in page
    (cycle,) = run_json("history", "--cycle", DAYS[1])["cycles"]
    assert cycle["session"] == DAYS[1]


def test_a_day_without_a_cycle_is_wrong_usage(run_json, traded):
    (problem,) = run_json("history", "--cycle", "2024-01-02", code=2)["problems"]
    assert problem["code"] == "no-such-cycle"


def test_a_journal_without_a_cycle_has_none(run, run_json, market):
    run("halt")
    run("trade", "one.edn", "--session", DAYS[0])
    assert run_json("history")["cycles"] == []
    assert "no cycle yet" in run("history").stderr
