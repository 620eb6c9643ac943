"""`alchemiser rehearse`, as a user runs it."""

import pytest

PERIOD = ("--from", "2024-01-02", "--to", "2024-04-30")


def test_a_rehearsal_is_its_backtest_but_for_rounding(run_json) -> None:
    answer = run_json("rehearse", "klm", "--data", "sample", *PERIOD)
    assert answer["backtest"]["within"]
    assert answer["backtest"]["largest_difference"] <= answer["backtest"]["bound"]
    assert answer["backtest"]["unlike"] == []
    assert set(answer["cycles"]) <= {"complete", "nothing to do"}
    assert answer["fills"] > 10
    assert answer["synthetic"]


def test_with_a_large_account_the_bound_itself_is_below_a_millionth(run_json) -> None:
    cash = ("--cash", "1000000000")
    answer = run_json("rehearse", "nuclear", "--data", "sample", *PERIOD, *cash)
    assert answer["backtest"]["bound"] < 1e-6
    assert answer["backtest"]["within"]


@pytest.mark.parametrize("decide_on", ["previous-close", "after-close", "provisional"])
def test_it_equals_the_backtest_of_the_same_bars(run_json, tmp_path, decide_on) -> None:
    (tmp_path / "alchemiser.toml").write_text(f'decide_on = "{decide_on}"\n')
    answer = run_json("rehearse", "tecl", "--data", "sample", *PERIOD)
    assert answer["decide_on"] == decide_on
    assert answer["backtest"]["within"]
    tested = run_json(
        "backtest", "tecl", "--data", "sample", "--start", "2024-01-02", "--end", "2024-04-30"
    )
    assert answer["backtest"]["end"] == pytest.approx(tested["final_equity"], rel=1e-12)


def test_settings_that_a_backtest_does_not_have_are_named(run, tmp_path) -> None:
    (tmp_path / "alchemiser.toml").write_text('[planning]\ncash_buffer = "0.1"\n')
    result = run("rehearse", "klm", "--data", "sample", *PERIOD)
    assert result.exit_code == 0
    assert "planning.cash_buffer" in result.stdout
    assert "tells the truth" not in result.stdout


def test_a_cycle_that_is_refused_is_told_and_ends_with_code_5(run, tmp_path) -> None:
    (tmp_path / "alchemiser.toml").write_text("[risk]\nmax_order_value = 10\n")
    result = run("rehearse", "klm", "--data", "sample", *PERIOD)
    assert result.exit_code == 5
    assert "refused" in result.stdout


def test_the_journal_can_be_kept_and_is_never_written_over(run, run_json) -> None:
    words = ("rehearse", "klm", "--data", "sample", "--from", "2024-03-01", "--to", "2024-03-15")
    run_json(*words, "--journal", "kept.db")
    verified = run_json("journal", "verify", "--journal", "kept.db")
    assert verified["entries"] > 20
    again = run(*words, "--journal", "kept.db")
    assert again.exit_code == 2
    assert "kept.db" in again.stderr


def test_the_equity_curve_is_written(run, tmp_path) -> None:
    run("rehearse", "klm", "--data", "sample", *PERIOD, "--equity", "curve.csv")
    lines = (tmp_path / "curve.csv").read_text().splitlines()
    assert lines[0] == "date,equity"
    assert float(lines[1].split(",")[1]) == 100_000


@pytest.mark.parametrize("cash", ["0", "-5", "10.001"])
def test_cash_has_to_be_in_whole_cents(run, cash) -> None:
    result = run("rehearse", "klm", "--data", "sample", "--cash", cash)
    assert result.exit_code == 2


def test_a_period_that_ends_before_it_begins_is_refused(run) -> None:
    result = run(
        "rehearse", "klm", "--data", "sample", "--from", "2024-05-01", "--to", "2024-04-01"
    )
    assert result.exit_code == 2


def test_the_curve_never_takes_the_place_of_the_journal(market, run):
    result = run("rehearse", "portfolio", "--journal", "a.db", "--equity", "./a.db")
    assert result.exit_code == 2
    assert "a.db cannot be the journal" in result.stderr
    assert not (market / "a.db").exists()
