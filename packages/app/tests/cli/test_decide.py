from pathlib import Path

import pytest


def test_the_page_has_weights_and_reasons(run, switch, bars):
    result = run("decide", switch, "--data", bars)
    assert result.exit_code == 0
    assert "because" in result.stdout
    assert "rsi 5 of AAA = " in result.stdout
    assert "100.00%" in result.stdout


def test_the_object_has_what_is_promised(run_json, switch, bars):
    decided = run_json("decide", switch, "--data", bars, "--as-of", "2024-03-01")
    assert decided["as_of"] == "2024-03-01"
    assert sum(decided["weights"].values()) + decided["cash"] == 1.0
    assert decided["path"][0]["kind"] == "condition"
    assert decided["synthetic"] is False
    for key in ("target", "left_out", "carried", "fragile", "substitutions"):
        assert key in decided


def test_a_weekend_is_decided_at_the_close_before(run_json, switch, bars):
    assert run_json("decide", switch, "--data", bars, "--as-of", "2024-03-03")["as_of"] == (
        "2024-03-01"
    )


def test_a_young_candidate_is_named(run_json, tmp_path, bars):
    path = tmp_path / "f.edn"
    path.write_text(
        '(filter (cumulative-return {:window 10}) (select-top 1) [(asset "BBB") (asset "CCC")])'
    )
    decided = run_json("decide", str(path), "--data", bars, "--as-of", "2023-05-26")
    assert decided["left_out"] == [
        {"label": "BBB", "reason": "cumulative-return 10 needs 11 bars, 5 are there"}
    ]


def test_synthetic_prices_are_called_so(run, run_json):
    assert "SYNTHETIC" in run("decide", "sixty-forty", "--data", "sample").stdout
    assert run_json("decide", "sixty-forty", "--data", "sample")["synthetic"] is True


def test_too_little_history_is_a_data_error_without_a_traceback(run, run_json, switch, bars):
    result = run("decide", switch, "--data", bars, "--as-of", "2023-01-04")
    assert result.exit_code == 3
    assert "rsi 5 of AAA needs 6 bars, 3 are there" in result.stderr
    assert "Traceback" not in result.output
    problems = run_json("decide", switch, "--data", bars, "--as-of", "2023-01-04", code=3)
    assert problems["exit_code"] == 3
    assert problems["problems"][0]["code"] == "insufficient-history"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("decide", "klmm", "--data", "sample"), "did you mean 'klm'"),
        (("decide", "no.edn", "--data", "sample"), "cannot be read"),
        (("decide", "klm", "--data", "nowhere"), "neither a folder nor a data feed"),
        (("decide", "klm"), "nothing says where bars come from"),
        (("decide", "klm", "--data", "sample", "--set", "overbougt=80"), "overbought"),
        (("decide", "klm", "--data", "sample", "--set", "overbought"), "name=value"),
        (("decide", "klm", "--data", "sample", "--substitute", "FNGU"), "OLD=NEW"),
        (("decide", "klm", "--data", "sample", "--as-of", "tomorrow"), "tomorrow"),
        (("decide", "portfolio", "--data", "sample"), "has no strategies"),
    ],
)
def test_wrong_usage_is_explained(run, words, said):
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_a_range_before_any_data_is_a_data_error(run, switch, bars):
    result = run("decide", switch, "--data", bars, "--as-of", "1990-01-01")
    assert result.exit_code == 3
    assert "2023-01-02" in result.stderr


def test_a_substitute_is_traded_and_named(run, run_json, tmp_path, bars):
    path = tmp_path / "dead.edn"
    path.write_text('(weight-equal [(asset "AAA") (asset "DEAD")])')
    assert run("decide", str(path), "--data", bars).exit_code == 3
    decided = run_json("decide", str(path), "--data", bars, "--substitute", "DEAD=CCC")
    assert decided["weights"] == {"AAA": 0.5, "CCC": 0.5}
    assert decided["substitutions"] == {"DEAD": "CCC"}
    page = run("decide", str(path), "--data", bars, "--substitute", "DEAD=CCC").stdout
    assert "DEAD is replaced by CCC" in page


def test_a_symbol_without_data_is_warned_about_or_refused(run, tmp_path, bars):
    path = tmp_path / "f.edn"
    path.write_text(
        '(filter (cumulative-return {:window 10}) (select-top 1) [(asset "ZZZ") (asset "CCC")])'
    )
    result = run("decide", str(path), "--data", bars)
    assert result.exit_code == 0
    assert "no data at all for ZZZ" in result.stderr
    strict = run("decide", str(path), "--data", bars, "--strict-symbols")
    assert strict.exit_code == 3
    assert "--substitute ZZZ=OTHER" in strict.stderr


def test_a_parameter_set_on_the_command_line_changes_the_rule(run_json):
    words = ("decide", "nuclear", "--data", "sample")
    path = run_json(*words, "--set", "overbought=70.5")["path"]
    thresholds = {item["right_value"] for item in path if item["kind"] == "condition"}
    assert 70.5 in thresholds
    assert 79.0 not in thresholds


def test_a_blend_is_decided_by_capital_share(run, run_json, tmp_path):
    run("init")
    decided = run_json("decide", "portfolio")
    parts = {name: run_json("decide", name) for name in ("nuclear", "tecl", "klm")}
    for symbol, weight in decided["weights"].items():
        by_hand = sum(
            share * parts[name]["weights"].get(symbol, 0.0)
            for name, share in (("nuclear", 0.4), ("tecl", 0.3), ("klm", 0.3))
        )
        assert weight == pytest.approx(by_hand, abs=1e-12)


def test_how_long_a_price_is_carried_is_a_setting(run_json, tmp_path, bars):
    path = tmp_path / "f.edn"
    path.write_text(
        '(filter (cumulative-return {:window 3}) (select-top 1) [(asset "AAA") (asset "CCC")])'
    )
    file = Path(bars) / "AAA.csv"
    lines = file.read_text().splitlines()
    file.write_text("\n".join([*lines[:-3], lines[-1]]) + "\n")
    words = ("decide", str(path), "--data", bars)
    assert [c["symbol"] for c in run_json(*words)["carried"]] == ["AAA"]
    (tmp_path / "alchemiser.toml").write_text("[data]\ncarry_sessions = 1\n")
    assert [out["label"] for out in run_json(*words)["left_out"]] == ["AAA"]
