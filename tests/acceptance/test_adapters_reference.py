"""The reference names what adapters, simulator and bar store have: settings, faults, paths."""

import re
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from pathlib import Path

import pytest
from attrs import NOTHING, fields

from alchemiser_alpaca.orders.statuses import STATUSES
from alchemiser_alpaca.settings import (
    AlpacaBrokerSettings,
    AlpacaCalendarSettings,
    AlpacaDataSettings,
)
from alchemiser_alpaca.simulator.exchange.switches import Switches
from alchemiser_alpaca.simulator.faults.plan import KINDS
from alchemiser_alpaca.simulator.faults.when import When
from alchemiser_alpaca.simulator.http.application import _routes
from alchemiser_alpaca.simulator.settings import SimulatorSettings
from alchemiser_app.bar_store.factory import StoreSettings
from alchemiser_twelvedata.settings import TwelveDataSettings

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
IN_EVERY_FAULT = ("at", "times")


def section(page: str, title: str) -> str:
    """What stands under a title, up to the next one of its kind."""
    text = (REFERENCE / page).read_text(encoding="utf-8")
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def rows(page: str, title: str, heading: str) -> Iterator[list[str]]:
    """The cells of the tables in a section whose first column has that heading."""
    tables = re.findall(
        rf"^\| {heading} \|.*\n\|[-|]+\n((?:\|.*\n)+)", section(page, title), re.MULTILINE
    )
    for row in "".join(tables).splitlines():
        yield [cell.strip() for cell in row.strip("|").split("|")]


def named(cell: str) -> list[str]:
    """What a cell has in code."""
    return re.findall(r"`([^`]+)`", cell)


def as_shown(value: object) -> str | None:
    """How a page shows a default; `None` where it says it in words."""
    if value is NOTHING:
        return "required"
    match value:
        case bool():
            return str(value).lower()
        case Enum():
            return f"`{value.value}`"
        case int() | float() | Decimal():
            return f"{Decimal(str(value)).normalize():f}"
        case str() if value:
            return f"`{value}`"
        case _:
            return None


SETTINGS = [
    ("alpaca.md", "Broker `alpaca`", "setting", AlpacaBrokerSettings),
    ("alpaca.md", "Data feed `alpaca`", "setting", AlpacaDataSettings),
    ("alpaca.md", "Calendar `alpaca`", "setting", AlpacaCalendarSettings),
    ("bar-store.md", "Settings of the feed", "setting", StoreSettings),
    ("twelvedata.md", "Data feed `twelvedata`", "setting", TwelveDataSettings),
    ("simulator.md", "Settings", "setting", SimulatorSettings),
    ("simulator.md", "Switches", "switch", Switches),
]


@pytest.mark.parametrize(
    ("page", "title", "heading", "settings"), SETTINGS, ids=[each[3].__name__ for each in SETTINGS]
)
def test_every_setting_is_explained_with_its_default_and_no_other(page, title, heading, settings):
    shown = [(named(name)[0], default) for name, default, _ in rows(page, title, heading)]
    assert [name for name, _ in shown] == [field.name for field in fields(settings)]
    defaults = {field.name: as_shown(field.default) for field in fields(settings)}
    assert {n: d for n, d in shown if defaults[n] is not None} == {
        name: default for name, default in defaults.items() if default is not None
    }


def test_every_fault_is_explained_with_its_parameters_and_no_other():
    explained = {named(name)[0]: (named(cell), times) for name, cell, times, _ in faults()}
    assert explained == {
        kind: (
            [f.name for f in fields(fault) if f.init and f.name not in IN_EVERY_FAULT],
            str(fault.usual_times),
        )
        for kind, fault in KINDS.items()
    }


def test_the_defaults_of_the_parameters_of_faults_are_right():
    for name, cell, _, _ in faults():
        shown = dict(re.findall(r"`(\w+)` ([\w.]+)", cell))
        defaults = {f.name: as_shown(f.default) for f in fields(KINDS[named(name)[0]])}
        for parameter, value in shown.items():
            wanted = defaults[parameter]
            assert wanted is None or wanted.strip("`") == value, (name, parameter)


def faults() -> Iterator[list[str]]:
    return rows("simulator.md", "Faults", "fault")


def test_every_condition_of_a_fault_is_explained_and_no_other():
    shown = [named(name)[0] for name, *_ in rows("simulator.md", "Faults", "condition")]
    assert shown == [field.name for field in fields(When) if field.default is not NOTHING]


@pytest.mark.parametrize(("title", "of_control"), [("Endpoints", False), ("Control", True)])
def test_every_path_that_is_served_is_explained_and_no_other(title, of_control):
    shown = {
        (method.strip(), named(path)[0])
        for methods, path, *_ in rows("simulator.md", title, "method")
        for method in methods.split(",")
    }
    served = {
        (method, route.path.replace(":path}", "}"))
        for route in _routes(SimulatorSettings(), None, None, None, None)
        for method in route.methods - {"HEAD"}
        if route.path.startswith("/simulator") is of_control
    }
    assert shown == served


def test_every_status_is_mapped_on_the_page_as_in_the_code():
    shown = {
        word: named(ours)[0]
        for theirs, ours in rows("alpaca.md", "States of an order", "Alpaca says")
        for word in named(theirs)
    }
    assert shown == {word: status.value for word, status in STATUSES.items()}
