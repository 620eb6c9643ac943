"""Parameters that a strategy declares itself."""

from decimal import Decimal

import pytest

from alchemiser_core.config.checks import SettingError
from alchemiser_core.config.layers import Text
from alchemiser_core.config.strategy_parameters import read_parameters
from alchemiser_core.symphony.ast import Asset


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (80, 80.0),
        (Decimal("79.5"), 79.5),
        (Text("79.5"), 79.5),
        ("uvxy", "UVXY"),
        (["SQQQ", "TLT"], ("SQQQ", "TLT")),
        ("nil", None),
        ('(asset "TQQQ")', Asset("TQQQ")),
    ],
)
def test_values_are_numbers_symbols_lists_blocks_or_nil(raw, value):
    assert read_parameters({"name": raw}).values == {"name": value}


def test_names_are_kebab_case_and_tables_name_parts():
    found = read_parameters({"risk_on": "SPY", "nova": {"vix_gate": "UVXY"}}).values
    assert found == {"risk-on": "SPY", "nova.vix-gate": "UVXY"}


@pytest.mark.parametrize("raw", [True, "two words", [1], '(asset "x'])
def test_what_is_no_parameter_is_refused(raw):
    with pytest.raises(SettingError):
        read_parameters({"name": raw})


def test_parameters_are_a_table():
    with pytest.raises(SettingError, match="is not a table of parameters"):
        read_parameters("overbought=80")


def test_security_s4_a_long_text_that_is_no_parameter_is_not_repeated():
    with pytest.raises(SettingError) as refused:
        read_parameters({"api_key": "PK-canary-0001"})
    assert "api-key" in refused.value.what
    assert "canary" not in f"{refused.value.what} {refused.value.why} {refused.value.hint}"
