import json
import subprocess
import sys
from datetime import date, timedelta
from importlib import metadata
from pathlib import Path

import pytest
from typer.testing import CliRunner

from alchemiser_app.cli.calendar_checks import horizon_checks, next_session_check
from alchemiser_app.cli.exit_codes import ExitCode
from alchemiser_app.cli.main import app
from alchemiser_core.testing.calendar import FixedCalendar, weekdays

HEAVY = ("numpy", "pandas", "pyarrow", "rich", "attrs", "cattrs", "pluggy", "dependency_injector")


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from alchemiser_app.cli.main import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "backtest" in done.stdout


@pytest.mark.parametrize(
    ("installed", "shown"),
    [
        ({"alchemiser": "3.2.1", "alchemiser-app": "0.9"}, "alchemiser 3.2.1\n"),
        ({"alchemiser-app": "0.9"}, "alchemiser 0.9\n"),
    ],
)
def test_the_version_is_that_of_what_is_installed(run, monkeypatch, installed, shown):
    def version(name):
        if name not in installed:
            raise metadata.PackageNotFoundError(name)
        return installed[name]

    monkeypatch.setattr(metadata, "version", version)
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, shown)
    assert "--version" in run("--help").stdout


@pytest.mark.parametrize(
    "command",
    [
        ("decide",),
        ("backtest",),
        ("plan",),
        ("trade",),
        ("run",),
        ("init",),
        ("doctor",),
        ("plugins",),
        ("config", "show"),
        ("config", "check"),
        ("data", "info"),
        ("journal", "verify"),
        ("journal", "show"),
        ("journal", "export"),
        ("symphony", "check"),
        ("symphony", "show"),
        ("symphony", "convert"),
        ("symphony", "requirements"),
    ],
)
def test_every_command_has_help_with_an_example(command):
    result = CliRunner().invoke(app, [*command, "--help"])
    assert result.exit_code == 0
    assert "Example: alchemiser " + " ".join(command) in result.stdout


def test_a_first_configuration_is_sound_and_is_not_overwritten(run):
    assert run("init").exit_code == 0
    assert run("config", "check").exit_code == 0
    Path("alchemiser.toml").write_text("# mine\n")
    refused = run("init")
    assert refused.exit_code == 2
    assert "--force" in refused.stderr
    assert Path("alchemiser.toml").read_text() == "# mine\n"
    assert run("init", "--force").exit_code == 0


def test_init_makes_the_folder_it_is_given(run, tmp_path):
    assert run("init", "a/b").exit_code == 0
    assert (tmp_path / "a" / "b" / "alchemiser.toml").is_file()
    (tmp_path / "file").write_text("")
    assert run("init", "file/x").exit_code == 2


def test_config_show_names_the_origin_of_each_value(run, run_json, monkeypatch):
    run("init")
    monkeypatch.setenv("ALCHEMISER_COSTS__COST_BPS", "3")
    shown = {s["path"]: s for s in run_json("config", "show")["settings"]}
    assert "alchemiser.toml:" in shown["portfolio.strategies[0].share"]["origin"]
    assert shown["mode"]["origin"] == "default"
    assert "decide_on" in run("config", "show").stdout


def test_config_show_has_the_settings_of_trading_with_their_origins(run, run_json):
    Path("alchemiser.toml").write_text(
        '[trading]\nslot = "open + 30 min"\n[risk]\nmax_orders = 5\n'
        '[[notify]]\nname = "bell"\n[[notify]]\nname = "mail"\n'
    )
    shown = {s["path"]: (s["value"], s["origin"]) for s in run_json("config", "show")["settings"]}
    assert shown["trading.slot"] == ("open + 30 min", "alchemiser.toml:2")
    assert shown["risk.max_orders"] == ("5", "alchemiser.toml:4")
    assert shown["notify[1].name"] == ("mail", "alchemiser.toml:8")
    assert shown["execution.tactic"] == ("market", "default")
    assert shown["broker.name"] == ("paper", "default")
    lines = run("config", "show").stdout.splitlines()
    column = {line.rindex("default") for line in lines if line.endswith("  default")}
    assert len(column) == 1


def test_config_check_warns_of_limits_that_the_deadline_cuts_off(run):
    Path("alchemiser.toml").write_text(
        '[execution]\ntactic = "progressive-limit"\nstep_seconds = 300\n'
    )
    result = run("config", "check")
    assert result.exit_code == 0
    assert "a cycle ends after 600" in result.stderr


def test_all_problems_of_a_configuration_are_reported_together(run, run_json):
    Path("alchemiser.toml").write_text(
        'mood = "live"\n[costs]\ncost_bps = "many"\n[planning]\nwhole_shares = "yes"\n'
    )
    problems = run_json("config", "check", code=2)["problems"]
    assert len(problems) == 3
    assert sorted(p["where"] for p in problems) == [
        "alchemiser.toml:1: mood",
        "alchemiser.toml:3: costs.cost_bps",
        "alchemiser.toml:5: planning.whole_shares",
    ]
    assert run("config", "show").exit_code == 2


def test_config_check_builds_strategies_and_feed(run):
    Path("alchemiser.toml").write_text(
        '[[portfolio.strategies]]\nstrategy = "klmm"\nshare = "1"\n[data]\nfeed = "fils"\n'
    )
    result = run("config", "check")
    assert result.exit_code == 2
    assert "klm" in result.stderr
    assert "files" in result.stderr


def test_doctor_says_what_is_in_order(run, run_json, bars):
    checks = {c["check"]: c for c in run_json("doctor", "--data", "sample")["checks"]}
    assert checks["data"]["ok"]
    assert "SYNTHETIC" in checks["data"]["found"]
    assert checks["plugins"]["ok"]
    assert run("doctor", "--data", bars).exit_code == 3  # there is no SPY
    Path("alchemiser.toml").write_text("mood = 1\n")
    result = run("doctor")
    assert result.exit_code == 2
    assert "FAIL  configuration" in result.stdout


def test_doctor_checks_the_portfolio(run):
    run("init")
    assert "nuclear 0.4" in run("doctor").stdout


def test_data_info_reports_symbol_by_symbol(run, run_json, bars):
    report = run_json("data", "info", "--data", bars)
    assert [s["symbol"] for s in report["symbols"]] == ["AAA", "BBB", "CCC"]
    assert report["symbols"][1]["rows"] == 300
    page = run("data", "info", "AAA", "--data", bars).stdout
    assert "AAA" in page
    assert "BBB" not in page


def test_data_info_strict_refuses_what_is_odd(run, bars):
    path = Path(bars) / "AAA.csv"
    path.write_text(path.read_text() + "2024-12-02,-1\n")
    words = ("data", "info", "--data", bars)
    assert run(*words).exit_code == 0
    strict = run(*words, "--strict")
    assert strict.exit_code == 3
    assert "2024-12-02" in strict.stderr
    assert run("data", "info", "???", "--data", bars).exit_code == 2
    unknown = run("data", "info", "AAA", "--data", "sample")
    assert "AAA: no bars" in unknown.stdout


def test_plugins_lists_what_is_offered(run, run_json):
    offers = run_json("plugins")["offers"]
    names = {(o["kind"], o["name"]) for o in offers}
    assert names >= {
        ("strategy", "klm"),
        ("strategy", "nuclear"),
        ("strategy", "tecl"),
        ("data feed", "files"),
        ("data feed", "sample"),
    }
    assert "klm" in run("plugins").stdout


def test_plugins_names_the_settings_of_each_offer(run, run_json):
    settings = {(o["kind"], o["name"]): o["settings"] for o in run_json("plugins")["offers"]}
    assert settings["data feed", "sample"] == [
        {"name": "seed", "required": False, "meaning": "Another seed is another market."}
    ]
    assert [s["name"] for s in settings["data feed", "files"] if s["required"]] == ["folder"]
    assert "stocks" in {s["name"] for s in settings["strategy", "sixty-forty"]}
    assert settings["strategy", "klm"] is None
    page = run("plugins").stdout
    assert "settings: folder (required), calendar" in page
    assert "parameters: see alchemiser symphony check klm" in page


def test_a_symphony_is_checked_shown_and_converted(run, run_json, switch, tmp_path):
    summary = run_json("symphony", "check", switch)
    assert summary["symbols"] == ["AAA", "BBB", "CCC"]
    assert summary["rebalance"] == "daily"
    assert "warm up" in run("symphony", "check", switch).stdout
    converted = run("symphony", "convert", switch, "--to", "json", "--output", "switch.json")
    assert converted.exit_code == 0
    assert json.loads((tmp_path / "switch.json").read_text())["step"] == "root"
    assert run_json("symphony", "check", "switch.json")["symbols"] == ["AAA", "BBB", "CCC"]
    assert run("symphony", "convert", switch, "--output", "switch.json").exit_code == 2
    assert '"step"' in run("symphony", "convert", switch).stdout
    shown = run("symphony", "show", switch)
    assert '(rsi "AAA" {:window 5})' in shown.stdout


def test_a_built_in_symphony_is_shown_as_written_or_expanded(run, run_json):
    assert "#param" in run("symphony", "show", "klm").stdout
    assert "#param" not in run("symphony", "show", "klm", "--expand").stdout
    assert "overbought" in run_json("symphony", "check", "klm")["parameters"]
    needed = run_json("symphony", "requirements", "klm")
    assert "KMLM" in needed["traded"]
    assert "QQQE" in needed["watched"]
    assert needed["warm_up"] >= 200


def test_a_broken_symphony_is_reported_with_line_and_column(run, run_json, tmp_path):
    (tmp_path / "bad.edn").write_text('(weight-equal\n [(asset "AAA") (assset "BBB")])')
    result = run("symphony", "check", "bad.edn")
    assert result.exit_code == 2
    assert "bad.edn:2:" in result.stderr
    assert run_json("symphony", "check", "bad.edn", code=2)["problems"]
    assert run("symphony", "check", "sixty-forty").exit_code == 2


def test_an_unknown_attribute_is_warned_about(run, tmp_path):
    (tmp_path / "odd.edn").write_text('(defsymphony "odd" {:flavour "mint"} (asset "AAA"))')
    result = run("symphony", "check", "odd.edn")
    assert result.exit_code == 0
    assert "flavour" in result.stderr


def test_a_built_in_symphony_is_the_same_in_either_form(run, run_json):
    for flags in ((), ("--expand",)):
        words = ("symphony", "convert", "klm", "--to", "json", "--output", "klm.json", "--force")
        assert run(*words, *flags).exit_code == 0
        decided = run_json("decide", "klm.json", "--data", "sample")
        assert decided["weights"] == run_json("decide", "klm", "--data", "sample")["weights"]


def test_data_info_counts_rows_from_before_the_first_session(run, run_json, bars):
    file = Path(bars) / "AAA.csv"
    lines = file.read_text().splitlines()
    (Path(bars) / "SPY.csv").write_text("\n".join([lines[0], *lines[8:]]) + "\n")
    report = {s["symbol"]: s for s in run_json("data", "info", "--data", bars)["symbols"]}
    assert report["AAA"]["earlier_rows"] == 7
    assert report["BBB"]["earlier_rows"] == 0
    assert "7 rows before the first session dropped" in run("data", "info", "--data", bars).stdout
    assert run("data", "info", "--data", bars, "--strict").exit_code == 0


def test_a_first_configuration_trades_out_of_the_box(run):
    run("init")
    first = run("trade")
    assert first.exit_code == 0, first.output
    assert "complete: everything that was planned is filled" in first.stdout
    assert {"alchemiser-journal.db", "paper.db"} <= {path.name for path in Path().iterdir()}


def checks_of(run_json, code):
    return {c["check"]: (c["ok"], c["found"]) for c in run_json("doctor", code=code)["checks"]}


def test_the_doctor_looks_at_what_trading_needs(run, run_json):
    run("init")
    before = checks_of(run_json, 0)
    assert before["calendar"][1].startswith("XNYS, next session ")
    assert before["broker"] == (True, "paper, mode paper")
    assert before["journal"][1].endswith("none yet, the first trade makes it")
    assert not Path("alchemiser-journal.db").exists()
    run("trade")
    assert "the chain holds" in checks_of(run_json, 0)["journal"][1]


def test_the_doctor_says_how_far_the_calendar_knows_and_what_was_corrected(run, run_json):
    run("init")
    assert "corrections" not in checks_of(run_json, 0)
    text = Path("alchemiser.toml").read_text()
    table = '[trading.calendar_settings]\nclosed = ["2024-03-06"]\n'
    Path("alchemiser.toml").write_text(f"{text}\n{table}")
    found = checks_of(run_json, 0)
    assert found["horizon"][0]
    assert found["horizon"][1].startswith("XNYS knows sessions to 2")
    assert found["corrections"][1].startswith("closed on 2024-03-06")


@pytest.mark.parametrize(
    ("days", "is_fine", "said"),
    [(60, True, "2026-12-31"), (59, True, "newer version"), (29, False, "29 days ahead")],
)
def test_the_doctor_tells_a_calendar_that_ends_soon(days, is_fine, said):
    last = date(2026, 12, 31)
    calendar = FixedCalendar(weekdays(date(2026, 1, 1), last))
    ((name, code, found),) = horizon_checks(calendar, last - timedelta(days=days))
    assert (name, code is ExitCode.DONE, said in found) == ("horizon", is_fine, True)


@pytest.mark.parametrize(
    ("today", "code", "said"),
    [
        (date(2026, 12, 31), ExitCode.DONE, "next session 2026-12-31"),
        (date(2026, 12, 1), ExitCode.DONE, "next session 2026-12-01"),
        (date(2027, 1, 1), ExitCode.USAGE, "does not know 2027-01-01"),
    ],
)
def test_the_doctor_tells_the_next_session_to_the_last_day_of_a_calendar(today, code, said):
    calendar = FixedCalendar(weekdays(date(2026, 1, 1), date(2026, 12, 31)))
    assert next_session_check(calendar, today)[1] is code
    assert said in next_session_check(calendar, today)[2]


def test_the_doctor_tells_a_kill_switch_that_is_thrown(run, run_json):
    run("init")
    Path("alchemiser-journal.db.halt").write_text("gone fishing")
    assert checks_of(run_json, 6)["kill switch"] == (False, "thrown: gone fishing")


def test_the_doctor_tells_a_journal_that_does_not_hold(run, run_json):
    run("init")
    Path("alchemiser-journal.db").write_bytes(b"no journal at all" * 100)
    ok, found = checks_of(run_json, 4)["journal"]
    assert (ok, "this is no journal of Alchemiser" in found) == (False, True)


@pytest.mark.parametrize(
    ("lines", "check", "said"),
    [
        ('[trading]\ncalendar = "XNSY"', "calendar", "'XNYS'"),
        ('[broker]\nname = "papre"', "broker", "did you mean 'paper'?"),
        ('[[notify]]\nname = "lgo"', "notifiers", "did you mean 'log'?"),
        ('[broker.settings]\ncahs = "7"', "broker", "did you mean 'cash'?"),
    ],
)
def test_the_doctor_tells_parts_that_there_are_not(run_json, lines, check, said):
    Path("alchemiser.toml").write_text(lines + "\n")
    ok, found = checks_of(run_json, 2)[check]
    assert not ok
    assert said in found
