"""`alchemiser data check`, and what decide, plan and trade do where a check finds something."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from alchemiser_app import freshness

NOON, EVENING = datetime(2024, 7, 12, 16, tzinfo=UTC), datetime(2024, 7, 12, 22, tzinfo=UTC)
"""Of the last day of `bars`, a Friday."""


HOLIDAYS = ("2024-05-27", "2024-06-19", "2024-07-04")
"""Among the sessions that are looked at."""


@pytest.fixture
def bars(bars):
    """The folder, which has a row for every weekday, without those of holidays."""
    for file in Path(bars).glob("*.csv"):
        rows = file.read_text().splitlines()
        file.write_text("\n".join(r for r in rows if not r.startswith(HOLIDAYS)) + "\n")
    return bars


@pytest.fixture
def at(monkeypatch):
    """Make it another moment."""
    return lambda moment: monkeypatch.setattr(freshness, "now", lambda: moment)


@pytest.fixture
def halved(bars):
    """From the 20th row before the last on, CCC is at half its price."""
    return split(Path(bars) / "CCC.csv", 20)


def split(file, rows_ago):
    head, *rows = file.read_text().splitlines()
    for number in range(len(rows) - rows_ago, len(rows)):
        day, price = rows[number].split(",")
        rows[number] = f"{day},{float(price) / 2}"
    file.write_text("\n".join((head, *rows)) + "\n")
    return rows[-rows_ago].partition(",")[0]


def shorter(bars, symbol, rows):
    file = Path(bars) / f"{symbol}.csv"
    file.write_text("\n".join(file.read_text().splitlines()[:-rows]) + "\n")


# --- data check ----------------------------------------------------------------------------------


def test_sound_bars_pass(run_json, bars, at):
    at(EVENING)
    found = run_json("data", "check", "--data", bars)
    assert (found["findings"], found["earlier"], found["broken"]) == ([], [], [])
    assert (found["symbols"], found["sessions"], found["end"]) == (3, 397, "2024-07-12")
    assert found["policies"]["jump"] == "refuse"


def test_a_holiday_that_has_a_row_refuses(run_json, bars, at):
    at(EVENING)
    for file in Path(bars).glob("*.csv"):
        text = file.read_text()
        price = text.partition("2024-07-03,")[2].partition("\n")[0]
        file.write_text(text.replace("2024-07-05,", f"2024-07-04,{price}\n2024-07-05,"))
    (problem,) = run_json("data", "check", "--data", bars, code=3)["problems"]
    assert problem["code"] == "other-sessions"
    assert problem["what"] == "bars of days without a session: 2024-07-04"


def test_a_jump_is_named_with_its_session_and_return_and_refuses(run_json, bars, at, halved):
    at(EVENING)
    found = run_json("data", "check", "--data", bars, code=3)
    (jump,) = found["findings"]
    assert (jump["check"], jump["policy"], jump["code"]) == ("jump", "refuse", "price-jump")
    assert (jump["symbol"], jump["session"]) == ("CCC", halved)
    assert jump["value"] == pytest.approx(-0.5, abs=0.03)
    assert [problem["code"] for problem in found["problems"]] == ["price-jump"]


def test_a_jump_of_long_ago_is_told_and_refuses_nothing(run, run_json, bars, at):
    day = split(Path(bars) / "CCC.csv", 200)
    at(EVENING)
    found = run_json("data", "check", "--data", bars)
    assert [(f["symbol"], f["session"]) for f in found["earlier"]] == [("CCC", day)]
    shown = run("data", "check", "CCC", "--data", bars).stdout
    assert "nothing is odd" in shown
    assert f"% on {day}: from" in shown
    assert run_json("data", "check", "AAA", "--data", bars)["earlier"] == []


def test_bars_that_a_cycle_would_not_be_decided_by_are_old(run, bars, at):
    at(datetime(2024, 7, 15, 22, tzinfo=UTC))
    result = run("data", "check", "--data", bars)
    assert result.exit_code == 3
    assert "the newest bars are of 2024-07-12, the session of 2024-07-15 has to decide" in (
        result.stdout
    )


def test_all_names_what_is_else_only_counted(run, bars, at):
    at(EVENING)
    file = Path(bars) / "CCC.csv"
    head, *rows = file.read_text().splitlines()
    file.write_text(
        "\n".join((head, *(f"{row.partition(',')[0]},0" for row in rows[:15]), *rows[15:]))
    )
    few = run("data", "check", "--data", bars).stdout
    assert few.count("counts as missing") == 10
    assert "and 5 more of bad_price" in few
    assert run("data", "check", "--data", bars, "--all").stdout.count("counts as missing") == 15


def test_prices_that_are_made_up_do_not_grow_old(run, at):
    at(datetime(2040, 1, 1, tzinfo=UTC))
    result = run("data", "check", "SPY", "TQQQ", "--data", "sample")
    assert (result.exit_code, "SYNTHETIC" in result.stdout) == (0, True)


def test_policies_and_accepted_moves_are_those_of_the_configuration(run_json, bars, at, halved):
    at(EVENING)
    Path("alchemiser.toml").write_text('[data.checks]\njump = "warn"\n')
    assert run_json("data", "check", "--data", bars)["findings"][0]["policy"] == "warn"
    Path("alchemiser.toml").write_text(f'[data.checks]\naccepted = ["CCC {halved}"]\n')
    assert run_json("data", "check", "--data", bars)["findings"] == []


@pytest.mark.parametrize(
    "line",
    ['stale = "drop"', 'jump = "ignore"', 'accepted = ["CCC"]', 'accepted = ["CCC 2024-13-01"]'],
)
def test_settings_that_say_nothing_that_can_be_meant_are_refused(run, bars, line):
    Path("alchemiser.toml").write_text(f"[data.checks]\n{line}\n")
    assert run("data", "check", "--data", bars).exit_code == 2


# --- decide and plan -----------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["decide", "plan"])
def test_a_refusal_ends_the_command_with_the_line_that_accepts(run, switch, bars, halved, command):
    result = run(command, switch, "--data", bars)
    assert result.exit_code == 3
    assert f'data.checks.accepted = ["CCC {halved}"]' in result.stderr
    Path("alchemiser.toml").write_text(f'[data.checks]\naccepted = ["CCC {halved}"]\n')
    assert run(command, switch, "--data", bars).exit_code == 0


def test_a_late_price_is_refused_and_a_symbol_that_is_dropped_is_told(run, run_json, switch, bars):
    shorter(bars, "CCC", 1)
    assert [p["code"] for p in run_json("decide", switch, "--data", bars, code=3)["problems"]] == [
        "missing-bar"
    ]
    Path("alchemiser.toml").write_text('[data.checks]\nmissing_bar = "drop"\n')
    result = run("decide", switch, "--data", bars)
    assert "warning: CCC: CCC has no price on 2024-07-12" in result.stderr


def test_whoever_asks_for_a_day_gets_the_row_of_the_back_test_and_is_told(
    run, switch, bars, halved
):
    result = run("decide", switch, "--data", bars, "--as-of", "2024-07-12")
    assert result.exit_code == 0
    assert f"on {halved}" in result.stderr


@pytest.mark.parametrize("as_of", [(), ("--as-of", "2024-07-12")])
def test_the_bar_of_a_day_that_is_not_over_decides_nothing(run, run_json, switch, bars, at, as_of):
    words = ("decide", switch, "--data", bars, *as_of)
    at(NOON)
    assert run_json(*words)["as_of"] == "2024-07-11"
    assert "the bars of 2024-07-12 are of no session that is over" in run(*words).stderr
    at(EVENING)
    assert run_json(*words)["as_of"] == "2024-07-12"


def test_a_provisional_day_is_decided_by_before_it_is_over(run_json, switch, bars, at):
    at(NOON)
    Path("alchemiser.toml").write_text('decide_on = "provisional"\n')
    assert run_json("decide", switch, "--data", bars)["as_of"] == "2024-07-12"


def test_rows_of_a_day_that_is_not_over_can_be_refused(run_json, switch, bars, at):
    at(NOON)
    Path("alchemiser.toml").write_text('[data.checks]\npartial = "refuse"\n')
    (problem,) = run_json("decide", switch, "--data", bars, code=3)["problems"]
    assert problem["code"] == "partial-bar"


# --- trade ---------------------------------------------------------------------------------------

TRADE = ("trade", "one.edn", "--session", "2024-03-27")


def fallen(market):
    """BBB is at a third of its price on the session that decides."""
    file = market / "bars" / "BBB.csv"
    rows = [
        f"{row.partition(',')[0]},16,16" if row.startswith("2024-03-26") else row
        for row in file.read_text().splitlines()
    ]
    file.write_text("\n".join(rows) + "\n")


def test_a_cycle_is_refused_before_any_order_where_a_check_says_so(run, market):
    fallen(market)
    result = run(*TRADE)
    assert result.exit_code == 3
    assert "BBB moved by -6" in result.stderr
    assert "order-intended" not in run("journal", "show").stdout


def test_a_cycle_without_a_dropped_symbol_keeps_the_book_that_needs_it_and_alerts(run, market):
    fallen(market)
    with Path("alchemiser.toml").open("a") as file:
        file.write('[data.checks]\njump = "drop"\n')
    result = run(*TRADE)
    assert result.exit_code == 0
    told = run("journal", "show").stdout
    assert "price-jump" in told
    assert "strategy-undecidable" in told
    assert "order-intended" not in told


def test_a_cycle_that_is_only_warned_trades_and_alerts(run, market):
    fallen(market)
    with Path("alchemiser.toml").open("a") as file:
        file.write('[data.checks]\njump = "warn"\n')
    assert run(*TRADE).exit_code == 0
    told = run("journal", "show").stdout
    assert "price-jump" in told
    assert "order-intended" in told
