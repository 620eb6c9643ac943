from decimal import Decimal
from pathlib import Path

import pytest


def test_the_object_has_what_is_promised_with_money_as_strings(run_json, switch, bars):
    plan = run_json("plan", switch, "--data", bars, "--cash", "25000")
    assert plan.keys() >= {"as_of", "equity", "orders", "skipped"}
    assert plan["target"] == switch
    assert sum(map(Decimal, plan["weights"].values())) == 1
    assert Decimal(plan["equity"]) == 25000
    (order,) = plan["orders"]
    assert order.keys() == {
        "symbol",
        "side",
        "quantity",
        "price",
        "value",
        "reason",
        "client_order_id",
    }
    assert all(isinstance(value, str) for value in order.values())
    spent = Decimal(order["value"]) + Decimal(plan["expected_costs"])
    assert spent <= 25000


def test_the_same_inputs_give_the_same_plan(run, switch, bars):
    words = ("plan", switch, "--data", bars, "--json")
    assert run(*words).stdout == run(*words).stdout


def test_what_left_the_target_is_sold_first_and_exactly(run_json, switch, bars, tmp_path):
    (tmp_path / "held.csv").write_text("symbol,quantity\nAAA,10.25\nCCC,3\nCASH,100.50\nBBB,1\n")
    plan = run_json("plan", switch, "--data", bars, "--holdings", "held.csv")
    sides = [order["side"] for order in plan["orders"]]
    assert sides == sorted(sides, reverse=True)
    exits = {o["symbol"]: Decimal(o["quantity"]) for o in plan["orders"] if o["reason"] == "exit"}
    held = {"AAA": Decimal("10.25"), "CCC": Decimal(3), "BBB": Decimal(1)}
    assert exits
    assert all(quantity == held[symbol] for symbol, quantity in exits.items())


def test_the_page_says_that_nothing_is_sent(run, switch, bars):
    assert "nothing is sent" in run("plan", switch, "--data", bars).stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "symbol,quantity"),
        ("ticker,shares\nAAA,1\n", "symbol,quantity"),
        ("symbol,quantity\nAAA,much\n", "'much' is not a number"),
        ("symbol,quantity\nAAA,-1\n", "negative"),
        ("symbol,quantity\nAAA,1\nAAA,2\n", "stands twice"),
        ("symbol,quantity\n???,1\n", "not a ticker"),
        ("symbol,quantity\nAAA,1,2\n", "3 cells"),
    ],
)
def test_wrong_holdings_are_refused_with_their_line(run, switch, bars, tmp_path, text, said):
    (tmp_path / "held.csv").write_text(text)
    result = run("plan", switch, "--data", bars, "--holdings", "held.csv")
    assert result.exit_code == 2
    assert said in result.stderr
    assert "held.csv" in result.stderr


def test_all_wrong_lines_are_reported_together(run, switch, bars, tmp_path):
    (tmp_path / "held.csv").write_text("symbol,quantity\nAAA,x\nBBB,1\nCCC,y\n")
    result = run("plan", switch, "--data", bars, "--holdings", "held.csv")
    assert "held.csv:2" in result.stderr
    assert "held.csv:4" in result.stderr


def test_cash_and_holdings_exclude_each_other(run, switch, bars):
    words = ("plan", switch, "--data", bars, "--cash", "1", "--holdings", "x.csv")
    assert run(*words).exit_code == 2


def test_a_holding_without_any_price_is_refused(run, switch, bars, tmp_path):
    (tmp_path / "held.csv").write_text("symbol,quantity\nZZZ,5\nCASH,1000\n")
    result = run("plan", switch, "--data", bars, "--holdings", "held.csv")
    assert result.exit_code == 3
    assert "ZZZ" in result.stderr


def test_whole_shares_of_the_configuration_are_planned(run, run_json, switch, bars, tmp_path):
    Path("alchemiser.toml").write_text("[planning]\nwhole_shares = true\n")
    (order,) = run_json("plan", switch, "--data", bars)["orders"]
    assert Decimal(order["quantity"]) % 1 == 0


def test_a_plan_admits_what_its_decision_admits(run, run_json, tmp_path, bars):
    path = tmp_path / "f.edn"
    path.write_text(
        '(defsymphony "f" {:rebalance-frequency :monthly}'
        " (filter (cumulative-return {:window 10}) (select-top 1)"
        ' [(asset "BBB") (asset "CCC")]))'
    )
    words = ("plan", str(path), "--data", bars, "--as-of", "2023-05-26")
    plan = run_json(*words)
    assert [out["label"] for out in plan["left_out"]] == ["BBB"]
    assert plan["policies"] == {"f": {"frequency": "monthly", "threshold": None}}
    page = run(*words).stdout
    assert "BBB: cumulative-return 10 needs 11 bars, 5 are there" in page
    assert "f trades monthly" in page
