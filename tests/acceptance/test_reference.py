"""The reference names what there is: fields of the JSON objects, parameters, indicators."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from alchemiser_app.cli.main import app
from alchemiser_core.domain.measure import IndicatorKind
from alchemiser_core.symphony import parameters_of
from alchemiser_core.symphony.notation import FUNCTIONS
from alchemiser_strategies.shipped import shipped_symphony

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
NAME = re.compile(r"`([a-z][a-z0-9_-]*)`")


def section(page: str, title: str) -> str:
    """What stands under a title, up to the next one of its kind."""
    text = (REFERENCE / page).read_text(encoding="utf-8")
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def answer_of(*words: str):
    done = CliRunner().invoke(app, [*words, "--data", "sample", "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "command", [("decide", "tecl"), ("plan", "tecl"), ("backtest", "tecl")], ids=lambda c: c[0]
)
def test_every_field_of_an_answer_is_explained_and_no_other(command):
    assert explained_fields(command[0]) == set(answer_of(*command))


DATA_COMMANDS = {
    "data sync": ("SPY", "--from", "sample", "--store", "bars"),
    "data info": ("--data", "bars"),
    "data check": ("--data", "bars"),
    "data gaps": ("--data", "bars"),
    "data export": ("--store", "bars", "--to", "csv"),
    "data import": ("csv", "--store", "copy"),
}


@pytest.fixture(scope="module")
def data_answers(tmp_path_factory):
    """The answers of the commands for bars, one after the other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("data"))
        patch.delenv("ALCHEMISER_CONFIG", raising=False)
        return {
            name: plain_answer_of(*name.split(), *words) for name, words in DATA_COMMANDS.items()
        }


@pytest.mark.parametrize("command", DATA_COMMANDS)
def test_every_field_of_an_answer_about_bars_is_explained_and_no_other(data_answers, command):
    assert explained_fields(command) == set(data_answers[command])


def explained_fields(command: str) -> set[str]:
    """What the table of a command's object names."""
    table = section("json.md", f"`{command} --json`").partition("| field | value |")[2]
    rows = [line.split("|")[1] for line in table.partition("\n\n")[0].splitlines() if "`" in line]
    return {name for cell in rows for name in NAME.findall(cell)}


@pytest.fixture(scope="module")
def account(tmp_path_factory):
    """The answers of the commands that an account is traded and looked after with."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("account"))
        patch.delenv("ALCHEMISER_CONFIG", raising=False)
        trading = {name: answer_of(name, "klm") for name in ("trade", "reconcile")}
        looking = {name: plain_answer_of(name) for name in ("status", "history", "halt", "resume")}
        return {**trading, **looking}


def plain_answer_of(*words: str):
    done = CliRunner().invoke(app, [*words, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.mark.parametrize("command", ["trade", "status", "history", "reconcile", "halt"])
def test_every_field_of_an_answer_about_an_account_is_explained_and_no_other(account, command):
    assert explained_fields(command) == set(account[command])


def test_resuming_answers_as_halting_does(account):
    assert set(account["resume"]) == set(account["halt"])


def test_the_fields_of_a_cycle_and_of_an_order_are_explained(account):
    (cycle,) = account["history"]["cycles"]
    assert set(cycle) <= set(NAME.findall(section("json.md", "`history --json`")))
    order = cycle["orders"][0]
    assert set(order) <= set(NAME.findall(section("json.md", "`trade --json`")))
    assert account["trade"]["orders"] == cycle["orders"]


def test_the_fields_of_books_and_holdings_are_explained(account):
    status = account["status"]
    named = set(NAME.findall(section("json.md", "`status --json`")))
    (book,) = status["books"].values()
    assert set(book) - {"share"} <= set(status)
    assert {"share", *status["last_cycle"], *status["holdings"][0]} <= named


@pytest.mark.parametrize("name", ["nuclear", "tecl"])
def test_the_parameters_of_a_symphony_are_listed(name):
    listed = section("strategies.md", name).partition("Parameters:")[2].partition("\n\n")[0]
    there = parameters_of(shipped_symphony(name).unwrap())
    assert set(NAME.findall(listed)) == {known for known in there if "." not in known}


def test_the_parameters_named_of_klm_exist():
    named = section("strategies.md", "klm").partition("Parameters set everywhere:")[2]
    there = parameters_of(shipped_symphony("klm").unwrap())
    everywhere = set(NAME.findall(named.partition(". In one variant")[0]))
    plain = {known for known in there if "." not in known}
    assert everywhere == {known for known in plain if not known.startswith("scale-in-")}
    assert set(re.findall(r"`([a-z0-9-]+\.[a-z-]+)`", named)) <= set(there)


def test_every_indicator_is_defined_under_both_its_names():
    table = (REFERENCE / "indicators.md").read_text(encoding="utf-8")
    assert {kind.value for kind in IndicatorKind} | set(FUNCTIONS) <= set(NAME.findall(table))
