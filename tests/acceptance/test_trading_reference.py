"""The reference names everything that trading writes and says: events, states, codes."""

import ast
import json
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest
from attrs import fields
from typer.testing import CliRunner

from alchemiser_app.cli.main import app
from alchemiser_app.feeds.factories import FilesSettings, SampleSettings
from alchemiser_app.journal.database_errors import Trouble
from alchemiser_app.notifying.factories import CommandNotifierSettings, FileNotifierSettings
from alchemiser_app.paper.settings import PaperSettings
from alchemiser_app.timekeeping.calendar_settings import ExchangeCalendarSettings
from alchemiser_core.domain.journal.codec import kinds
from alchemiser_core.domain.journal.events import CycleOutcome, LineEnd
from alchemiser_core.domain.orders.report import OrderStatus
from alchemiser_core.domain.risk import breach
from alchemiser_core.execution.ending import _TOLD
from alchemiser_core.execution.progress import Stage
from alchemiser_core.services.reconciliation.discrepancies import DiscrepancyKind
from alchemiser_core.testing import conformance

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"
CODE = re.compile(r"[a-z]+(-[a-z]+)+|halted|unauthorised|interrupted")
SOURCES = [
    path
    for package in ("core", "app", "strategies", "adapters-alpaca")
    for path in sorted(ROOT.glob(f"packages/{package}/src/**/*.py"))
    if "testing" not in path.parts
    if path.parts[-2:-1] != ("faults",) or "alchemiser_alpaca" in path.parts
]
"""Everything that a command can run; what is made only for tests says what it wants."""
TITLES = ("Alerts", "Refusals", "Discrepancies", "Other problems")
MAKERS = {"Alert": 0, "Halted": 0, "Problem": 0, "alert": 0, "refused": 0, "tell": 0, "Stopped": 0}
"""What makes something with a code, and at which place the code stands."""


def section(page: str, title: str) -> str:
    """What stands under a title, up to the next one of its kind."""
    text = (REFERENCE / page).read_text(encoding="utf-8")
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def listed(page: str, title: str) -> list[str]:
    """What the first cells of the tables in a section name."""
    return re.findall(r"^\| `([^`]+)` \|", section(page, title), re.MULTILINE)


def codes_in(path: Path) -> Iterator[str]:
    """Every code that a module gives in so many words."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = getattr(function, "id", getattr(function, "attr", ""))
        if name not in MAKERS:
            continue
        given = [k.value for k in node.keywords if k.arg == "code"] or node.args[:1]
        for value in given:
            if isinstance(value, ast.Constant) and CODE.fullmatch(str(value.value)):
                yield str(value.value)


def test_every_event_is_explained_and_no_other():
    assert sorted(listed("journal.md", "Events")) == sorted(kinds())


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Outcomes of a cycle", CycleOutcome),
        ("Ends of a line", LineEnd),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_every_word_of_the_journal_is_explained_and_no_other(title: str, kind: type[StrEnum]):
    assert sorted(listed("journal.md", title)) == sorted(kind)


def test_every_state_of_an_order_is_explained_and_no_other():
    assert sorted(listed("journal.md", "States of an order")) == sorted([*Stage, *OrderStatus])


def test_every_discrepancy_is_explained_and_whether_it_blocks():
    rows = re.findall(
        r"^\| `([^`]+)` \| (yes|no) \|", section("codes.md", "Discrepancies"), re.MULTILINE
    )
    assert dict(rows) == {kind.value: "yes" if kind.blocks else "no" for kind in DiscrepancyKind}


def test_the_severity_of_every_unfilled_line_is_right():
    rows = re.findall(r"^\| `([^`]+)` \| (\w+) \|", section("codes.md", "Alerts"), re.MULTILINE)
    told = {code: severity.value for code, severity in _TOLD.values()}
    assert {code: severity for code, severity in rows if code in told} == told


def test_every_breach_of_a_limit_is_explained():
    codes = {code.value for code in breach.LimitCode}
    codes |= {c.code for c in vars(breach).values() if isinstance(getattr(c, "code", None), str)}
    assert codes <= set(listed("codes.md", "Refusals"))


def test_every_trouble_with_a_journal_is_explained():
    assert {trouble.value for trouble in Trouble} <= set(listed("codes.md", "Refusals"))


def test_every_code_is_explained():
    known = {name for title in TITLES for name in listed("codes.md", title)}
    found = [(path.name, code) for path in SOURCES for code in codes_in(path)]
    assert [(name, code) for name, code in found if code not in known] == []


def test_codes_are_found_where_there_are_some():
    found = {code for path in SOURCES for code in codes_in(path)}
    assert {"stale-order", "halted", "paper-time-went-back", "clock-jumped", "late-fill"} <= found
    assert {"not-halted", "no-such-cycle", "plugin-import", "bad-toml", "wrong-setting"} <= found


def test_no_code_is_explained_that_nothing_gives():
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in ROOT.glob("packages/*/src/**/*.py")
        if "testing" not in path.parts
    )
    titles = set(TITLES) - {"Discrepancies"}
    explained = {code for title in titles for code in listed("codes.md", title)}
    assert {code for code in explained if f'"{code}"' not in text} == set()


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What the commands about a paper account answer, after one session."""
    commands = {
        "rehearse": "rehearse klm --data sample --from 2025-12-01 --to 2025-12-05 --json",
        "report drift": "report drift klm --data sample --json",
        "journal verify": "journal verify --json",
        "journal show": "journal show --last 1 --json",
        "paper show": "paper show --json",
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("account"))
        patch.delenv("ALCHEMISER_CONFIG", raising=False)
        traded = CliRunner().invoke(
            app, ["trade", "klm", "--data", "sample", "--session", "2025-07-01"]
        )
        assert traded.exit_code == 0, traded.output
        done = {name: CliRunner().invoke(app, line.split()) for name, line in commands.items()}
    assert {name: one.exit_code for name, one in done.items()} == dict.fromkeys(done, 0)
    return {name: json.loads(one.stdout) for name, one in done.items()}


@pytest.mark.parametrize("command", ["rehearse", "report drift", "journal verify", "paper show"])
def test_every_field_of_an_answer_is_explained_and_no_other(answers, command):
    table = section("json.md", f"`{command} --json`").partition("| field | value |")[2]
    rows = [line.split("|")[1] for line in table.partition("\n\n")[0].splitlines() if "`" in line]
    explained = {name for cell in rows for name in re.findall(r"`([a-z_]+)`", cell)}
    assert explained == set(answers[command])


def test_every_field_of_an_entry_of_the_journal_is_explained_and_no_other(answers):
    assert set(listed("journal.md", "An entry")) == set(answers["journal show"]["entries"][0])


def test_every_cause_of_drift_is_named(answers):
    text = section("json.md", "`report drift --json`")
    assert set(answers["report drift"]["parts"]) <= set(re.findall(r"`(\w+)`", text))


@pytest.mark.parametrize(
    ("title", "settings"),
    [
        ("Feed `files`", FilesSettings),
        ("Feed `sample`", SampleSettings),
        ("Broker `paper`", PaperSettings),
        ("Calendars `XNYS`, `XNAS`", ExchangeCalendarSettings),
        ("Notifier `file`", FileNotifierSettings),
        ("Notifier `command`", CommandNotifierSettings),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_every_setting_of_what_is_built_in_is_explained_and_no_other(title, settings):
    rows = section("built-in.md", title).splitlines()
    cells = [row.split("|")[1] for row in rows if row.startswith("| `")]
    named = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    assert named == [field.name for field in fields(settings)]


def test_every_conformance_suite_is_named():
    page = (ROOT / "docs" / "how-to" / "test-an-adapter.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    assert sorted(named) == sorted(conformance.__all__)


def test_every_layer_of_core_is_named_and_in_its_order():
    contract = (ROOT / ".importlinter").read_text(encoding="utf-8")
    layers = contract.partition("contract:core-layers]")[2].partition("layers =\n")[2]
    page = (ROOT / "docs" / "explanation" / "architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    assert named == layers.partition("\n\n")[0].split()
