"""Which values in the tables of plugins `config show` may repeat."""

import json

import pytest
from typer.testing import CliRunner

from alchemiser_app.cli.main import app

CANARY = "tok-canary-33ef-0123456789"

CONFIGURATION = f"""
[data]
feed = "files"
settings.folder = "bars"
settings.api_key = "{CANARY}"
[broker.settings]
cash = 5000
reject = ["SPY"]
secret = "{CANARY}"
[[notify]]
name = "file"
settings.path = "alerts.jsonl"
settings.token = "{CANARY}"
[[secrets]]
name = "env-file"
settings.file = "keys.env"
settings.key = "{CANARY}"
[strategies.klm.parameters]
overbought = 80
nova.vix-gate = "UVXY"
password = "{CANARY}"
[strategies.fixed.parameters]
stocks = "SPY"
password = "{CANARY}"
[strategies."rules/mine.edn".parameters]
stocks = ["SPY", "TLT"]
api = "{CANARY}"
"""


@pytest.fixture
def shown(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ALCHEMISER_CONFIG", raising=False)

    def values(text: str) -> dict[str, str]:
        (tmp_path / "alchemiser.toml").write_text(text)
        done = CliRunner().invoke(app, ["config", "show", "--json"])
        assert done.exit_code == 0, done.output
        plain = CliRunner().invoke(app, ["config", "show"])
        assert CANARY not in done.output + plain.output
        return {row["path"]: row["value"] for row in json.loads(done.stdout)["settings"]}

    return values


def test_security_s4_settings_of_plugins_are_shown_and_what_is_none_is_masked(shown):
    found = shown(CONFIGURATION)
    known = {
        "data.settings.folder": "bars",
        "broker.settings.cash": "5000",
        "broker.settings.reject": "[SPY]",
        "notify[0].settings.path": "alerts.jsonl",
        "secrets[0].settings.file": "keys.env",
        "strategies.klm.parameters.overbought": "80",
        "strategies.klm.parameters.nova.vix-gate": "UVXY",
    }
    assert {path: found[path] for path in known} == known
    masked = {path for path, value in found.items() if value == "***"}
    assert {
        "data.settings.api_key",
        "broker.settings.secret",
        "notify[0].settings.token",
        "secrets[0].settings.key",
        "strategies.klm.parameters.password",
        "strategies.fixed.parameters.password",
    } <= masked


def test_security_s4_of_a_plugin_that_is_not_there_nothing_is_known(shown):
    found = shown('[broker]\nname = "nobody"\nsettings.account = "A-1"\nsettings.deep.key = "x"\n')
    assert found["broker.settings.account"] == "***"
    assert found["broker.settings.deep.key"] == "***"


def test_without_open_tables_no_plugin_is_asked(shown):
    assert shown("")["broker.settings"] == "{}"
