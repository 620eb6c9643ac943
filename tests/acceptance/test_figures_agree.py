"""What commands print agrees: decisions with back-tests, figures with curves, plans with cash."""

import csv
import json
import math
import random
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from alchemiser_app.cli.main import app

REAL = Path(__file__).parents[3] / "shared" / "market" / "daily"
BUILT_IN = ("nuclear", "tecl", "klm")


@pytest.fixture
def answer(tmp_path, monkeypatch):
    """The object of a command with --json, run in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*words):
        result = CliRunner().invoke(app, [*words, "--json"])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return call


def rows_of(name):
    with Path(name).open() as file:
        return list(csv.DictReader(file))


def data_of(market):
    if market == "real" and not REAL.is_dir():
        pytest.skip(f"there are no real bars in {REAL}")
    return "sample" if market == "sample" else str(REAL)


@pytest.mark.parametrize("market", ["sample", "real"])
@pytest.mark.parametrize("target", [*BUILT_IN, "klm.json"])
def test_a_decision_is_the_row_of_the_back_test_bit_for_bit(answer, market, target):
    data = data_of(market)
    if target.endswith(".json"):
        CliRunner().invoke(app, ["symphony", "convert", "klm", "--to", "json", "--output", target])
    answer("backtest", target, "--data", data, "--weights", "weights.csv")
    rows = rows_of("weights.csv")
    for row in random.Random(target).sample(rows, 4):
        decision = answer("decide", target, "--data", data, "--as-of", row["date"])
        decided = {symbol: weight for symbol, weight in decision["weights"].items() if weight}
        written = {symbol: float(text) for symbol, text in row.items() if symbol != "date"}
        assert decision["as_of"] == row["date"]
        assert decided == {symbol: weight for symbol, weight in written.items() if weight}


@pytest.mark.parametrize(
    "options",
    [(), ("--whole-shares", "--cost-bps", "5", "--slippage-bps", "3"), ("--fill", "next-open")],
    ids=["close", "whole shares", "next open"],
)
def test_figures_follow_from_the_files(answer, options):
    files = ("--equity", "equity.csv", "--trades", "trades.csv")
    told = answer("backtest", "tecl", "--data", "sample", *files, *options)
    equity = np.array([float(row["equity"]) for row in rows_of("equity.csv")])
    trades = rows_of("trades.csv")
    returns = equity[1:] / equity[:-1] - 1.0
    years = len(returns) / 252
    fall = float(np.max(1.0 - equity / np.maximum.accumulate(equity)))
    cagr = float((equity[-1] / equity[0]) ** (1 / years) - 1.0)
    traded = sum(float(row["value"]) for row in trades)
    expected = {
        "sessions": len(equity),
        "final_equity": equity[-1],
        "total_return": equity[-1] / 100_000 - 1.0,
        "cagr": cagr,
        "volatility": returns.std(ddof=1) * math.sqrt(252),
        "sharpe": returns.mean() / returns.std(ddof=1) * math.sqrt(252),
        "sortino": returns.mean()
        / math.sqrt(np.mean(np.minimum(returns, 0) ** 2))
        * math.sqrt(252),
        "max_drawdown": fall,
        "calmar": cagr / fall,
        "turnover": traded / (2 * equity.mean()) / years,
        "trades": len(trades),
        "costs": sum(float(row["cost"]) for row in trades),
    }
    assert {name: told[name] for name in expected} == pytest.approx(expected, rel=1e-9)


OPENS = {"AAA": [10, 10.5, 11.5, 12.5, 11.2, 13.5], "BBB": [20, 20.5, 19.5, 20.2, 21.5, 21]}
CLOSES = {"AAA": [10, 11, 12, 11, 13, 14], "BBB": [20, 20, 19, 21, 22, 20]}


def by_hand(fill, cost):
    """Equity at each close of switching between AAA and BBB, one session after the other."""
    delay = 0 if fill == "close" else 1
    prices = OPENS if fill == "next-open" else CLOSES
    wanted = ["BBB" if close > 11.5 else "AAA" for close in CLOSES["AAA"]]
    cash, held, quantity, curve = 100_000.0, None, 0.0, []
    for day in range(6):
        target = wanted[day - delay] if day >= delay else None
        before = cash + (quantity * prices[held][day] if held else 0.0)
        if target and target != held:
            after = before * (1 - cost) / (1 + cost) if held else before / (1 + cost)
            cash, held, quantity = 0.0, target, after / prices[target][day]
        curve.append(cash + (quantity * CLOSES[held][day] if held else 0.0))
    return [100_000.0, *curve[1:]]


@pytest.mark.parametrize("fill", ["close", "next-open", "next-close"])
def test_fills_come_when_they_are_said_to_come(answer, tmp_path, fill):
    days = np.busday_offset("2024-01-02", np.arange(6))
    for symbol, closes in CLOSES.items():
        rows = zip(days, OPENS[symbol], closes, strict=True)
        text = "".join(f"{day},{opened},{close}\n" for day, opened, close in rows)
        (tmp_path / f"{symbol}.csv").write_text("date,open,close\n" + text)
    Path("switch.edn").write_text(
        '(if (> (current-price "AAA") 11.5) [(asset "BBB")] [(asset "AAA")])'
    )
    words = ("backtest", "switch.edn", "--data", ".", "--cost-bps", "10", "--fill", fill)
    answer(*words, "--equity", "equity.csv")
    curve = [float(row["equity"]) for row in rows_of("equity.csv")]
    assert curve == pytest.approx(by_hand(fill, 0.001), rel=1e-12)


PLANNING = ("", "whole_shares = true", 'minimum_trade = 50\ncash_buffer = "0.02"', 'cap = "0.3"')


@pytest.mark.parametrize("planning", PLANNING)
def test_plans_sell_what_is_held_and_buy_what_is_paid_for(answer, planning):
    draw = random.Random(planning)
    Path("plan.toml").write_text(f"[planning]\n{planning}\n")
    for target in (*BUILT_IN, "sixty-forty"):
        symbols = draw.sample(["SPY", "QQQ", "TQQQ", "TECL", "UVXY", "BIL", "TLT"], 4)
        held = {symbol: Decimal(draw.choice(["0.000001", "3.25", "1234.5"])) for symbol in symbols}
        cash = Decimal(draw.choice(["0", "12.345678", "99999.99"]))
        lines = [f"{symbol},{quantity}" for symbol, quantity in {**held, "CASH": cash}.items()]
        Path("held.csv").write_text("symbol,quantity\n" + "\n".join(lines) + "\n")
        words = ("--data", "sample", "--holdings", "held.csv", "--config", "plan.toml")
        plan = answer("plan", target, *words)
        sides = [order["side"] for order in plan["orders"]]
        assert sides == sorted(sides, reverse=True)  # sells come first
        for order in plan["orders"]:
            quantity, value = Decimal(order["quantity"]), Decimal(order["value"])
            cost = value * Decimal("0.0001")
            if order["side"] == "sell":
                assert 0 < quantity <= held[order["symbol"]]
                cash += value - cost
            else:
                cash -= value + cost
        assert cash >= 0
        assert cash == pytest.approx(Decimal(plan["expected_cash"]), abs=Decimal("0.02"))
