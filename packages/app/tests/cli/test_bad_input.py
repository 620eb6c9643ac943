"""Input that is wrong: what is said, where and why; the exit code; never a traceback."""

import json
import random
from pathlib import Path

import pytest

SOUND = '(defsymphony "x" {} (if (> (rsi "AAA" {:window 5}) 55) [(asset "AAA")] [(asset "BBB")]))'
JSON_ASSET = '{"step": "asset", "ticker": "AAA"}'
JSON_ROOT = '{"step": "root", "name": "x", "rebalance": "daily", "children": [%s]}'
KINDS_OF_GARBAGE = {
    "empty": b"",
    "white space": b" \n , ",
    "zeros": b"\0" * 300,
    "utf-16": SOUND.encode("utf-16"),
    "half a surrogate": b'(asset "\xed\xa0\x80")',
    "latin-1": b'(asset "\xe9")',
    "bytes": bytes(random.Random(7).randrange(256) for _ in range(5000)),
    "brackets": b"[" * 100_000,
    "braces": b'{"a":' * 100_000,
    "blocks": b"(weight-equal [" * 100_000,
    "too long": b" " * (16 * 1024 * 1024 + 1),
    "two symphonies": (SOUND + SOUND).encode(),
    "two roots": f"[{JSON_ROOT % JSON_ASSET}, {JSON_ROOT % JSON_ASSET}]".encode(),
    "no root": b'{"a": [1, 2]}',
    "NaN": b'{"step": "root", "name": "x", "rebalance-threshold": NaN, "children": []}',
    "a key twice": b'{"step": "root", "step": "root", "name": "x", "children": []}',
}


def refusal(result, code):
    """The problems of a run with --json, which has to have failed as promised."""
    assert result.exit_code == code, result.output
    assert isinstance(result.exception, SystemExit)
    answer = json.loads(result.stdout)
    assert answer["exit_code"] == code
    assert answer["problems"]
    assert "Traceback" not in result.output
    return answer["problems"]


def told(problems):
    return " ".join(" ".join(map(str, problem.values())) for problem in problems)


@pytest.mark.parametrize("kind", KINDS_OF_GARBAGE)
def test_garbage_is_no_symphony(run, tmp_path, kind):
    (tmp_path / "garbage.edn").write_bytes(KINDS_OF_GARBAGE[kind])
    for problem in refusal(run("symphony", "check", "garbage.edn", "--json"), 2):
        assert problem["what"]
        assert problem["where"].startswith("garbage.edn")


@pytest.mark.parametrize("step", [1, 7])
def test_a_symphony_that_ends_early_is_refused_wherever_it_ends(run, tmp_path, step):
    text = SOUND if step == 1 else JSON_ROOT % JSON_ASSET
    for end in range(0, len(text) - 1, step):
        (tmp_path / "cut.edn").write_text(text[:end])
        refusal(run("symphony", "check", "cut.edn", "--json"), 2)


@pytest.mark.parametrize(
    "window", ["0", "-1", "5001", "2.5", '"x"', "nil", "9" * 40, "1e999", "{}"]
)
def test_a_wrong_window_is_refused_at_its_place(run, tmp_path, window):
    text = f'(if (> (rsi "AAA" {{:window {window}}}) 50) [(asset "AAA")] [])'
    (tmp_path / "window.edn").write_text(text)
    (problem,) = refusal(run("symphony", "check", "window.edn", "--json"), 2)
    assert problem["where"].startswith("window.edn:1:")
    assert problem["why"] or problem["hint"]


def test_all_that_is_wrong_with_a_symphony_is_said_at_once(run, tmp_path):
    (tmp_path / "many.edn").write_text(
        '(weight-equal [(frob 1) (asset "!!") (filter (rsi {:window 0}) (select-top 0) [])'
        ' (weight-specified -1 (asset "AAA"))])'
    )
    problems = refusal(run("symphony", "check", "many.edn", "--json"), 2)
    text = told(problems)
    for word in ("frob", "'!!'", "window of rsi is 0", "selects 0", "no blocks", "share is -1"):
        assert word in text


def test_a_symphony_inside_the_answer_of_an_api_is_found(run, tmp_path):
    (tmp_path / "api.json").write_text('{"data": {"symphony": %s}}' % (JSON_ROOT % JSON_ASSET))
    assert json.loads(run("symphony", "check", "api.json", "--json").stdout)["symbols"] == ["AAA"]


@pytest.mark.parametrize("prefix", [b"\xef\xbb\xbf", b"; a comment\r\n"])
def test_marks_and_line_ends_of_windows_are_no_matter(run, tmp_path, prefix):
    (tmp_path / "w.edn").write_bytes(prefix + SOUND.replace(" ", "\r\n").encode())
    assert run("symphony", "check", "w.edn").exit_code == 0


BROKEN_ROWS = {
    "conflict": ("date,close", "2024-01-02,1\n2024-01-02,2", "another close"),
    "date": ("date,close", "2023-02-30,1\nsoon,2", "'soon' is not a date"),
    "number": ("date,close", "2024-01-02,$5", "'$5' is not a number"),
    "columns": ("when,what", "2024-01-02,5", "no close column"),
    "empty": ("date,close", "", "no rows"),
    "cells": ("date,close", "2024-01-02,5,6,7", "4 cells"),
}


@pytest.mark.parametrize("command", [("decide", "switch.edn"), ("data", "info")])
@pytest.mark.parametrize("fault", BROKEN_ROWS)
def test_a_broken_file_is_refused_with_its_name(run, switch, bars, fault, command):
    header, rows, said = BROKEN_ROWS[fault]
    (Path(bars) / "BBB.csv").write_text(f"{header}\n{rows}\n")
    problems = refusal(run(*command, "--data", bars, "--json"), 3)
    assert said in told(problems)
    assert all(problem["where"].startswith("BBB.csv") for problem in problems)


def test_the_faults_of_several_files_are_said_together(run, switch, bars):
    for name in ("AAA", "BBB", "CCC"):
        (Path(bars) / f"{name}.csv").write_text("a,b\n1,2\n")
    problems = refusal(run("decide", "switch.edn", "--data", bars, "--json"), 3)
    assert {problem["where"] for problem in problems} == {"AAA.csv", "BBB.csv", "CCC.csv"}


ODD = {
    "zero": lambda rows: [*rows[:9], rows[9].split(",")[0] + ",0", *rows[10:]],
    "infinite": lambda rows: [*rows[:9], rows[9].split(",")[0] + ",inf", *rows[10:]],
    "unsorted": lambda rows: rows[::-1],
    "duplicate": lambda rows: [rows[0], *rows],
}


@pytest.mark.parametrize("oddity", ODD)
def test_what_is_odd_is_a_warning_unless_strict(run, switch, bars, oddity):
    file = Path(bars) / "AAA.csv"
    header, *rows = file.read_text().splitlines()
    file.write_text("\n".join([header, *ODD[oddity](rows)]) + "\n")
    result = run("decide", "switch.edn", "--data", bars)
    assert result.exit_code == 0
    assert "warning:" in result.stderr
    assert run("data", "info", "--data", bars).exit_code == 0
    (problem,) = refusal(run("data", "info", "--data", bars, "--strict", "--json"), 3)
    assert problem["where"] == "AAA.csv"


def test_rows_later_than_the_sessions_are_counted(run, switch, bars):
    (Path(bars) / "SPY.csv").write_text((Path(bars) / "CCC.csv").read_text())
    with (Path(bars) / "AAA.csv").open("a") as file:
        file.write("2030-01-02,5\n")
    assert (
        "1 rows dropped that are no sessions" in run("decide", "switch.edn", "--data", bars).stderr
    )


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--start", "2024-02-01", "--end", "2024-01-01"), 2, "is after --end"),
        (("--equity", "a.csv", "--trades", "./a.csv"), 2, "a file of its own"),
        (("--set", "overbought=80"), 2, "no parameter 'overbought'"),
        (("--set", "=80"), 2, "sets nothing"),
        (("--substitute", "AAA"), 2, "OLD=NEW"),
        (("--substitute", "AAA=BBB", "--substitute", "aaa=CCC"), 2, "AAA is to be replaced by BBB"),
        (("--end", "1990-01-01"), 3, "the sessions run from 2023-01-02"),
        (("--fill", "next-open"), 3, "has no open"),
    ],
)
def test_a_wrong_option_says_what_is_wrong_with_it(run, switch, bars, words, code, said):
    result = run("backtest", "switch.edn", "--data", bars, *words)
    assert result.exit_code == code, result.output
    assert said in " ".join(result.output.split())


def test_of_several_files_all_are_written_or_none(run, switch, bars, tmp_path):
    (tmp_path / "equity.csv").write_text("as before")
    words = (
        "--equity",
        "equity.csv",
        "--trades",
        "no/such/folder/t.csv",
        "--weights",
        str(tmp_path),
    )
    problems = refusal(run("backtest", "switch.edn", "--data", bars, *words, "--json"), 2)
    assert {problem["where"] for problem in problems} == {"no/such/folder/t.csv", str(tmp_path)}
    assert (tmp_path / "equity.csv").read_text() == "as before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bars", "equity.csv", "switch.edn"]


@pytest.mark.parametrize(
    ("toml", "where", "said"),
    [
        ("mode = 'liv'", "alchemiser.toml:1: mode", "did you mean 'live'"),
        ("[strategies.nosuch.parameters]\nx = 1", "strategies.nosuch", "no strategy 'nosuch'"),
        ("[strategies.tecl.parameters]\nx = 1", "strategies.tecl.parameters", "no parameter 'x'"),
        ("[data]\nfeed = 'fils'", "alchemiser.toml:2: data.feed", "did you mean 'files'"),
        (
            "[data]\nfeed = 'files'\n[data.settings]\nfolder = 'away'",
            "alchemiser.toml:3: data.settings",
            "no folder 'away'",
        ),
        ("a = = 1", "alchemiser.toml", "at line 1"),
        ("[trading]\nslot = 'noon'", "alchemiser.toml:2: trading.slot", "is no slot of a session"),
        ("[risk]\nmax_gross = 2", "alchemiser.toml:2: risk.max_gross", "between 0 and 1"),
        ("[[notify]]\nname = ''", "alchemiser.toml:2: notify[0].name", "not empty"),
        (
            "mode = 'live'\n[risk]\nmax_order_value = 9\nmax_day_value = 9",
            "alchemiser.toml:1: mode",
            "no account is named",
        ),
    ],
)
def test_a_wrong_configuration_is_refused_with_its_line(run, tmp_path, toml, where, said):
    (tmp_path / "alchemiser.toml").write_text(toml)
    problems = refusal(run("config", "check", "--json"), 2)
    assert said in told(problems)
    assert where in problems[0]["where"]


@pytest.mark.parametrize("shares", [("0.6", "0.39"), ("0.6", "0.41"), ("0.5", "0.495")])
def test_lesson_weights_near_one_are_not_accepted(run, tmp_path, shares):
    entry = '[[portfolio.strategies]]\nstrategy = "{}"\nshare = {}\n'
    text = "".join(entry.format(*pair) for pair in zip(("tecl", "klm"), shares, strict=True))
    (tmp_path / "alchemiser.toml").write_text(text)
    for command in (("config", "check"), ("decide", "portfolio", "--data", "sample")):
        (problem,) = refusal(run(*command, "--json"), 2)
        assert "exactly 1" in problem["why"]


def test_lesson_a_parameter_that_no_strategy_reads_is_refused(run, tmp_path):
    run("init", ".")
    words = ("decide", "portfolio", "--data", "sample", "--json")
    assert run(*words, "--set", "nuclear.overbought=80").exit_code == 0
    for parameter in ("nosuch.overbought=80", "nuclear.nosuch=80", "sixty-forty.stocks=SPY"):
        (problem,) = refusal(run(*words, "--set", parameter), 2)
        assert "--set" in problem["where"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("AAA,-5", "negative"),
        ("AAA,1e400", "more than"),
        ("AAA,5\naaa,6", "stands twice"),
        ("AAA,five", "not a number"),
        ("ZZZ,5", "no price"),
    ],
)
def test_wrong_holdings_are_refused(run, switch, bars, tmp_path, rows, said):
    (tmp_path / "held.csv").write_text(f"symbol,quantity\n{rows}\n")
    result = run("plan", "switch.edn", "--data", bars, "--holdings", "held.csv", "--json")
    assert said in told(refusal(result, 3 if "ZZZ" in rows else 2))


def test_where_nothing_is_decidable_the_causes_are_said(run, switch, bars):
    (Path(bars) / "AAA.csv").unlink()
    problems = refusal(run("backtest", "switch.edn", "--data", bars, "--json"), 3)
    assert [problem["code"] for problem in problems] == [
        "nothing-decidable",
        "insufficient-history",
    ]
    assert "rsi 5 of AAA needs 6 bars, 0 are there" in problems[1]["what"]


def test_a_substitute_for_what_no_rule_names_is_noticed(run, switch, bars):
    result = run("decide", "switch.edn", "--data", bars, "--substitute", "QQQ=AAA")
    assert result.exit_code == 0
    assert "no rule names QQQ" in result.stderr
    assert "QQQ" not in result.stdout
    words = ("--substitute", "QQQ=AAA", "--substitute", "BBB=CCC", "--substitute", "BBB=CCC")
    decided = json.loads(run("decide", "switch.edn", "--data", bars, "--json", *words).stdout)
    assert decided["substitutions"] == {"BBB": "CCC"}


@pytest.mark.parametrize("ending", [".edn", ".clj", ".json"])
def test_a_file_named_without_its_ending_is_found_beside(run, tmp_path, ending):
    (tmp_path / f"mine{ending}").write_text(SOUND)
    (problem,) = refusal(run("decide", "mine", "--data", "sample", "--json"), 2)
    assert f"did you mean mine{ending}?" in problem["hint"]


def test_a_file_that_is_not_there_is_not_called_a_strategy(run, tmp_path):
    (problem,) = refusal(run("decide", "mine.ed", "--data", "sample", "--json"), 2)
    assert "there is no file 'mine.ed'" in problem["what"]
    (tmp_path / "mine.txt").write_text(SOUND)
    (problem,) = refusal(run("decide", "mine.txt", "--data", "sample", "--json"), 2)
    assert "the file 'mine.txt' has no name of a symphony file" in problem["what"]
    assert ".edn" in problem["hint"]


def test_a_portfolio_without_a_configuration_is_told_how_one_is_made(run, tmp_path):
    (problem,) = refusal(run("decide", "portfolio", "--data", "sample", "--json"), 2)
    assert "no alchemiser.toml was found here" in problem["what"]
    assert "alchemiser init" in problem["hint"]
    (tmp_path / "alchemiser.toml").write_text("mode = 'paper'")
    (problem,) = refusal(run("decide", "portfolio", "--data", "sample", "--json"), 2)
    assert "was found" not in problem["what"]
    assert "[[portfolio.strategies]]" in problem["hint"]


def test_a_file_of_bars_is_answered_with_its_folder(run, switch, bars):
    (problem,) = refusal(run("decide", switch, "--data", f"{bars}/AAA.csv", "--json"), 2)
    assert problem["hint"] == f"give the folder it is in: --data {bars}"


def test_holdings_without_their_header_are_shown_it(run, switch, bars, tmp_path):
    (tmp_path / "held.csv").write_text("ticker,shares\nAAA,5\n")
    words = ("plan", "switch.edn", "--data", bars, "--holdings", "held.csv", "--json")
    (problem,) = refusal(run(*words), 2)
    assert "the line symbol,quantity" in problem["hint"]
