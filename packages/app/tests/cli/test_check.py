"""`alchemiser check indicators`, and the same beside the orders of `trade`, as a user meets it."""

import json
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve
from returns.result import Failure

from alchemiser_app.composition import Invocation
from alchemiser_app.container import assemble
from alchemiser_app.journal.opening import open_journal
from alchemiser_core.domain.journal.events import AlertRaised, CycleClosed, OrderIntended
from alchemiser_core.domain.problem import Problem
from alchemiser_core.plugins import BuildError
from alchemiser_core.ports.market_data import BarRequest

CONFIGURATION = """
[data]
feed = "files"
settings.folder = "bars"
second.feed = "second"
checks.second_symbols = 0
[[notify]]
name = "file"
settings.path = "alerts.jsonl"
[[portfolio.strategies]]
strategy = "one.edn"
share = "0.6"
[[portfolio.strategies]]
strategy = "two.edn"
share = "0.4"
"""
DAY, DECIDED = "2024-03-07", "2024-03-06"
CHECKS = Path("alchemiser-journal.db.checks")


@pytest.fixture
def vendor(market, monkeypatch):
    """The module of the second vendor, installed as an installer would; its bars are ours."""
    info = market / "site" / "second-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: second\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[alchemiser]\nsecond = second_vendor_of_tests\n")
    source = Path(__file__).with_name("second_vendor_plugin.py").read_text(encoding="utf-8")
    (market / "site" / "second_vendor_of_tests.py").write_text(source)
    monkeypatch.syspath_prepend(str(market / "site"))
    monkeypatch.delitem(sys.modules, "second_vendor_of_tests", raising=False)
    import second_vendor_of_tests as module

    (market / "alchemiser.toml").write_text(CONFIGURATION)
    feed = assemble(Invocation(data=str(market / "bars"))).feed().unwrap()
    module.HISTORY = feed.bars(BarRequest(("AAA", "BBB", "CCC"))).unwrap()
    yield module
    del sys.modules["second_vendor_of_tests"]


def with_close(module, day, by):
    """The vendor's close of AAA on a day is another one."""
    history = module.HISTORY
    close = np.array(history.close)
    row = int(np.flatnonzero(history.sessions == np.datetime64(day))[0])
    close[row, history.columns["AAA"]] *= by
    module.HISTORY = evolve(history, close=close)


def events(kind):
    with open_journal("alchemiser-journal.db", read_only=True).unwrap() as opened:
        return [e.event for e in opened.entries().unwrap() if isinstance(e.event, kind)]


def told():
    return [json.loads(line)["code"] for line in Path("alerts.jsonl").read_text().splitlines()]


# --- on demand ----------------------------------------------------------------------------------


def test_both_vendors_agree(run, vendor):
    result = run("check", "indicators", "--as-of", DECIDED)
    assert result.exit_code == 0, result.output
    assert f"indicators at the close of {DECIDED}, here and by second" in result.stdout
    assert "indicators by second: 1 compared, 1 within the limits, 0 would flip" in result.stdout
    assert vendor.BUILT[-1].closed == [True]
    assert not CHECKS.exists()


def test_a_difference_that_flips_the_decision_is_shown_and_strict_ends_with_3(
    run, run_json, vendor
):
    with_close(vendor, DECIDED, 1.03)
    result = run("check", "indicators", "one.edn", "--as-of", DECIDED)
    assert result.exit_code == 0
    assert "current-price of AAA" in result.stdout
    assert "FLIPS" in result.stdout
    words = " ".join(result.stdout.split())
    assert "one: current-price of AAA > 101 is no here and yes there" in words
    assert result.stderr == "warning: second does not bear out the decision\n"
    answer = run_json("check", "indicators", "one.edn", "--as-of", DECIDED, "--strict", code=3)
    (found,) = answer["indicators"]
    assert (found["symbol"], found["verdict"], found["flips"]) == ("AAA", "differs", True)
    assert [alert["code"] for alert in answer["alerts"]] == [
        "decision-would-differ",
        "indicators-differ",
    ]
    assert (answer["exit_code"], answer["problems"]) == (3, [])


def test_a_vendor_that_has_nothing_ends_the_command_with_3(run_json, vendor):
    vendor.HISTORY = vendor.HISTORY.rows(0, 2)
    answer = run_json("check", "indicators", "--as-of", DECIDED, code=3)
    assert answer["indicators"][0]["verdict"] == "not there yet"
    assert answer["alerts"] == []
    assert [problem["code"] for problem in answer["problems"]] == ["second-vendor-silent"]


def test_a_vendor_that_raises_is_a_problem_with_its_name(run_json, vendor):
    vendor.BEFORE = lambda: 1 / 0
    answer = run_json("check", "indicators", "--as-of", DECIDED, code=3)
    codes = [problem["code"] for problem in answer["problems"]]
    assert codes == ["feed-failed", "second-vendor-silent"]
    assert "ZeroDivisionError" in answer["problems"][0]["why"]


def test_without_a_second_vendor_it_says_how_one_is_had(run_json, market):
    answer = run_json("check", "indicators", code=2)
    (problem,) = answer["problems"]
    assert (problem["code"], problem["where"]) == ("no-second-feed", "data.second.feed")


def test_a_strategy_without_indicators_has_nothing_to_compare(run, vendor):
    result = run("check", "indicators", "sixty-forty", "--data", "sample")
    assert result.exit_code == 0, result.output
    assert "sixty-forty names no indicator of a symbol" in result.stdout
    assert result.stdout.splitlines()[-1] == "indicators by second: nothing to compare"


# --- beside the orders --------------------------------------------------------------------------


def test_trade_checks_its_decision_and_files_the_report(run, vendor):
    result = run("trade", "--session", DAY)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[-1] == "indicators by second: 1 compared, 1 within the limits, 0 would flip"
    filed = json.loads((CHECKS / f"{DECIDED}.json").read_text())
    assert filed["indicators"][0]["verdict"] == "within"
    assert [e for e in events(AlertRaised) if e.alert.code.startswith(("indi", "deci"))] == []
    assert [each.closed for each in vendor.BUILT if each.requests] == [[True]]


def test_what_differs_is_an_alert_after_the_cycle_is_closed(run, run_json, vendor):
    with_close(vendor, DECIDED, 1.03)
    answer = run_json("trade", "--session", DAY)
    codes = [alert["code"] for alert in answer["alerts"]]
    assert codes[-2:] == ["decision-would-differ", "indicators-differ"]
    assert answer["indicators"]["outcomes"][0]["flips"]
    assert answer["exit_code"] == 0
    order = [type(event) for event in events((CycleClosed, AlertRaised))]
    assert order[-3:] == [CycleClosed, AlertRaised, AlertRaised]
    assert told()[-2:] == ["decision-would-differ", "indicators-differ"]
    assert "is no here and yes there" in " ".join(run("status").stdout.split())


def test_a_vendor_that_hangs_holds_up_no_order(run, vendor, monkeypatch):
    """It answers only when the whole cycle is over: every order was sent before."""
    closed = threading.Event()
    waited = []

    def hang():
        waited.append(closed.wait(30))

    vendor.BEFORE = hang
    from alchemiser_app.cli import checking

    def collected(self, patience):
        assert [type(event) for event in events((OrderIntended, CycleClosed))][-1] is CycleClosed
        assert events(OrderIntended)
        assert waited == []
        closed.set()

    monkeypatch.setattr(checking.CheckLines, "checking", collected)
    result = run("trade", "--session", DAY)
    assert result.exit_code == 0, result.output
    assert waited == [True]
    assert "1 compared, 1 within the limits" in result.stdout


def floods():
    sys.stdout.write("x" * 100_000 + "\n")
    raise ValueError("y" * 100_000)


def hangs():
    threading.Event().wait(3)


def ends():
    raise SystemExit(7)


@pytest.mark.parametrize("hostile", [floods, hangs, ends])
def test_whatever_the_vendor_does_the_same_orders_are_sent(run, vendor, hostile):
    settings = CONFIGURATION + "[check.indicators]\npatience_seconds = 0\n"
    Path("alchemiser.toml").write_text(settings.replace('second.feed = "second"\n', ""))
    assert run("trade", "--session", DAY).exit_code == 0
    before = story()
    for path in (*Path().glob("alchemiser-journal*"), *Path().glob("paper.db*")):
        path.unlink()
    vendor.BEFORE = hostile
    Path("alchemiser.toml").write_text(settings)
    result = run("trade", "--session", DAY)
    assert result.exit_code == 0, result.output
    assert story() == before
    assert len(before) > 10
    assert "complete: everything that was planned is filled" in result.stdout


def story():
    """Every event of the journal, and the orders among them."""
    return [
        (type(e).__name__, *((e.request.symbol, e.request.quantity) if is_order else ()))
        for e in events(object)
        for is_order in [isinstance(e, OrderIntended)]
    ]


@pytest.mark.parametrize(
    "setting", ["", "[check.indicators]\nbackground = false\n"], ids=["none", "off"]
)
def test_without_a_second_vendor_or_switched_off_nothing_happens(run, vendor, setting):
    text = CONFIGURATION + setting
    if not setting:
        text = text.replace('second.feed = "second"\n', "")
    Path("alchemiser.toml").write_text(text)
    result = run("trade", "--session", DAY)
    assert result.exit_code == 0
    assert "indicators" not in result.output
    assert not CHECKS.exists()
    assert all(not each.requests for each in vendor.BUILT)


def test_a_dry_run_asks_nobody(run, vendor):
    result = run("trade", "--session", DAY, "--dry-run")
    assert result.exit_code == 0
    assert "indicators" not in result.output
    assert all(not each.requests for each in vendor.BUILT)


def test_a_second_vendor_that_cannot_be_built_meanwhile_is_a_warning(run, vendor, monkeypatch):
    sound, gone = vendor.build, Failure(BuildError((Problem("no-key", "there is no key"),)))
    monkeypatch.setattr(vendor, "build", lambda *given: gone if vendor.BUILT else sound(*given))
    result = run("trade", "--session", DAY)
    assert result.exit_code == 0
    assert "warning: the indicators were not checked" in result.stderr
    assert "there is no key" in result.stderr
    assert not CHECKS.exists()


def test_reports_that_cannot_be_filed_are_a_warning(run, vendor):
    CHECKS.write_text("somebody else's file")
    result = run("trade", "--session", DAY)
    assert result.exit_code == 0
    assert "1 compared, 1 within the limits" in result.stdout
    assert "warning: alchemiser-journal.db.checks" in result.stderr.replace(
        str(Path().absolute()) + "/", ""
    )
