"""What the settings mean to planning, and that none of them is silent or unread."""

import ast
from decimal import Decimal
from pathlib import Path

import pytest

from alchemiser_core.config.capital import Capital, read_capital
from alchemiser_core.config.checks import SettingError
from alchemiser_core.config.layers import Text
from alchemiser_core.config.reference import reference_page, settings_of
from alchemiser_core.config.settings import CostSettings, PlanningSettings, Settings
from alchemiser_core.domain.money import Usd
from alchemiser_core.domain.symbol import Symbol

ROOT = Path(__file__).resolve().parents[4]
SETTINGS = tuple(settings_of(Settings))


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.path)
def test_every_setting_is_documented(setting):
    assert setting.doc.endswith(".")
    assert setting.kind


def test_the_reference_is_the_one_in_the_documentation():
    page = ROOT / "docs" / "reference" / "configuration.md"
    assert page.read_text(encoding="utf-8") == reference_page()


def test_the_reference_has_a_row_for_every_setting_with_rule_default_and_variable():
    page = reference_page()
    assert "## `[[portfolio.strategies]]`" in page
    assert "## `[strategies.NAME]`" in page
    assert (
        "| `cash_buffer` | exact number | `0` | Part of the investable equity that stays in cash."
        " It has to be between 0 and 1. `ALCHEMISER_PLANNING__CASH_BUFFER` |"
    ) in page
    assert "| `share` | exact number | required |" in page
    assert page.count("\n| `") == len(SETTINGS)


def test_lesson_every_setting_is_read_by_code():
    definitions = set(ROOT.glob("packages/core/src/alchemiser_core/config/*settings.py"))
    read: set[str] = set()
    for path in ROOT.glob("packages/*/src/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Attribute(value=ast.Name(id="self"), attr=name) if path in definitions:
                    read.add(name)
                case ast.Attribute(attr=name) if path not in definitions:
                    read.add(name)
                case ast.Constant(
                    value="parameters" | "settings" | "calendar_settings" as name
                ) if path not in definitions:
                    read.add(name)
    assert {s.path for s in SETTINGS if s.path.rpartition(".")[2] not in read} == set()


def test_no_two_settings_share_an_environment_variable():
    variables = [setting.variable for setting in SETTINGS if setting.variable]
    assert len(variables) == len(set(variables))


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("all", "0"),
        ("60 %", "40000"),
        ("60%", "40000"),
        ("100 %", "0"),
        ("0.5 %", "99500"),
        (30_000, "70000"),
        (Decimal("30000.50"), "69999.50"),
        (Text("30000"), "70000"),
        (250_000, "0"),
    ],
)
def test_capital_says_how_much_equity_is_left_alone(value, kept):
    assert read_capital(value).kept_back(Decimal(100_000)) == Decimal(kept)


@pytest.mark.parametrize(
    "value", ["", "half", "0 %", "101 %", "-5", 0.5, Decimal("0.6"), 0, True, None, [1], "٥ %"]
)
def test_what_is_no_capital_is_refused(value):
    with pytest.raises(SettingError):
        read_capital(value)


@pytest.mark.parametrize("text", ["all", "60 %", "12.5 %", "30000"])
def test_capital_is_shown_as_it_is_written(text):
    assert str(read_capital(text)) == text


def test_the_constraints_of_a_plan_come_from_the_settings():
    spy = Symbol("SPY")
    planning = PlanningSettings(
        capital=Capital(fraction=Decimal("0.6")),
        reserve_cash=Usd(Decimal(500)),
        cash_buffer=Decimal("0.02"),
        cap=Decimal("0.5"),
        caps={spy: Decimal("0.3")},
        denied=frozenset({Symbol("FNGU")}),
        unmanaged=frozenset({Symbol("AAPL")}),
    )
    found = planning.constraints(Decimal(100_000))
    assert found.reserve_cash == 40_500
    assert (found.cash_buffer, found.cap, found.caps[spy]) == (
        Decimal("0.02"),
        Decimal("0.5"),
        Decimal("0.3"),
    )
    assert found.denied == {"FNGU"}
    assert found.unmanaged == {"AAPL"}


def test_the_rules_of_a_plan_come_from_the_settings():
    planning = PlanningSettings(minimum_trade=Usd(Decimal(25)), drift_band=Decimal("0.01"))
    costs = CostSettings(cost_bps=Decimal(2), slippage_bps=Decimal(3))
    rules = planning.rules({}, costs, Decimal(1000))
    assert (rules.minimum_trade, rules.drift_band) == (25, Decimal("0.01"))
    assert rules.costs.rate == Decimal("0.0005")


def test_a_rule_holds_too_where_settings_are_made_in_python():
    with pytest.raises(ValueError, match="the value is 2"):
        PlanningSettings(cash_buffer=Decimal(2))
