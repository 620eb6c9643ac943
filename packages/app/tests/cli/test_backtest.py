import csv
import json
from pathlib import Path

import pytest

PROMISED = {
    "target",
    "start",
    "end",
    "sessions",
    "first_decidable",
    "held_back_by",
    "undecidable",
    "missing_symbols",
    "final_equity",
    "total_return",
    "cagr",
    "volatility",
    "sharpe",
    "sortino",
    "max_drawdown",
    "calmar",
    "turnover",
    "trades",
    "costs",
    "synthetic",
    "seconds",
}


def rows_of(path):
    with Path(path).open() as file:
        return list(csv.DictReader(file))


def test_the_object_has_what_is_promised(run_json, switch, bars):
    result = run_json("backtest", switch, "--data", bars)
    assert result.keys() >= PROMISED
    assert result["seconds"].keys() == {"load", "decide", "simulate"}
    assert result["sessions"] > 252
    assert result["first_decidable"] <= result["start"]


def test_the_page_says_figures_and_conventions(run, switch, bars):
    page = run("backtest", switch, "--data", bars, "--benchmark", "CCC").stdout
    for words in ("final equity", "max drawdown", "252 sessions a year", "fractional shares"):
        assert words in page
    assert "CCC" in page


def test_the_files_read_back_exactly(run, run_json, switch, bars, tmp_path):
    names = {kind: str(tmp_path / f"{kind}.csv") for kind in ("weights", "equity", "trades")}
    flags = [word for kind, name in names.items() for word in (f"--{kind}", name)]
    result = run_json("backtest", switch, "--data", bars, *flags)
    curve = rows_of(names["equity"])
    assert list(curve[0]) == ["date", "equity"]
    assert float(curve[0]["equity"]) == 100000.0
    assert float(curve[-1]["equity"]) == result["final_equity"]
    assert len(curve) == result["sessions"]
    assert len(rows_of(names["trades"])) == result["trades"]
    weights = rows_of(names["weights"])
    assert list(weights[0]) == ["date", "AAA", "BBB", "CCC"]
    last = run_json("decide", switch, "--data", bars)
    held = {s: float(w) for s, w in weights[-1].items() if s != "date" and float(w)}
    assert held == last["weights"]


def test_positions_are_the_weights_held(run, switch, bars, tmp_path):
    assert run("backtest", switch, "--data", bars, "--positions", "p.csv").exit_code == 0
    held = rows_of(tmp_path / "p.csv")
    assert all(0 <= float(row["AAA"]) <= 1 + 1e-9 for row in held)


def test_a_file_that_cannot_be_written_is_an_error_and_leaves_nothing(run, switch, bars):
    result = run("backtest", switch, "--data", bars, "--equity", "no/such/folder/e.csv")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


@pytest.mark.parametrize("fill", ["close", "next-close"])
def test_fills_are_dated_as_asked(run_json, switch, bars, tmp_path, fill):
    flags = ("--fill", fill, "--trades", "t.csv", "--start", "2023-08-01", "--end", "2024-01-31")
    result = run_json("backtest", switch, "--data", bars, *flags)
    first = rows_of(tmp_path / "t.csv")[0]["date"]
    assert first == ("2023-08-01" if fill == "close" else "2023-08-02")
    assert (result["start"], result["end"]) == ("2023-08-01", "2024-01-31")


def test_a_missing_open_is_a_data_error_unless_told_otherwise(run, run_json, switch, bars):
    words = ("backtest", switch, "--data", bars, "--fill", "next-open")
    refused = run(*words)
    assert refused.exit_code == 3
    assert "open" in refused.stderr
    with_close = run_json(*words, "--missing-open", "close")
    at_close = run_json("backtest", switch, "--data", bars, "--fill", "next-close")
    assert with_close["final_equity"] == pytest.approx(at_close["final_equity"], rel=1e-12)


def test_costs_and_whole_shares_lower_the_result(run_json, switch, bars):
    words = ("backtest", switch, "--data", bars, "--cash", "1000")
    free = run_json(*words, "--cost-bps", "0")
    dear = run_json(*words, "--cost-bps", "20")
    whole = run_json(*words, "--cost-bps", "0", "--whole-shares")
    assert free["final_equity"] > dear["final_equity"]
    assert free["costs"] == 0.0
    assert whole["final_equity"] != free["final_equity"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--cash", "0"), 2),
        (("--cash", "much"), 2),
        (("--cost-bps", "-1"), 2),
        (("--fill", "yesterday"), 2),
        (("--benchmark", "???"), 2),
        (("--start", "2030-01-01"), 3),
        (("--end", "1990-01-01"), 3),
        (("--start", "2024-02-01", "--end", "2024-01-01"), 2),
    ],
)
def test_wrong_options_are_explained(run, switch, bars, words, code):
    result = run("backtest", switch, "--data", bars, *words)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output


def test_undecidable_sessions_inside_a_range_are_counted_and_named(run_json, tmp_path, bars):
    path = tmp_path / "young.edn"
    path.write_text('(weight-equal [(asset "AAA") (asset "BBB")])')
    lines = (Path(bars) / "BBB.csv").read_text().splitlines()
    (Path(bars) / "BBB.csv").write_text("\n".join(lines[:150] + lines[152:]) + "\n")
    result = run_json("backtest", str(path), "--data", bars, "--start", "2023-06-01")
    assert len(result["undecidable"]) == 2
    assert result["held_back_by"][0]["symbols"] == ["BBB"]


def test_a_run_is_only_held_back_by_sessions_before_it(run, tmp_path, bars):
    path = tmp_path / "young.edn"
    path.write_text('(weight-equal [(asset "AAA") (asset "BBB")])')
    words = ("backtest", str(path), "--data", bars)
    assert "held back to 2023-05-19 (young): BBB would get weight" in run(*words).stdout
    page = run(*words, "--start", "2023-01-02").stdout
    assert "held back" not in page
    assert "not decidable on 2023-05-19 (young): BBB would get weight" in page


def test_a_symbol_that_begins_after_the_end_is_not_said_to_have_no_data_at_all(run, bars, tmp_path):
    path = tmp_path / "young.edn"
    path.write_text('(if (> (rsi "AAA" {:window 5}) 200) [(asset "BBB")] [(asset "AAA")])')
    words = ("decide", str(path), "--data", bars, "--as-of", "2023-03-01")
    assert "warning: no data up to 2023-03-01 for BBB" in run(*words).stderr
    strict = run(*words, "--strict-symbols")
    assert strict.exit_code == 3
    assert "error: BBB has no data up to 2023-03-01" in strict.stderr


def test_a_blend_has_a_book_for_each_strategy(run, run_json):
    run("init")
    result = run_json("backtest", "portfolio", "--start", "2022-01-03", "--end", "2023-12-29")
    assert [book["name"] for book in result["books"]] == ["nuclear", "tecl", "klm"]
    total = sum(book["final_equity"] for book in result["books"])
    assert total == pytest.approx(result["final_equity"], abs=0.01)


def test_json_has_nothing_else_on_standard_output(run, switch, bars):
    result = run("backtest", switch, "--data", bars, "--weights", "w.csv", "--json")
    assert json.loads(result.stdout)["target"] == switch


def test_a_configuration_that_decides_after_the_close_fills_at_the_next_open(run_json, tmp_path):
    (tmp_path / "alchemiser.toml").write_text('decide_on = "after-close"\n')
    result = run_json("backtest", "sixty-forty", "--data", "sample", "--end", "2011-12-30")
    assert result["settings"]["fill"] == "next-open"
    asked = run_json(
        "backtest", "sixty-forty", "--data", "sample", "--end", "2011-12-30", "--fill", "next-open"
    )
    assert asked["final_equity"] == result["final_equity"]


def test_fractions_of_the_command_line_win_over_whole_shares_of_the_file(run_json, switch, bars):
    Path("alchemiser.toml").write_text("[planning]\nwhole_shares = true\n")
    words = ("backtest", switch, "--data", bars)
    assert run_json(*words)["settings"]["whole_shares"] is True
    assert run_json(*words, "--fractional-shares")["settings"]["whole_shares"] is False


def test_the_trades_of_a_session_list_sells_before_the_buys_they_pay_for(run, switch, bars):
    assert run("backtest", switch, "--data", bars, "--trades", "t.csv").exit_code == 0
    sequence = [(row["date"], row["side"] == "buy") for row in rows_of("t.csv")]
    assert sequence == sorted(sequence)
    assert {side for _, side in sequence} == {True, False}


def test_what_makes_figures_doubtful_stands_above_them(run, run_json, tmp_path, bars):
    path = tmp_path / "young.edn"
    path.write_text('(weight-equal [(asset "AAA") (asset "BBB")])')
    lines = (Path(bars) / "BBB.csv").read_text().splitlines()
    (Path(bars) / "BBB.csv").write_text("\n".join(lines[:150] + lines[152:]) + "\n")
    words = ("backtest", str(path), "--data", bars, "--start", "2023-06-01")
    page = run(*words).stdout
    assert page.index("idealised") < page.index("final equity")
    assert page.index("CAUTION: 2 of ") < page.index("final equity")
    assert "idealised" not in run(*words, "--fill", "next-close").stdout
    opens = ("--fill", "next-open", "--missing-open", "close", "--trades", "t.csv")
    result = run_json(*words, *opens)
    assert result["closes_for_opens"] + len(result["forced_fills"]) == result["trades"]
    assert all(row["stand_in"] != row["forced"] for row in rows_of("t.csv"))
    assert "fills at the close, because the open is missing" in run(*words, *opens).stdout


def test_every_decidable_session_has_its_weights_though_the_run_begins_later(
    run, run_json, bars, tmp_path
):
    path = tmp_path / "young.edn"
    path.write_text('(weight-equal [(asset "AAA") (asset "BBB")])')
    gone = (Path(bars) / "BBB.csv").read_text().splitlines()
    (Path(bars) / "BBB.csv").write_text("\n".join(gone[:11] + gone[13:]) + "\n")
    result = run_json("backtest", str(path), "--data", bars, "--weights", "w.csv")
    dates = [row["date"] for row in rows_of("w.csv")]
    assert dates[0] == result["first_decidable"] < result["start"]
    assert len(dates) == result["sessions"] + 10


def test_the_weights_of_a_blend_are_those_of_its_strategies_by_share(run, run_json):
    run("init")
    words = ("--start", "2024-01-02", "--end", "2024-03-28", "--weights", "w.csv")
    assert run("backtest", "portfolio", *words).exit_code == 0
    decided = run_json("decide", "portfolio", "--as-of", "2024-03-28")["weights"]
    last = {s: float(w) for s, w in rows_of("w.csv")[-1].items() if s != "date" and float(w)}
    assert last == pytest.approx(decided, abs=1e-12)
