"""What `alchemiser trade` refuses before any order: each with its reason code and exit code."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from alchemiser_app.journal.opening import open_journal
from alchemiser_app.timekeeping import system_clock
from alchemiser_core.domain.journal.events import OrderIntended

TRADE = ("trade", "one.edn", "--session", "2024-03-05")
JOURNAL = Path("alchemiser-journal.db")

HOLDS = """
import sys
from alchemiser_app.journal.opening import open_journal
with open_journal(sys.argv[1], create=True).unwrap():
    print("held", flush=True)
    sys.stdin.read()
"""

LIVE_BROKER = """
from datetime import timedelta
from attrs import frozen, field
from returns.result import Success
from alchemiser_core.domain.account import BrokerTime
from alchemiser_core.domain.session import TradingSession
from alchemiser_core.plugins import BrokerFactory, hookimpl
from alchemiser_core.simulation.virtual_clock import VirtualClock
from alchemiser_core.testing.broker import InMemoryBroker, in_memory_broker
from alchemiser_core.testing.calendar import new_york_session

class Standing(InMemoryBroker):
    skew = timedelta(0)
    @property
    def session(self):
        return self.at
    def time(self):
        return super().time().map(lambda t: BrokerTime(t.at - self.skew, t.is_open))

@frozen
class FakeSettings:
    live: bool = True
    skew_seconds: int = 0

def build(settings, context):
    session = new_york_session(context.trading.session)
    clock = VirtualClock(session.closes - timedelta(minutes=15))
    made = in_memory_broker(clock, {"AAA": 100, "BBB": 50}, number="LIVE-7")
    made.exchange.is_live = settings.live
    broker = Standing(made.exchange, clock, name="fake", keeps_time=True)
    broker.at, broker.skew = session, timedelta(seconds=settings.skew_seconds)
    return Success(broker)

@hookimpl
def alchemiser_brokers():
    return [BrokerFactory(name="fake", summary="fake", settings=FakeSettings, build=build)]
"""


@pytest.fixture
def here(market) -> Path:
    """The small market."""
    return market


LIMITS = ('[risk]\nmax_order_value = "150000"\nmax_day_value = "150000"',)
"""Without which no live account is traded."""


@pytest.fixture
def fake_broker(here, monkeypatch):
    """A plugin with a live broker, installed, and a configuration that names it."""
    site, info = here / "site", here / "site" / "fake-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fake\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[alchemiser]\nfake = fake_broker_plugin\n")
    (site / "fake_broker_plugin.py").write_text(LIVE_BROKER)
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.delitem(sys.modules, "fake_broker_plugin", raising=False)

    def configure(mode="paper", *broker: str, limits=LIMITS):
        Path("alchemiser.toml").write_text(
            "\n".join(
                (
                    f'mode = "{mode}"',
                    '[data]\nfeed = "files"\nsettings.folder = "bars"',
                    *limits,
                    '[broker]\nname = "fake"',
                    *broker,
                )
            )
        )

    return configure


@pytest.fixture
def refused(run, run_json):
    """Trade, and be refused: the codes of the problems, after a look at what a person sees."""

    def trade(*words, code=4, command=TRADE):
        orders = sent()
        answer = run_json(*command, *words, code=code)
        assert answer["exit_code"] == code
        problems = answer["problems"]
        assert all(p["what"] and p["hint"] for p in problems), problems
        shown = run(*command, *words)
        assert shown.exit_code == code
        assert shown.stderr.count("error: ") == len(problems)
        assert "Traceback" not in shown.output
        assert sent() == orders
        return [problem["code"] for problem in problems]

    return trade


def sent() -> int:
    """Orders in the journal; 0 where none can be read."""
    opened = open_journal(str(JOURNAL), read_only=True).value_or(None)
    if opened is None:
        return 0
    with opened as journal:
        return sum(isinstance(e.event, OrderIntended) for e in journal.entries().unwrap())


def test_a_session_that_has_not_been_yet_is_refused_at_once(run):
    result = run("trade", "klm", "--data", "sample", "--session", "9999-12-31")
    assert result.exit_code == 2
    assert "has not been yet" in result.stderr


def test_case_25_a_second_instance_is_refused_while_the_first_one_runs(here, refused, run):
    first = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(JOURNAL)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert first.stdout.readline() == "held\n"
        assert refused() == ["journal-locked"]
        assert f"process {first.pid}" in run(*TRADE).stderr
    finally:
        first.communicate("")
    assert run(*TRADE).exit_code == 0


def test_case_22_a_journal_in_a_place_that_cannot_hold_one_is_refused(here, refused):
    (here / "file").write_text("mine")
    assert refused("--journal", ".") == ["journal-foreign"]
    assert refused("--journal", "file/journal.db") == ["journal-unavailable"]
    assert (here / "file").read_text() == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="no file is read-only to root")
def test_case_22_a_read_only_journal_is_refused(here, refused, run):
    run(*TRADE)
    JOURNAL.chmod(0o400)
    assert refused() == ["journal-read-only"]


def test_case_23_a_journal_with_a_flipped_byte_is_refused_and_kept_as_it_is(here, refused, run):
    run(*TRADE)
    whole = bytearray(JOURNAL.read_bytes())
    place = whole.index(b"previous-close")
    whole[place] ^= 1
    JOURNAL.write_bytes(whole)
    assert set(refused()) == {"journal-corrupt"}
    assert JOURNAL.read_bytes() == bytes(whole)
    copies = [p for p in here.iterdir() if "quarantine" in p.name or "corrupt" in p.name]
    assert copies
    result = run(*TRADE)
    assert "a copy is kept as" in result.stderr


def test_case_23_a_file_of_somebody_else_is_refused_and_kept_as_it_is(here, refused):
    with sqlite3.connect(JOURNAL) as other:
        other.execute("create table recipes (name)")
    other.close()
    before = JOURNAL.read_bytes()
    assert refused() == ["journal-foreign"]
    assert JOURNAL.read_bytes() == before


def test_the_journal_of_another_portfolio_is_refused(here, refused, run):
    run(*TRADE)
    assert refused(command=("trade", "two.edn", "--session", "2024-03-06")) == ["other-account"]


def test_case_15_an_account_that_was_reset_is_not_the_journals_any_more(here, refused, run):
    run(*TRADE)
    assert run("paper", "reset", "--force").exit_code == 0
    assert refused() == ["other-account"]
    assert "the account of the journal is PAPER-1, not PAPER-2" in run(*TRADE).stderr


def test_case_44_a_clock_that_is_set_while_the_program_runs_is_refused(here, refused, monkeypatch):
    uptime, hours = system_clock.time.clock_gettime, iter(range(1, 10**6))
    monkeypatch.setattr(
        system_clock.time, "clock_gettime", lambda clock: uptime(clock) + 3600 * next(hours)
    )
    assert refused() == ["clock-jumped"]


@pytest.mark.parametrize("seconds", [301, -301])
def test_case_44_a_clock_that_is_not_the_brokers_is_refused(fake_broker, refused, seconds):
    fake_broker("paper", f"settings.skew_seconds = {seconds}", "settings.live = false")
    assert refused() == ["clock-skew"]


@pytest.mark.parametrize(
    ("mode", "broker", "words", "missing"),
    [
        ("paper", (), (), {"mode", "--live", "broker.account"}),
        ("live", (), (), {"--live", "broker.account"}),
        ("paper", (), ("--live",), {"mode", "broker.account"}),
        ("paper", ('account = "LIVE-7"',), (), {"mode", "--live"}),
        ("live", (), ("--live",), {"broker.account"}),
        ("live", ('account = "LIVE-7"',), (), {"--live"}),
        ("paper", ('account = "LIVE-7"',), ("--live",), {"mode"}),
    ],
)
def test_a_live_account_without_its_three_confirmations_is_refused(
    fake_broker, refused, run_json, mode, broker, words, missing
):
    fake_broker(mode, *broker)
    assert refused(*words) == ["live-not-confirmed"] * len(missing)
    problems = run_json(*TRADE, *words, code=4)["problems"]
    assert {problem["where"] for problem in problems} == missing


def test_a_live_account_with_all_three_confirmations_is_traded(fake_broker, run_json):
    fake_broker("live", 'account = "LIVE-7"')
    found = run_json(*TRADE, "--live")
    assert (found["outcome"], found["live"], found["account"]) == ("complete", True, "LIVE-7")


@pytest.mark.parametrize("there", ["", "max_order_value", "max_day_value"])
def test_security_s6_a_live_account_without_limits_in_dollars_is_refused(
    fake_broker, refused, run_json, there
):
    limits = (f'[risk]\n{there} = "90000"',) if there else ()
    missing = {f"risk.{name}" for name in ("max_order_value", "max_day_value") if name != there}
    fake_broker("live", 'account = "LIVE-7"', limits=limits)
    assert refused("--live") == ["live-without-limits"] * len(missing)
    problems = run_json(*TRADE, "--live", code=4)["problems"]
    assert {problem["where"] for problem in problems} == missing
    assert refused("--live", "--dry-run") == ["live-without-limits"] * len(missing)


@pytest.mark.parametrize(
    ("setting", "code"),
    [("max_order_value", "order-value-above-limit"), ("max_day_value", "day-value-above-limit")],
)
def test_security_s6_a_live_account_trades_no_more_than_its_limits(
    fake_broker, refused, setting, code
):
    dollars = {"max_order_value": "90000", "max_day_value": "90000"} | {setting: "100"}
    limits = "\n".join(["[risk]", *(f'{name} = "{limit}"' for name, limit in dollars.items())])
    fake_broker("live", 'account = "LIVE-7"', limits=(limits,))
    assert code in refused("--live")


def test_a_live_account_is_not_traded_on_the_sample_market(fake_broker, refused):
    fake_broker("live", 'account = "LIVE-7"')
    assert refused("--live", "--data", "sample") == ["live-on-synthetic"]


def test_another_live_account_than_the_one_that_is_named_is_refused(fake_broker, refused):
    fake_broker("live", 'account = "LIVE-8"')
    assert refused("--live") == ["other-account"]


def test_the_paper_account_is_never_traded_as_live(here, refused):
    assert refused("--live") == ["paper-in-live-mode"]


def test_a_kill_switch_is_told_and_ends_with_6(here, refused):
    Path(f"{JOURNAL}.halt").write_text("gone fishing")
    assert refused(code=6) == ["halted"]


def test_missing_bars_end_with_3(here, refused):
    (here / "empty").mkdir()
    assert len(refused("--data", "empty", code=3)) == 1
    late = ("trade", "one.edn", "--session", "2024-03-04")
    assert len(refused(code=3, command=late)) == 1


def test_a_day_that_is_no_session_is_refused(here, refused):
    saturday = ("trade", "one.edn", "--session", "2024-03-09")
    assert refused(command=saturday) == ["no-such-session"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('[broker]\nname = "papre"\n', "did you mean 'paper'?"),
        ('[trading]\ncalendar = "XNSY"\n', "did you mean 'XNYS'?"),
        ('[[notify]]\nname = "lgo"\n', "did you mean 'log'?"),
        ('[execution]\ntactic = "progresive-limit"\n', "progressive-limit"),
        ("[risk]\nmax_ordres = 3\n", "did you mean 'max_orders'?"),
    ],
)
def test_a_name_that_there_is_not_ends_with_2_and_a_suggestion(here, refused, run, lines, said):
    with Path("alchemiser.toml").open("a") as file:
        file.write(lines)
    assert len(refused(code=2)) == 1
    assert said in run(*TRADE).stderr


def test_all_names_that_there_are_not_are_told_at_once(here, refused):
    with Path("alchemiser.toml").open("a") as file:
        file.write('[broker]\nname = "x"\n[trading]\ncalendar = "x"\n[[notify]]\nname = "x"\n')
    assert len(refused(code=2)) == 3


def test_a_target_that_there_is_not_ends_with_2(here, run):
    assert run("trade", "klmm").exit_code == 2
    assert run("trade", "--session", "tomorrow", "one.edn").exit_code == 2


def test_a_plan_beyond_a_limit_is_refused_as_a_whole(here, refused):
    with Path("alchemiser.toml").open("a") as file:
        file.write("[risk]\nmax_order_value = 10\nmax_weight = 0.2\n")
    assert len(refused()) >= 2


@pytest.mark.parametrize("option", ["--config", "--data", "--journal"])
def test_the_folder_of_a_user_whom_nobody_knows_is_refused_in_words(market, run, option):
    result = run("trade", option, "~nosuchuser/x")
    assert result.exit_code in (2, 4), result.output
    assert "~nosuchuser/x" in result.stderr
